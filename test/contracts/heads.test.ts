import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isKnownError } from '../../src/errors.js';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
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
  return prepareModel(folder);
};

describe('a head', () => {
  it.each(cases)("gives the maps of PyTorch's autograd, or is refused: %s", async (name) => {
    const expected = expectedOf(name);
    if (expected.kind === 'refuse') {
      const refusal = await prepare(name, expected).catch((error: unknown) => error);
      expect(isKnownError(refusal), String(refusal)).toBe(true);
      expect(String(refusal)).toMatch(/No class map exists: .*(Gemm|Pool|Pow|Conv|Concat|Gather|Reduce)/);
      return;
    }
    const model = await prepare(name, expected);
    const binary = expected.classes.length === 1;
    const classes = binary ? ['1'] : expected.classes.map(({ index }) => String(index));
    const { maps } = await explainPhoto(
      prepareExplainer(model, { classes }),
      readFileSync(fixture('heads', 'input.png')),
    );
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
  const twins = cases.filter((name) => name.includes('/dynamo-'));
  it.each(twins)('write the same maps: %s', async (name) => {
    const bytes = readFileSync(fixture('heads', 'input.png'));
    const [newer, older] = await Promise.all(
      [name, name.replace('dynamo-', '')].map(async (head) => {
        const expected = expectedOf(head);
        const classes = ['0', '1', '2', '3', '4'];
        return (await explainPhoto(prepareExplainer(await prepare(head, expected), { classes }), bytes)).maps;
      }),
    );
    newer.forEach(({ map, kind }, i) => {
      expect(kind).toBe(older[i].kind);
      expect(largestDifference(map, older[i].map)).toBeLessThan(1e-4);
    });
  });
});
