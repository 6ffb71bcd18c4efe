import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { root } from '../helpers/repository.js';

const source = join(root, 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.d.ts'),
);

/** What may be spread into arguments, by its words in the source, and why: no file makes it long. */
const ALLOWED: Readonly<Record<string, string>> = {
  '...heatOf(look, subject, map)': 'a pair',
  '...rest': 'the two arguments left of a function of three',
  '...standIn(frame, photo, current?.map.overlay)': 'one element or two',
  '...meanOf(means, summary.class, store.get().look, unit)': 'a figure, or a sentence',
  '...factsOf(report, photo, shown, look)': 'five elements',
  "...names.map((value) => element('option', { value }, value))": 'the colormaps of this program',
  '...strips.map((made) => made.element)': 'strongest and weakest',
  "...boxFields.map((name) => column(name, 'DOUBLE'))": 'the six numbers of a box',
  '...meanLines(tally)': 'a line for each measure',
  '...filled(data)': 'one element or two',
  '...filled(path)': 'one element or two',
  '...rows.map(({ name }) => name.length)': 'a row for each metric',
  '...build(report, store, evaluation, classes)': 'the parts of a view',
  '...shown.fields': 'the fields of a control',
  '...scale.fields': 'the fields of a control',
  '...colormap.fields': 'the fields of a control',
};

/** A node of a syntax tree. */
interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly arguments?: readonly Syntax[];
  readonly callee?: { readonly property?: { readonly name?: string } };
}

const isSyntax = (value: unknown): value is Syntax => typeof value === 'object' && value !== null && 'type' in value;

function* nodesOf(top: unknown): Generator<Syntax> {
  const left: unknown[] = [top];
  while (left.length > 0) {
    const node = left.pop();
    if (isSyntax(node)) yield node;
    if (typeof node === 'object' && node !== null) for (const inner of Object.values(node)) left.push(inner);
  }
}

/** The words of each spread into arguments, and of each call of `apply`, which does the same. */
const spreadsIn = (text: string): readonly string[] => {
  const words = ({ start, end }: Syntax) => text.slice(start, end).replace(/\s+/g, ' ');
  return [...nodesOf(parseAst(text, { lang: 'ts' }))].flatMap((node) => [
    ...(node.arguments ?? []).filter(({ type }) => type === 'SpreadElement').map(words),
    ...(node.callee?.property?.name === 'apply' ? [words(node)] : []),
  ]);
};

describe('a list whose length a file decides, which would not fit on the stack as arguments', () => {
  it.each([
    ['Math.max(...values)', ['...values']],
    ['list.push(1, ...others.map((x) => x))', ['...others.map((x) => x)']],
    ['new Date(...numbers)', ['...numbers']],
    ['String.fromCharCode.apply(null, codes)', ['String.fromCharCode.apply(null, codes)']],
    ['const f = (...all: readonly number[]) => [...all, { ...all }]', []],
  ])('is seen in %s', (text, spreads) => {
    expect(spreadsIn(text)).toEqual(spreads);
  });

  it.each(files)('is never spread into arguments in %s', (name) => {
    const spreads = spreadsIn(readFileSync(join(source, name), 'utf8'));
    expect(spreads.filter((words) => !Object.hasOwn(ALLOWED, words))).toEqual([]);
  });

  it('has no exception that nothing needs', () => {
    const all = files.flatMap((name) => spreadsIn(readFileSync(join(source, name), 'utf8')));
    expect(Object.keys(ALLOWED).filter((words) => !all.includes(words))).toEqual([]);
  });
});
