import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertOptions, Format, FoundRun } from '../../src/convert/format.js';
import { openRun } from '../../src/convert/run.js';
import type { ManifestLine, MapRecord, PhotoLine } from '../../src/results/line.js';
import { folderWith } from './runs.js';

export const classes = [
  'tench, Tinca tinca',
  'crane',
  'rocket',
  'crane',
  'maillot',
  'maillot, tank suit',
  'A < B & "C"',
];

/** A map of 4 x 6 cells in which these are 8 logits, and the others 0. */
export const mapWith = (cells: readonly number[], changed: Partial<MapRecord> = {}): MapRecord => ({
  class: 0,
  label: classes[0],
  logit: 5,
  score: 0.75,
  bias: 0,
  mean: 1,
  min: 0,
  max: 8,
  residual: 0,
  kind: 'exact',
  held: [],
  verdict: 'ok',
  grid: [4, 6],
  // Not all alike: a map that is flat points nowhere.
  map: Array.from({ length: 24 }, (_, i) => (cells.includes(i) ? 8 + Number(i === 0 && cells.length === 24) : 0)),
  range: [0, 8],
  files: [],
  ...changed,
});

/** A photo of 120 x 80 pixels whose cells cover all of it, 20 x 20 each. */
export const lineOf = (photo: string, changed: Partial<PhotoLine> = {}): PhotoLine => ({
  photo,
  width: 120,
  height: 80,
  seen: [0, 0, 120, 80],
  field: [0, 0, 120, 80],
  predictions: [{ class: 0, label: classes[0], logit: 5, score: 0.75 }],
  margin: 0.5,
  maps: [mapWith([1, 2])],
  files: [],
  milliseconds: 1,
  ...changed,
});

export const failed: ManifestLine = { photo: 'failed.jpg', error: { code: 'empty', message: 'The file is empty.' } };

const settings = {
  version: '0.1.0',
  model: { name: 'some-model', sha256: '0' },
  head: { kind: 'exact', layout: 'nchw' },
  labels: 'made up',
  classes,
  input: {},
  options: {},
  photos: '../photos',
};

/** A folder with a run of these lines, as they are or as text. @param options of the run, beside the usual ones. */
export const runFolder = (lines: readonly (ManifestLine | string)[], options: object = {}): string => {
  const given = { ...settings, options: { ...settings.options, ...options } };
  const folder = folderWith({ 'run.json': JSON.stringify(given) });
  const texts = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 'manifest.jsonl'), texts.join(''));
  return folder;
};

export const openLines = (lines: readonly (ManifestLine | string)[]): ReturnType<typeof openRun> =>
  openRun(runFolder(lines), undefined, new AbortController().signal);

export const nothingAsked: ConvertOptions = {
  masks: false,
  pixels: undefined,
  truth: undefined,
  mapClasses: undefined,
  ids: undefined,
  synsets: undefined,
  imageUrl: undefined,
};

/** Files that a format makes of a run, by name, and what it notes. */
export const filesOf = async (format: Format, run: FoundRun, options: Partial<ConvertOptions> = {}) => {
  const [files, notes]: [Map<string, Buffer>, string[]] = [new Map(), []];
  for await (const { name, content } of format.convert(run, { ...nothingAsked, ...options }, (note) =>
    notes.push(note),
  )) {
    const pieces: Buffer[] = [];
    if (typeof content === 'function') pieces.push(Buffer.from(await content()));
    else if (typeof content === 'string' || content instanceof Uint8Array) pieces.push(Buffer.from(content as string));
    // What a link leads to is not looked at.
    else if ('linkTo' in content) pieces.push(Buffer.from(content.linkTo));
    else for await (const piece of content) pieces.push(Buffer.from(piece as string));
    if (files.has(name)) throw new Error(`${name} is written twice.`);
    files.set(name, Buffer.concat(pieces));
  }
  return { files, notes };
};

/** Text of one of the files that a format makes of lines. */
export const textOf = async (
  format: Format,
  lines: readonly ManifestLine[],
  name: string,
  options: Partial<ConvertOptions> = {},
): Promise<string> => {
  const { files } = await filesOf(format, (await openLines(lines)).run, options);
  const file = files.get(name);
  if (file === undefined) throw new Error(`There is no ${name} among ${[...files.keys()].join(', ')}.`);
  return file.toString();
};
