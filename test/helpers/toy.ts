import { readFileSync } from 'node:fs';
import { arrayPool } from '../../src/image/array-pool.js';
import type { Feed } from '../../src/image/feed.js';
import type { ClassMap } from '../../src/maps/class-map.js';
import { scorerOf } from '../../src/maps/scores.js';
import type { Answer, Reading, Subject } from '../../src/measure/measure.js';
import { fixture } from './folders.js';

interface Toy {
  readonly dims: readonly number[];
  readonly input: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly class: number;
  readonly grid: readonly [number, number];
  readonly map: readonly number[];
  readonly blurred: readonly number[];
  readonly kernel: readonly (readonly number[])[];
  /** By profile and measure. */
  readonly expected: Readonly<Record<string, Readonly<Record<string, Reading>>>>;
}

/** A network small enough to be written out, with what other people's code says of it: fixtures/measure. */
export const toy: Toy = JSON.parse(readFileSync(fixture('measure', 'toy.json'), 'utf8'));

const [ROWS, COLUMNS] = toy.grid;

/** Means of 2 x 2 pixels of a channel of a planar tensor, at each cell. */
const featuresOf = (data: ArrayLike<number>, channel: number): readonly number[] => {
  const width = COLUMNS * 2;
  const at = (y: number, x: number) => data[channel * ROWS * 2 * width + y * width + x];
  return Array.from({ length: ROWS * COLUMNS }, (_, cell) => {
    const [y, x] = [Math.floor(cell / COLUMNS) * 2, (cell % COLUMNS) * 2];
    return (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4;
  });
};

const mapOf = (data: ArrayLike<number>, index: number): ClassMap => {
  const features = [0, 1, 2].map((channel) => featuresOf(data, channel));
  const cells = features[0].map((_, cell) =>
    toy.weights[index].reduce((sum, weight, channel) => sum + weight * features[channel][cell], 0),
  );
  return { rows: ROWS, columns: COLUMNS, data: Float32Array.from(cells) };
};

const answerTo = (data: ArrayLike<number>): Answer => {
  const logits = toy.weights.map((_, index) => {
    const { data: cells } = mapOf(data, index);
    return cells.reduce((sum, value) => sum + value, 0) / cells.length;
  });
  const scoreOf = scorerOf(logits, 'softmax');
  return {
    logitOf: (index) => logits[index],
    scoreOf: (index) => scoreOf(logits[index]) ?? Number.NaN,
    mapOf: (index) => mapOf(data, index),
  };
};

/** Evidence of the toy's map, of the class that it takes its input for: parts of it are 0. */
export const toyMap: ClassMap = { rows: ROWS, columns: COLUMNS, data: Float32Array.from(toy.map) };

const [, CHANNELS, HEIGHT, WIDTH] = toy.dims;
const AREA = HEIGHT * WIDTH;

/** Planar values from channel to channel of a pixel, and back. */
const interleaved = (planar: ArrayLike<number>): Float32Array =>
  Float32Array.from({ length: planar.length }, (_, i) => planar[(i % CHANNELS) * AREA + Math.floor(i / CHANNELS)]);
const planar = (values: ArrayLike<number>): Float32Array =>
  Float32Array.from({ length: values.length }, (_, i) => values[(i % AREA) * CHANNELS + Math.floor(i / AREA)]);

interface Variant {
  readonly type?: Feed['type'];
  readonly layout?: Feed['layout'];
  /** Its input, in planes. */
  readonly input?: readonly number[];
}

/** The toy before its input, and what it was asked. */
export const toySubject = ({ type = 'float32', layout = 'nchw', input = toy.input }: Variant = {}) => {
  const asked: (readonly number[])[] = [];
  const isPlanar = layout === 'nchw';
  const data = isPlanar ? Float32Array.from(input) : interleaved(input);
  const dims = isPlanar ? toy.dims : [1, HEIGHT, WIDTH, CHANNELS];
  const feed: Feed = { name: 'input', type, layout, dims, data };
  const subject: Subject = {
    feed,
    spec: { rescale: 1, mean: toy.mean, std: toy.std },
    covered: { x: 0, y: 0, width: WIDTH, height: HEIGHT },
    full: answerTo(input.map(Math.fround)),
    ask: async (changed) => {
      asked.push(Array.from(changed));
      return answerTo(isPlanar ? changed : planar(changed));
    },
    arrays: arrayPool(),
  };
  return { subject, asked };
};
