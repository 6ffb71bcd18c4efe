import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PhotoLine } from '../../src/results/line.js';
import { temporaryFolder } from './folders.js';
import { noise } from './networks.js';
import { asPng, paint } from './pictures.js';

/** What a test's line has of its own. */
export interface LineSketch {
  readonly photo: string;
  /** Classes of its maps, the best first; their scores fall from 0.9. */
  readonly classes?: readonly number[];
  /** Cells of each map, row by row. */
  readonly cells?: readonly (readonly number[])[];
  readonly line?: Partial<PhotoLine>;
}

const GRID = [7, 7] as const;

/** A photo's line as a run writes it, with maps of noise where none are given. */
export const lineOf = (
  { photo, classes = [0], cells, line }: LineSketch,
  labels: readonly string[],
  seed = 1,
): PhotoLine => {
  const maps = classes.map((index, rank) => {
    const map = cells?.[rank] ?? noise(GRID[0] * GRID[1], seed * 7 + rank).map((value) => Math.fround(value * 5));
    const [min, max] = [Math.min(...map), Math.max(...map)];
    const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
    return {
      class: index,
      label: labels[index],
      logit: mean + 1,
      score: 0.9 / (rank + 1) ** 2,
      bias: 1,
      mean,
      min,
      max,
      residual: 1e-7 * (seed % 9),
      kind: 'exact' as const,
      held: [],
      range: max > 0 ? ([0, max] as const) : null,
      verdict: max <= 0 ? ('no-evidence' as const) : min === max ? ('flat' as const) : ('ok' as const),
      grid: cells === undefined ? GRID : ([1, map.length] as const),
      map,
      files: [`${photo}.${index}.jpg`],
    };
  });
  return {
    photo,
    width: 451,
    height: 300,
    seen: [75.5, 0, 300, 300],
    field: [75.5, 0, 300, 300],
    predictions: maps.map(({ class: index, label, logit, score }) => ({ class: index, label, logit, score })),
    margin: 0.5,
    maps,
    files: [],
    milliseconds: 10,
    ...line,
  };
};

/** Grey photos where `runFolder` says that the run's photos lie. */
export const paintPhotos = async (
  output: string,
  names: readonly string[],
  width = 451,
  height = 300,
): Promise<void> => {
  const bytes = await asPng(paint(width, height, [128, 128, 128]));
  for (const name of names) {
    mkdirSync(dirname(join(output, '../photos', name)), { recursive: true });
    writeFileSync(join(output, '../photos', name), bytes);
  }
};

/** What run.json holds of a run. */
export const settingsFor = (labels: readonly string[], { photos = '../photos', options = {} } = {}): object => {
  const head = {
    kind: 'exact',
    held: [],
    output: 'logits',
    activation: 'none',
    logits: 'logits',
    classes: labels.length,
    scoring: 'softmax',
    featureMap: 'features',
    dims: [1, 8, ...GRID],
    layout: 'nchw',
    grid: GRID,
    operators: ['GlobalAveragePool', 'Gemm'],
    precision: 'float32',
    residual: 0,
  };
  return {
    version: '0.1.0',
    model: { name: 'sketch', sha256: '0'.repeat(64) },
    head,
    labels: 'made up',
    classes: labels,
    input: { size: { width: 224, height: 224 }, origins: { size: 'a test' } },
    options: { top: 1, classes: [], colormap: 'turbo', opacity: 0.5, scale: 'map', write: ['overlay'], ...options },
    photos,
  };
};

/** An output folder with a manifest of these lines, each of them text as it stands or a line's value. */
export const runFolder = (
  lines: readonly (string | object)[],
  { labels = ['cat', 'dog', 'ship'], photos = '../photos', options = {} } = {},
): string => {
  const output = join(temporaryFolder(), 'output');
  mkdirSync(output);
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(join(output, 'manifest.jsonl'), `${text.join('\n')}\n`);
  const settings = settingsFor(labels, { photos, options });
  writeFileSync(join(output, 'run.json'), JSON.stringify(settings));
  return output;
};

/** The run that a report carries. */
export const runOf = (output: string) => {
  const html = readFileSync(join(output, 'report.html'), 'utf8');
  return JSON.parse(/<script type="application\/json" id="run">(.*)<\/script>/.exec(html)?.[1] ?? '');
};

/** Values of all data files of a kind, as the page gets them: `photos`, `maps` or `means`. */
export const dataOf = (output: string, kind: string): unknown[] => {
  const folder = join(output, runOf(output).data);
  const names = readdirSync(folder).filter((name) => name.startsWith(kind));
  const number = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);
  return names
    .sort((a, b) => number(a) - number(b))
    .flatMap((name) => {
      let given: unknown;
      new Function('gapcamData', readFileSync(join(folder, name), 'utf8'))((_: string, value: unknown) => {
        given = value;
      });
      return given as unknown[];
    });
};
