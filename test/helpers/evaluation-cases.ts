import { readFileSync } from 'node:fs';
import type { JudgedLine } from '../../src/evaluate/judge/judge.js';
import type { MapRecord } from '../../src/results/line.js';
import type { PhotoTruth, TruthObject } from '../../src/truth/truth.js';
import { fixture } from './folders.js';
import { mapWith } from './found-run.js';

type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** A map with what other people's evaluators make of it. Corners are whole pixels, the last ones included. */
export interface EvaluationCase {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly grid: readonly [number, number];
  readonly map: readonly number[];
  readonly boxes: readonly Corners[];
  readonly wsol: Readonly<Record<'largest' | 'all', Readonly<Record<'0.2' | '0.5', readonly Corners[]>>>>;
  readonly paper: { readonly box: readonly number[]; readonly iou: number };
  readonly pointing: { readonly point: readonly number[]; readonly inside: boolean; readonly within15: boolean };
  readonly energy: number;
}

interface BestShare {
  readonly best: number;
  readonly threshold: number;
}

type Best = Readonly<Record<'iou30' | 'iou50' | 'iou70', BestShare>> & { readonly mean: number };

interface Reference {
  readonly cases: readonly EvaluationCase[];
  readonly MaxBoxAcc: Best;
  readonly MaxBoxAccV2: Best;
  readonly pointing: { readonly inside: number; readonly within15: number };
}

export const reference: Reference = JSON.parse(readFileSync(fixture('evaluation', 'localisation.json'), 'utf8'));

/** An object of a class at a box: left, top, right and bottom pixel, the last ones included. */
export const objectAt = (
  [left, top, right, bottom]: readonly number[],
  changed: Partial<TruthObject> = {},
): TruthObject => ({
  name: 'tench',
  class: 0,
  box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
  difficult: false,
  ...changed,
});

export const truthOf = ({ boxes }: EvaluationCase): PhotoTruth => ({ objects: boxes.map((box) => objectAt(box)) });

/** A map of these cells. */
export const recordOf = (
  grid: readonly [number, number],
  map: readonly number[],
  changed: Partial<MapRecord> = {},
): MapRecord => mapWith([], { grid, map, min: Math.min(...map), max: Math.max(...map), ...changed });

/** A photo that was squeezed into the network's input, with the maps of these classes, the first ones by rank. */
export const judgedLine = (
  photo: string,
  [width, height]: readonly [number, number],
  maps: readonly MapRecord[],
): JudgedLine => ({
  photo,
  width,
  height,
  orientation: 1,
  field: [0, 0, width, height],
  seen: [0, 0, width, height],
  predictions: maps.map(({ class: index, label, logit, score }) => ({ class: index, label, logit, score })),
  maps,
});

export const lineOfCase = ({ id, width, height, grid, map }: EvaluationCase): JudgedLine =>
  judgedLine(`${id}.jpg`, [width, height], [recordOf(grid, map)]);
