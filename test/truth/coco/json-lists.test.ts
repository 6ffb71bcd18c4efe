import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ListElement, readLists } from '../../../src/truth/coco/json-lists.js';
import { temporaryFolder } from '../../helpers/folders.js';

const path = join(temporaryFolder(), 'lists.json');

const read = async (text: string, block: number, lists: Readonly<Record<string, string | undefined>>) => {
  writeFileSync(path, text);
  const elements: ListElement[] = [];
  const digest = createHash('sha256');
  const found = await readLists(path, { lists, visit: (element) => elements.push(element), digest, block });
  return { found, elements, digest: digest.digest('hex') };
};

const element = fc.record(
  {
    id: fc.nat(),
    name: fc.string({ unit: 'binary' }),
    cut: fc.jsonValue(),
    'cut"': fc.jsonValue(),
    x: fc.record({ cut: fc.jsonValue() }),
  },
  { requiredKeys: [] },
);
const object = fc.record(
  {
    images: fc.array(element, { maxLength: 5 }),
    'a "b"': fc.jsonValue(),
    info: fc.jsonValue(),
    things: fc.array(element),
  },
  { requiredKeys: ['images'] },
);
const spaces = fc.constantFrom(undefined, 1, '\t', '\r\n  ');

it('gives what JSON.parse gives, wherever blocks end, but for what is cut out, which it says the place of', async () => {
  await fc.assert(
    fc.asyncProperty(object, spaces, fc.integer({ min: 1, max: 40 }), async (value, space, block) => {
      const text = JSON.stringify(value, undefined, space);
      const bytes = Buffer.from(text);
      const { found, elements, digest } = await read(text, block, { images: 'cut', things: undefined });
      expect([...(found ?? [])].sort()).toEqual(['images', 'things'].filter((list) => Object.hasOwn(value, list)));
      const of = (list: string) => elements.filter((one) => one.list === list);
      const parsed = JSON.parse(text);
      const rebuilt = of('images').map(({ value: given, cut }) => {
        if (cut === undefined) return given;
        return { ...(given as object), cut: JSON.parse(bytes.toString('utf8', cut.start, cut.start + cut.length)) };
      });
      expect(rebuilt).toEqual(parsed.images);
      for (const { value: given, cut } of of('images')) {
        expect(cut !== undefined).toBe(Object.hasOwn(given as object, 'cut'));
      }
      expect(of('things').map((one) => one.value)).toEqual(parsed.things ?? []);
      for (const { start, length, list } of elements) {
        expect(parsed[list]).toContainEqual(JSON.parse(bytes.toString('utf8', start, start + length)));
      }
      expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    }),
    { numRuns: 100 },
  );
});

it('refuses each text that is cut off, wherever that is', async () => {
  const text = '{"info": {"a": [1, "]"]}, "images": [{"id": 1, "name": "a\\"b"}, {"id": 2}], "x": 1.5}';
  for (let length = 1; length < text.length; length++) {
    await expect(read(text.slice(0, length), 7, { images: undefined }), text.slice(0, length)).rejects.toThrow(
      /ends too early|is missing|JSON|Expected/,
    );
  }
});

it.each([
  ['a value without a comma', '{"images": [{} {}]}', /Expected , at byte 15, not \{/],
  ['a comma too many', '{"images": [{},]}', /a value is missing at byte 15/],
  ['a key that is none', '{images: []}', /JSON|token/],
  ['a key without a value', '{"images"}', /Expected : at byte 9, not \}/],
  ['brackets that do not match', '{"images": [{]}', /JSON|Expected/],
  ['an element that is no JSON', '{"images": [{"id": 01}]}', /JSON|number/],
])('refuses %s', async (_, text, sentence) => {
  await expect(read(text, 1000, { images: undefined })).rejects.toThrow(sentence);
});
