import { describe, expect, it } from 'vitest';
import type { MeasureResult } from '../../src/measure/measured.js';
import type { PhotoLine } from '../../src/results/line.js';
import { count, newTally } from '../../src/run/tally.js';
import { meanLines, measureLines } from '../../src/terminal/measure-lines.js';
import { lineOf } from '../helpers/reports.js';

const of = (measure: string, profile: string, score: number, parts?: Record<string, number>): MeasureResult => ({
  measure,
  profile,
  score,
  parts,
  baselines: { random: { score: score / 2, parts: parts && { increase: 1 } }, centre: { score: 0.5, parts } },
});

const lineWith = (...measures: readonly MeasureResult[]): PhotoLine => {
  const line = lineOf({ photo: 'cat.jpg' }, ['tiger cat, cat']);
  return { ...line, maps: line.maps.map((map) => ({ ...map, measures })) };
};

describe('what was measured of a photo', () => {
  it('is a line for each profile, with the numbers of maps that know nothing', () => {
    const { maps } = lineWith(of('insertion', 'rise', 0.8), of('drop', 'torch-cam', 0), of('deletion', 'rise', 0.1));
    expect(measureLines('a/cat.jpg', maps[0])).toEqual([
      'a/cat.jpg: tiger cat by rise: insertion 0.800 (random 0.400, centre 0.500), deletion 0.100 (random 0.050, centre 0.500)',
      'a/cat.jpg: tiger cat by torch-cam: drop 0.000 (random 0.000, centre 0.500)',
    ]);
  });

  it('is no line where nothing was', () => {
    const [map] = lineOf({ photo: 'cat.jpg' }, ['cat']).maps;
    expect(measureLines('cat.jpg', map)).toEqual([]);
  });
});

describe('what a run measured', () => {
  it('is the mean of each measure over the maps that have it, and how often a score rose', () => {
    const tally = newTally();
    count(tally, lineWith(of('drop', 'torch-cam', 0.2, { increase: 0 }), of('insertion', 'rise', 0.2)));
    count(tally, lineWith(of('drop', 'torch-cam', 0, { increase: 1 }), of('insertion', 'rise', 0.6)));
    count(tally, lineOf({ photo: 'unmeasured.jpg' }, ['cat']));
    expect(meanLines(tally)).toEqual([
      'Mean of 2 maps by torch-cam: drop 0.100 (random 0.050, centre 0.500), increase 0.500 (random 1.000, centre 0.500)',
      'Mean of 2 maps by rise: insertion 0.400 (random 0.200, centre 0.500)',
    ]);
  });

  it('is not said of a single map, whose numbers stand above', () => {
    const tally = newTally();
    count(tally, lineWith(of('insertion', 'rise', 0.2)));
    expect(meanLines(tally)).toEqual([]);
  });
});
