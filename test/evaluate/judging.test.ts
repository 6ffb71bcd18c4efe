import { describe, expect, it } from 'vitest';
import type { JudgeSetup, JudgeTask } from '../../src/evaluate/judge/judge-text.js';
import { judged } from '../../src/evaluate/judging.js';
import { lineOf, mapWith } from '../helpers/found-run.js';

const setup: JudgeSetup = {
  profile: 'wsol',
  wanted: { sweep: true, any: true, scores: false },
  threshold: 0.2,
  classes: 7,
  recorded: false,
};

const COUNT = 70;

async function* tasks(changed: object = {}): AsyncGenerator<JudgeTask> {
  for (let i = 0; i < COUNT; i++) {
    const line = lineOf(`${i}.jpg`, { maps: [mapWith([i % 24, (i * 5) % 24])], ...changed });
    const box = { x: i % 60, y: i % 40, width: 60, height: 40 };
    const entry = { where: 'here', objects: [{ name: 'tench', class: 0, box }] };
    yield { text: i % 20 === 9 ? '{' : JSON.stringify(line), entry: i % 7 === 0 ? undefined : entry };
  }
}

const all = async (judgements: AsyncIterable<unknown>): Promise<readonly unknown[]> => {
  const list: unknown[] = [];
  for await (const judgement of judgements) list.push(judgement);
  return list;
};

describe('photos that are judged in several processes', () => {
  it('come to the same as in one, in the same order', async () => {
    const [apart, here] = [await all(judged(tasks(), setup, 1000, 2)), await all(judged(tasks(), setup, 0, 1))];
    expect(apart).toHaveLength(COUNT);
    expect(apart).toEqual(here);
  });

  it('end with the refusal of any of them', async () => {
    const field = [20, 0, 80, 80] as const;
    await expect(all(judged(tasks({ field, seen: field }), setup, 1000, 2))).rejects.toMatchObject({
      code: 'cropped',
    });
  });
});
