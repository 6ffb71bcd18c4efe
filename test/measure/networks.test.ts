import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import { decode } from '../../src/image/decode.js';
import type { Feed } from '../../src/image/feed.js';
import { networkPicture } from '../../src/image/network-picture.js';
import { toFeed } from '../../src/image/to-tensor.js';
import { measures } from '../../src/measure/index.js';
import type { Reading } from '../../src/measure/measure.js';
import { subjectOf } from '../../src/measure/subject.js';
import { placeIn } from '../../src/model/input/fit.js';
import { forward } from '../../src/model/network.js';
import { type Model, prepareModel } from '../../src/model/prepare.js';
import { fixture } from '../helpers/folders.js';

/** What RISE's insertion and deletion are, written once more in plain float64 loops, with a session of its own. */

const clamped = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** A map over a square input, pixel by pixel. */
const over = (map: readonly number[], cells: number, edge: number): readonly number[] =>
  Array.from({ length: edge * edge }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / edge), pixel % edge].map((at) =>
      clamped(((at + 0.5) / edge) * cells - 0.5, cells - 1),
    );
    const [row, column] = [Math.floor(y), Math.floor(x)];
    const at = (i: number, j: number) => map[Math.min(i, cells - 1) * cells + Math.min(j, cells - 1)];
    const above = at(row, column) + (at(row, column + 1) - at(row, column)) * (x - column);
    const below = at(row + 1, column) + (at(row + 1, column + 1) - at(row + 1, column)) * (x - column);
    return above + (below - above) * (y - row);
  });

/** Ascending by value, then by index, and turned over. */
const orderBy = (values: readonly number[]): readonly number[] =>
  values
    .map((value, pixel) => ({ value, pixel }))
    .sort((a, b) => a.value - b.value || a.pixel - b.pixel)
    .reverse()
    .map(({ pixel }) => pixel);

/** The Gaussian of a bright pixel in the middle of 11, mirrored at both ends as often as it reaches. */
const weightAt = (i: number): number => {
  const weight = (d: number) => Math.exp(-(d * d) / 50);
  let [sum, total] = [0, 0];
  for (let d = -20; d <= 20; d++) total += weight(d);
  for (const source of [5, 16, -6, 27, -17]) if (Math.abs(i - source) <= 20) sum += weight(i - source);
  return sum / total;
};

const blurOf = (data: ArrayLike<number>, edge: number): readonly number[] => {
  const kernel = Array.from({ length: 11 }, (_, i) => weightAt(i));
  return Array.from({ length: 3 * edge * edge }, (_, at) => {
    const [channel, y, x] = [Math.floor(at / edge ** 2), Math.floor((at % edge ** 2) / edge), at % edge];
    let sum = 0;
    for (let i = Math.max(0, 5 - y); i < 11 && y + i - 5 < edge; i++) {
      for (let j = Math.max(0, 5 - x); j < 11 && x + j - 5 < edge; j++) {
        sum += kernel[i] * kernel[j] * data[channel * edge ** 2 + (y + i - 5) * edge + x + j - 5];
      }
    }
    return sum;
  });
};

const softmaxAt = (logits: ArrayLike<number>, index: number): number => {
  const all = Array.from(logits);
  const largest = Math.max(...all);
  return Math.exp(all[index] - largest) / all.reduce((sum, value) => sum + Math.exp(value - largest), 0);
};

interface Photo {
  readonly feed: Feed;
  readonly class: number;
  readonly map: readonly number[];
  readonly cells: number;
}

const plainly = async (session: InferenceSession, photo: Photo, kind: 'insertion' | 'deletion', steps: number) => {
  const { feed, class: index, map, cells } = photo;
  const [, , edge] = feed.dims;
  const area = edge * edge;
  const order = orderBy(over(map, cells, edge));
  const replaced = kind === 'insertion' ? blurOf(feed.data, edge) : feed.data.map(() => 0);
  const [from, to] = kind === 'insertion' ? [replaced, feed.data] : [feed.data, replaced];
  const step = Math.ceil(area / steps);
  const curve: number[] = [];
  for (let i = 0; i <= Math.ceil(area / step); i++) {
    const data = Float32Array.from(from);
    for (const pixel of order.slice(0, step * i)) {
      for (let at = pixel; at < data.length; at += area) data[at] = to[at];
    }
    const { logits } = await session.run({ [feed.name]: new Tensor('float32', data, feed.dims) });
    curve.push(softmaxAt(logits.data as Float32Array, index));
  }
  const sum = curve.reduce((total, score) => total + score, 0);
  return { curve, score: (sum - curve[0] / 2 - curve[curve.length - 1] / 2) / (curve.length - 1) };
};

describe.each(['nin-cifar10', 'efficientnet-lite0'])("RISE's curves of %s", (name) => {
  let model: Model;
  let session: InferenceSession;
  beforeAll(async () => {
    model = await prepareModel(name, { threads: 1 });
    session = await InferenceSession.create(fixture('models', name, 'model.onnx'), { intraOpNumThreads: 1 });
  });

  const prepared = async (photo: string) => {
    const bytes = readFileSync(fixture('photos', `${photo}.jpg`));
    const { maps } = await explainPhoto(prepareExplainer(model, { write: ['none'] }), bytes);
    const [{ class: index, map, grid }] = maps;
    const decoded = await decode(bytes);
    const feed = toFeed(networkPicture(decoded, placeIn(decoded, model.input), model.input), model.input);
    const [full] = await forward(model, [feed]);
    const arrays = { take: (length: number) => new Float32Array(length), give: () => {} };
    const subject = subjectOf(model, feed, { full, covered: undefined, arrays });
    const cells = { rows: grid[0], columns: grid[1], data: Float32Array.from(map) };
    return { subject, cases: [{ map: cells, classes: [index] }], photo: { feed, class: index, map, cells: grid[0] } };
  };

  const expectAlike = (got: Reading, expected: Reading) => {
    expect(Math.abs(got.score - expected.score)).toBeLessThan(1e-4);
    expect(got.curve).toHaveLength(expected.curve?.length ?? 0);
    got.curve?.forEach((value, i) => expect(Math.abs(value - (expected.curve?.[i] ?? 0))).toBeLessThan(1e-4));
  };

  it.each([
    ...['cat', 'astronaut', 'coffee', 'rocket'].map((photo) => [photo, 28, 'rise'] as const),
    // Of the smaller network alone, since they take eight times as long.
    ...(name === 'nin-cifar10' ? [['cat', 224, 'rise-224'] as const] : []),
  ])('are those of a plain computation: %s in %i steps', async (photo, steps, profile) => {
    const { subject, cases, photo: plain } = await prepared(photo);
    for (const kind of ['insertion', 'deletion'] as const) {
      const [[got]] = await measures[kind].read(subject, cases, profile);
      expectAlike(got, await plainly(session, plain, kind, steps));
    }
  });
});
