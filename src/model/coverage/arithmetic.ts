import { TensorProto_DataType as Type } from 'onnx-buf';
import { intAttribute, type Node } from '../onnx/graph.js';

/** A list of numbers, or a table of them. An undefined element is not known. */
export interface Arrays {
  /** Columns of the table; 1 for a list or a single number. */
  readonly width: number;
  /** Row by row. */
  readonly data: readonly (number | undefined)[];
  /** Whether its numbers may have fractions. Whole numbers are divided as integers. */
  readonly isReal: boolean;
}

/** Longest list that is followed: dims and pads are shorter, and a damaged file may ask for any length. */
export const LONGEST = 64;

type Inputs = readonly (Arrays | undefined)[];

const binary: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Div', (a, b) => a / b],
  ['Mod', (a, b) => a - b * Math.floor(a / b)],
  ['Max', Math.max],
  ['Min', Math.min],
]);

const unary: ReadonlyMap<string, (a: number) => number> = new Map([
  ['Ceil', Math.ceil],
  ['Floor', Math.floor],
  ['Neg', (a) => -a],
  ['Identity', (a) => a],
]);

const elementwise = (a: Arrays, b: Arrays, compute: (a: number, b: number) => number): Arrays | undefined => {
  const length = Math.max(a.data.length, b.data.length);
  const fit = [a, b].every(({ width, data }) => width === 1 && (data.length === length || data.length === 1));
  if (!fit) return undefined;
  const isReal = a.isReal || b.isReal;
  const data = Array.from({ length }, (_, i) => {
    const [x, y] = [a.data[a.data.length === 1 ? 0 : i], b.data[b.data.length === 1 ? 0 : i]];
    if (x === undefined || y === undefined) return undefined;
    return isReal ? compute(x, y) : Math.trunc(compute(x, y));
  });
  return { width: 1, data, isReal };
};

const each = (a: Arrays, compute: (a: number) => number): Arrays => ({
  ...a,
  data: a.data.map((value) => (value === undefined ? undefined : compute(value))),
});

const clip = (a: Arrays, least: Arrays | undefined, most: Arrays | undefined): Arrays =>
  each(a, (value) =>
    Math.min(most?.data[0] ?? Number.POSITIVE_INFINITY, Math.max(least?.data[0] ?? Number.NEGATIVE_INFINITY, value)),
  );

const rowsOf = ({ width, data }: Arrays): readonly (readonly (number | undefined)[])[] =>
  Array.from({ length: data.length / width }, (_, row) => data.slice(row * width, (row + 1) * width));

/** Slice: rows of a table, or numbers of a list, with a positive or negative step. */
const slice = (a: Arrays, [starts, ends, axes, steps]: Inputs): Arrays | undefined => {
  const [start, end, axis, step] = [starts?.data[0], ends?.data[0], axes?.data[0] ?? 0, steps?.data[0] ?? 1];
  if (start === undefined || end === undefined || axis !== 0 || step === 0) return undefined;
  const rows = rowsOf(a);
  const at = (index: number) => (index < 0 ? index + rows.length : index);
  const picked: (typeof rows)[number][] = [];
  if (step > 0)
    for (let i = Math.max(0, at(start)); i < Math.min(rows.length, at(end)); i += step) picked.push(rows[i]);
  else for (let i = Math.min(rows.length - 1, at(start)); i > Math.max(-1, at(end)); i += step) picked.push(rows[i]);
  return { ...a, data: picked.flat() };
};

const reshape = (a: Arrays, target: Arrays | undefined): Arrays | undefined => {
  const dims = target?.data;
  if (dims === undefined || dims.length > 2) return undefined;
  const width = dims.length === 2 ? dims[1] : 1;
  return width === undefined || !(width >= 1 && width <= LONGEST) || a.data.length % width !== 0
    ? undefined
    : { ...a, width };
};

const transpose = (a: Arrays): Arrays => {
  const rows = rowsOf(a);
  return {
    ...a,
    width: rows.length,
    data: Array.from({ length: a.width }, (_, i) => rows.map((row) => row[i])).flat(),
  };
};

const concat = (inputs: Inputs): Arrays | undefined => {
  if (!inputs.every((input) => input?.width === 1)) return undefined;
  return {
    width: 1,
    data: inputs.flatMap((input) => input?.data ?? []),
    isReal: inputs.some((input) => input?.isReal),
  };
};

// Only zeros are followed, which is also the default value: exporters fill the pads of unpadded axes with them.
const constantOfShape = (node: Node, { data: [length] }: Arrays): Arrays | undefined =>
  length === undefined || length > LONGEST || node.attributes.get('value')?.t?.rawData.some((byte) => byte !== 0)
    ? undefined
    : { width: 1, data: Array.from({ length }, () => 0), isReal: false };

const cast = (a: Arrays, node: Node): Arrays => {
  const isReal = [Type.FLOAT, Type.DOUBLE, Type.FLOAT16].includes(intAttribute(node, 'to', Type.INT64));
  return isReal ? { ...a, isReal } : { ...each(a, Math.trunc), isReal };
};

/** The result of an operator on numbers that stand for sizes. Undefined for operators that are not followed. */
export const computed = (node: Node, inputs: Inputs): Arrays | undefined => {
  const [first, second, third] = inputs;
  if (node.op === 'Concat') return concat(inputs);
  if (first === undefined) return undefined;
  const [one, two] = [unary.get(node.op), binary.get(node.op)];
  if (one !== undefined) return each(first, one);
  if (two !== undefined) return second && elementwise(first, second, two);
  switch (node.op) {
    case 'Squeeze':
    case 'Unsqueeze':
      return first.width === 1 ? first : undefined;
    case 'Cast':
      return cast(first, node);
    case 'Clip':
      return clip(first, second, third);
    case 'Gather':
      return second && { ...first, data: second.data.map((i) => (i === undefined ? undefined : first.data.at(i))) };
    case 'Slice':
      return slice(first, inputs.slice(1));
    case 'Reshape':
      return reshape(first, second);
    case 'Transpose':
      return transpose(first);
    case 'ConstantOfShape':
      return constantOfShape(node, first);
    default:
      return undefined;
  }
};
