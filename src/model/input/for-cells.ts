import { nearestStep, type Steps } from '../../image/geometry.js';
import type { Size } from '../../maps/box.js';
import { type SizeSteps, sizeStepsOf } from '../coverage/sizes.js';
import type { ModelFiles } from '../locate.js';
import type { Graph } from '../onnx/graph.js';
import { readGraphInput } from './graph-input.js';
import { type Input, settleInput } from './input.js';
import { parseInput } from './parse-flags.js';
import type { InputFlags } from './sources.js';

const inWords = ({ width, height }: Size): string => (width === height ? `${width}` : `${width}x${height}`);

const offsetOf = ({ stride, least }: Steps): number => least % stride;

/** The step in words: "32", or "32x16" where the strides differ. With an offset where multiples alone do not fit. */
const stepsInWords = ({ width, height }: SizeSteps): string => {
  const stride = inWords({ width: width.stride, height: height.stride });
  const offset = inWords({ width: offsetOf(width), height: offsetOf(height) });
  return offset === '0' ? stride : `${stride} plus its border of ${offset}`;
};

const isMultiple = (size: number, { stride }: Steps): boolean => size % stride === 0;

/** The nearest size that fits the cells. A multiple of the stride, or a size that fits, stays. */
const fitted = (size: number, steps: Steps): number =>
  isMultiple(size, steps) && size >= steps.least ? size : nearestStep(size, steps);

const withSize = (graph: Graph, files: ModelFiles, flags: InputFlags, asked: Size, steps: SizeSteps): Input => {
  const size = { width: fitted(asked.width, steps.width), height: fitted(asked.height, steps.height) };
  const unparsed = { ...flags.unparsed, size: `${size.width}x${size.height}` };
  const input = settleInput(graph, files, { ...flags, unparsed });
  const said = `--size ${inWords(asked)}`;
  const multiple = `multiple of the network's stride of ${stepsInWords(steps)}`;
  return {
    ...input,
    origins: { ...input.origins, size: { source: 'flag', where: `${said}, to a ${multiple}` } },
    warnings: [...input.warnings, `${said} is no ${multiple}; ${inWords(size)} is taken.`],
  };
};

const feedingWhole = (graph: Graph, files: ModelFiles, flags: InputFlags, steps: SizeSteps): Input => {
  const input = settleInput(graph, files, { ...flags, steps });
  const multiples = `multiples of the network's stride of ${stepsInWords(steps)}`;
  const origin = { source: 'flag', where: `--whole, to ${multiples}` } as const;
  return {
    ...input,
    origins: { ...input.origins, size: origin, resize: origin },
    warnings: [...input.warnings, `--whole feeds each photo with edges that are ${multiples}.`],
  };
};

const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/**
 * How photos are fed to a network. Where the graph leaves the size free, a size from `--size` or `--whole` becomes the
 * nearest that the network's cells cover wholly. The user's resize and crop stay unchanged, and so does a size that
 * the model's files give or that is assumed.
 * @throws as `settleInput`.
 */
export const settleForCells = (graph: Graph, files: ModelFiles, flags: InputFlags): Input => {
  const input = settleInput(graph, files, flags);
  const { size, resize, crop } = flags.unparsed;
  const { width, height } = readGraphInput(graph);
  const isChosen = flags.whole || (size !== undefined && resize === undefined && crop === undefined);
  if (!isChosen || width !== undefined || height !== undefined) return input;
  const steps = sizeStepsOf(graph, input);
  if (steps === undefined) return input;
  if (flags.whole) return feedingWhole(graph, files, flags, steps);
  const asked = parseInput({ size }, 'flag', (key) => `--${key}`).size?.value ?? input.size;
  const found = settleInput(graph, files, { ...flags, unparsed: { ...flags.unparsed, size: undefined } }).size;
  const fits = fitted(asked.width, steps.width) === asked.width && fitted(asked.height, steps.height) === asked.height;
  return fits || sameSize(asked, found) ? input : withSize(graph, files, flags, asked, steps);
};
