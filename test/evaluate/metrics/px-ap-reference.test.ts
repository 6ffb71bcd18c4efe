import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scoreMap } from '../../../src/convert/formats/wsol.js';
import type { JudgedLine } from '../../../src/evaluate/judge/judge.js';
import { extentOf } from '../../../src/localise/plane.js';
import type { PhotoTruth, ScaledMask } from '../../../src/truth/truth.js';
import { resultOf } from '../../helpers/evaluated.js';
import { judgedLine, objectAt, recordOf } from '../../helpers/evaluation-cases.js';
import { fixture } from '../../helpers/folders.js';

type Size = readonly [width: number, height: number];
/** Rectangles: x, y, width, height, cut to the mask. */
type Shapes = readonly (readonly [number, number, number, number])[];

interface Case {
  readonly photo: Size;
  /** Of its masks. */
  readonly size: Size;
  readonly grid: readonly [number, number];
  /** In units of 1/512. */
  readonly cells512: readonly number[];
  readonly masks: readonly Shapes[];
  readonly ignored: Shapes;
  readonly PxAP: number;
  /** Some of the score map: place of the pixel, value. */
  readonly scores: readonly (readonly [number, number])[];
}

const { cases, PxAP }: { readonly cases: readonly Case[]; readonly PxAP: Readonly<Record<'asPhoto' | 'all', number>> } =
  JSON.parse(readFileSync(fixture('evaluation', 'px-ap.json'), 'utf8'));

const drawn = ([width, height]: Size, shapes: Shapes): ScaledMask => {
  const mask = new Uint8Array(width * height);
  for (const [x, y, w, h] of shapes) {
    for (let row = y; row < Math.min(height, y + h); row++)
      mask.fill(1, row * width + x, row * width + Math.min(width, x + w));
  }
  return { size: { width, height }, mask };
};

const lineOf = ({ photo, grid, cells512 }: Case, i: number): JudgedLine =>
  judgedLine(`${i}.jpg`, photo, [
    recordOf(
      grid,
      cells512.map((cell) => cell / 512),
    ),
  ]);

const truthOf = ({ photo, size, masks, ignored }: Case): PhotoTruth => {
  const isScaled = size.join() !== photo.join();
  // What a mask of another size comes to in the photo's is of no matter here.
  const maskOf = (shapes: Shapes) => (isScaled ? new Uint8Array(photo[0] * photo[1]) : drawn(photo, shapes).mask);
  const objects = masks.map((shapes) =>
    objectAt([0, 0, 0, 0], { mask: maskOf(shapes), ...(isScaled && { scaled: drawn(size, shapes) }) }),
  );
  return { objects, ignored: maskOf(ignored), ...(isScaled && { ignoredScaled: [drawn(size, ignored)] }) };
};

const given = cases.map((one, i) => [lineOf(one, i), truthOf(one)] as const);
const pxApOf = (photos: typeof given): number | undefined => resultOf('PxAP', photos, { profile: 'wsol' }).value;

describe("the average precision of pixels by wsolevaluation's own code", () => {
  it('is that of the profile wsol to twelve digits, for each map', () => {
    for (const [i, { PxAP: own }] of cases.entries()) {
      expect(Math.abs((pxApOf([given[i]]) ?? Number.NaN) - own), `case ${i}`).toBeLessThan(1e-12);
    }
  });

  it('is that of all maps together, whose masks have the size of their photos or another', () => {
    const asPhoto = given.filter((_, i) => cases[i].size.join() === cases[i].photo.join());
    expect(asPhoto.length).toBeGreaterThan(9);
    expect(Math.abs((pxApOf(asPhoto.slice(0, 10)) ?? Number.NaN) - PxAP.asPhoto)).toBeLessThan(1e-12);
    expect(Math.abs((pxApOf(given) ?? Number.NaN) - PxAP.all)).toBeLessThan(1e-12);
  });

  it('is of the very same scores, bit for bit', () => {
    for (const [i, { scores }] of cases.entries()) {
      const [line] = given[i];
      const own = scoreMap(line.maps[0], extentOf(line), 1, 'stored');
      for (const [at, score] of scores) expect(own[at], `case ${i}, pixel ${at}`).toBe(score);
    }
  });
});
