import { describe, expect, it } from 'vitest';
import type { PhotoLine } from '../../../src/results/line.js';
import { sampleJson } from '../../../src/run/pack/sample-json.js';
import { lineOf } from '../../helpers/reports.js';

const textOf = (line: PhotoLine): string => sampleJson(line).toString();
const [plain] = [lineOf({ photo: 'a.jpg', cells: [[0, 1, -2, 0.5, 1e-7]] }, ['cat'])];
const withMap = (map: object): PhotoLine => ({ ...plain, maps: [{ ...plain.maps[0], ...map }] as PhotoLine['maps'] });

describe('the line of a sample', () => {
  it('has the values of the line, reals written as reals and whole numbers as such', () => {
    const measures = [
      {
        measure: 'x',
        profile: 'y',
        score: 1,
        parts: { coherency: 0, complexity: 0.25 },
        curve: [0, 1, 0.5],
        baselines: { random: { score: 0 }, centre: { score: 1 } },
      },
    ];
    const line = withMap({
      logit: 3,
      bias: 0,
      range: [-1, 1],
      boxes: [{ box: [1, 2, 3.5, 4], evidence: 2, share: 1 }],
      measures,
    });
    const text = textOf(line);
    expect(JSON.parse(text)).toEqual({ version: 2, ...JSON.parse(JSON.stringify(line)) });
    for (const part of [
      '"logit":3.0',
      '"bias":0.0',
      '"map":[0.0,1.0,-2.0,0.5,1e-7]',
      '"range":[-1.0,1.0]',
      '{"box":[1.0,2.0,3.5,4.0],"evidence":2.0,"share":1.0}',
      '"score":1.0,"parts":{"coherency":0.0,"complexity":0.25},"curve":[0.0,1.0,0.5]',
      '"random":{"score":0.0},"centre":{"score":1.0}',
      '"seen":[75.5,0.0,300.0,300.0]',
      '"grid":[1,5]',
      '"class":0,',
      '"width":451,',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('leaves out what only some have where it is empty', () => {
    const text = textOf(withMap({ range: null, boxes: [] }));
    expect(text).not.toMatch(/"range"|"boxes"/);
  });

  it('takes no label for a field, and writes names in UTF-8', () => {
    const label = '"bias":0,"map":[1,2],"parts":{"a":1}';
    const line = { ...withMap({ label }), photo: 'caf\udce9.jpg' };
    expect(JSON.parse(textOf(line))).toMatchObject({ photo: 'caf%E9.jpg', maps: [{ label }] });
  });
});
