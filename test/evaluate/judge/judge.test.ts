import { describe, expect, it } from 'vitest';
import { judger } from '../../../src/evaluate/judge/judge.js';
import type { JudgedPhoto, Verdicts } from '../../../src/evaluate/judged.js';
import { profiles } from '../../../src/evaluate/profiles/index.js';
import { lineOfCase, reference, truthOf } from '../../helpers/evaluation-cases.js';

const everything = { sweep: true, any: true, scores: true };

const verdictsOf = ({ classes: [judged] }: JudgedPhoto): Verdicts => {
  if (judged?.map === undefined) throw new Error('there are no verdicts');
  return judged.map;
};

describe.each(['0.2', '0.5'] as const)('the wsol profile at %s', (threshold) => {
  const judge = judger(profiles.wsol, everything, Number(threshold), 1000);

  it.each(reference.cases)("has wsolevaluation's box: $id", (given) => {
    const { box } = verdictsOf(judge(lineOfCase(given), truthOf(given)));
    const [x, y, width, height] = box ?? [0, 0, 0, 0];
    const scale = [given.width / 224, given.height / 224];
    const edges = [x / scale[0], y / scale[1], (x + width) / scale[0], (y + height) / scale[1]];
    const corners = edges.map((edge, i) => Math.round(edge) - Number(i > 1));
    expect(corners).toEqual(given.wsol.largest[threshold][0]);
  });
});

describe('the photo profile', () => {
  const judge = judger(profiles.photo, everything, 0.2, 1000);
  const judged = reference.cases.map(
    (given) => [given.id, given, verdictsOf(judge(lineOfCase(given), truthOf(given)))] as const,
  );

  it.each(judged)('has the box of the largest part above a fifth, within a pixel: %s', (_, { paper }, { box }) => {
    box?.forEach((value, i) => expect(Math.abs(value - paper.box[i])).toBeLessThanOrEqual(i < 2 ? 1 : 2));
  });

  it.each(judged)(
    "points where OpenCV's enlarged map is largest, and has its share inside: %s",
    (_, given, verdicts) => {
      expect(verdicts).toMatchObject({
        point: given.pointing.point,
        near: given.pointing.within15,
        hit: given.pointing.inside,
      });
      expect(Math.abs(verdicts.inside - given.energy)).toBeLessThan(1e-4);
    },
  );
});
