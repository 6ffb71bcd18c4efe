import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isKnownError } from '../../src/errors.js';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import type { Held } from '../../src/maps/class-weights.js';
import { prepareModel } from '../../src/model/prepare.js';
import { fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { correlation, largestDifference } from '../helpers/pictures.js';

// Each network with what PyTorch's autograd gives for it: fixtures/heads/README.md. A new case is one pair of files.
interface HeadCase {
  readonly kind: string;
  readonly layout: string;
  readonly grid: readonly number[];
  readonly mean: number;
  readonly std: number;
  readonly tolerance: number;
  readonly note?: string;
  readonly classes: readonly { index: number; logit: number; bias: number; map: number[][] }[];
}

const cases = ['heads', 'pools'].flatMap((folder) =>
  readdirSync(fixture(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => `${folder}/${name.slice(0, -'.onnx'.length)}`)
    .sort(),
);

const expectedOf = (name: string): HeadCase => JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8'));

// What is left of sums in float32, of numbers in float16, and of levels that two orders of summing round apart.
const residuals = { float32: 1e-4, float16: 1e-2, int8: 0.1 };

const prepare = (name: string, { mean, std, note, classes }: HeadCase) => {
  const count = classes.length === 1 ? 2 : 5;
  const raw = note?.includes('0..255');
  const folder = writeModelFolder(join(temporaryFolder(), basename(name)), {
    model: readFileSync(fixture(`${name}.onnx`)),
    labels: Array.from({ length: count }, (_, i) => `class ${i}`),
    preprocessor: {
      size: { height: 32, width: 48 },
      resample: 0,
      rescale_factor: 1 / 255,
      do_rescale: !raw,
      do_normalize: !raw,
      image_mean: [mean, mean, mean],
      image_std: [std, std, std],
    },
  });
  const weights = fixture(`${name}.onnx.data`);
  if (existsSync(weights)) copyFileSync(weights, join(folder, basename(weights)));
  return prepareModel(folder, { threads: 1 });
};

/** Without the exporter: both exporters' models are refused for the same reason. */
const plainName = (name: string): string => name.replace('dynamo-', '');

const refused: Readonly<Record<string, RegExp>> = {
  'heads/refuse-class-token': /Gemm <- Gather <- Concat/,
  'heads/refuse-segmentation': /upstream of output: Conv\.$/,
  'heads/refuse-two-pools': /Add <- Gemm <- Flatten <- GlobalAveragePool <- Gemm <- ReduceMax/,
  'pools/refuse-class-token-block': /class token/,
  'pools/refuse-log-sum-exp': /log-sum-exp/,
  'pools/refuse-second-order': /second-order/,
};

// Their maps are of no such head as PyTorch's were computed for.
const complete: Readonly<Record<string, readonly Held[]>> = {
  'heads/refuse-average-and-max': ['largest cell of each channel'],
  'heads/refuse-flatten': [],
  'heads/refuse-generalized-mean': ['root of a generalised mean'],
  'heads/refuse-max-pool': ['largest cell of each channel'],
  'heads/refuse-pool-2x2': [],
};

const isRefused = (name: string): boolean => plainName(name) in refused;
const explained = cases.filter((name) => !isRefused(name) && !(name in complete));
const fiveClasses = ['0', '1', '2', '3', '4'];

const mapsOf = async (name: string, classes: readonly string[]) => {
  const model = await prepare(name, expectedOf(name));
  const { maps } = await explainPhoto(
    prepareExplainer(model, { classes }),
    readFileSync(fixture('heads', 'input.png')),
  );
  return { model, maps };
};

describe('a head', () => {
  it('is known by every network here: with maps, with maps that are complete, or with a reason', () => {
    expect(explained.filter((name) => expectedOf(name).kind === 'refuse')).toEqual([]);
    expect(new Set(cases.filter(isRefused).map(plainName))).toEqual(new Set(Object.keys(refused)));
  });

  it.each(cases.filter(isRefused))('is refused by a sentence that says why: %s', async (name) => {
    const refusal = await prepare(name, expectedOf(name)).catch((error: unknown) => error);
    expect(isKnownError(refusal), String(refusal)).toBe(true);
    expect(String(refusal)).toMatch(/No class map exists: /);
    expect(String(refusal)).toMatch(refused[plainName(name)]);
  });

  it.each(Object.entries(complete))('is complete: %s', async (name, held) => {
    const { maps } = await mapsOf(name, fiveClasses);
    for (const map of maps) {
      expect(map).toMatchObject({ kind: held.length === 0 ? 'exact' : 'frozen', held });
      expect(map.residual).toBeLessThan(1e-4);
    }
  });

  it.each(explained)("gives the maps of PyTorch's autograd: %s", async (name) => {
    const expected = expectedOf(name);
    const binary = expected.classes.length === 1;
    const classes = binary ? ['1'] : expected.classes.map(({ index }) => String(index));
    const { model, maps } = await mapsOf(name, classes);
    expect(maps).toHaveLength(expected.classes.length);
    expected.classes.forEach(({ logit, bias, map }, i) => {
      const actual = maps[i];
      expect(actual.kind).toBe(expected.kind);
      // PyTorch's network works on NHWC here, but what its exporter averages is transposed to NCHW before.
      expect(model.grid.layout).toBe(name === 'heads/nhwc-permute-gap' ? 'nchw' : expected.layout);
      expect(actual.grid).toEqual(expected.grid);
      if (name.includes('/int8')) {
        // The maps given are those of the float network.
        expect(correlation(actual.map, map.flat())).toBeGreaterThan(0.98);
      } else {
        expect(largestDifference(actual.map, map.flat())).toBeLessThanOrEqual(expected.tolerance);
        expect(Math.abs(actual.logit - logit)).toBeLessThanOrEqual(expected.tolerance);
        expect(Math.abs(actual.bias - bias)).toBeLessThanOrEqual(expected.tolerance);
      }
      expect(actual.residual).toBeLessThan(residuals[model.precision]);
    });
  });
});

describe("PyTorch's two exporters", () => {
  const twins = explained.filter((name) => name.includes('/dynamo-'));
  it.each(twins)('write the same maps: %s', async (name) => {
    const [{ maps: newer }, { maps: older }] = await Promise.all(
      [name, plainName(name)].map((head) => mapsOf(head, fiveClasses)),
    );
    newer.forEach(({ map, kind }, i) => {
      expect(kind).toBe(older[i].kind);
      expect(largestDifference(map, older[i].map)).toBeLessThan(1e-4);
    });
  });
});
