import { create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  FunctionProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  SparseTensorProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { externalRanges } from '../../../src/model/onnx/external-ranges.js';

/** A tensor of float32 numbers in a second file. */
const tensor = (entries: Readonly<Record<string, string>>, elements = 2) =>
  create(TensorProtoSchema, {
    name: 'w',
    dataType: TensorProto_DataType.FLOAT,
    dims: [BigInt(elements)],
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });

const at = (location: string, offset: number, length = 8) =>
  tensor({ location, offset: `${offset}`, length: `${length}` });

const rangesOf = (...initializer: ReturnType<typeof tensor>[]) =>
  externalRanges(create(ModelProtoSchema, { graph: create(GraphProtoSchema, { initializer }) }));

describe('the bytes beside a model that its tensors use', () => {
  it('are found in graphs inside operations, attributes, sparse tensors and functions', () => {
    const node = (attribute: object) =>
      create(NodeProtoSchema, { attribute: [create(AttributeProtoSchema, { name: 'a', ...attribute })] });
    const sparse = (file: string) =>
      create(SparseTensorProtoSchema, { values: at(`${file}.values`, 0), indices: at(`${file}.indices`, 0) });
    const holding = (file: string) => create(GraphProtoSchema, { initializer: [at(file, 0)] });
    const model = create(ModelProtoSchema, {
      graph: create(GraphProtoSchema, {
        initializer: [at('initializer', 0), create(TensorProtoSchema, { name: 'inside' })],
        sparseInitializer: [sparse('sparse')],
        node: [
          node({ t: at('constant', 0) }),
          node({ tensors: [at('first', 0), at('second', 0)] }),
          node({ g: create(GraphProtoSchema, { node: [node({ g: holding('deep') })] }) }),
          node({ graphs: [holding('one'), holding('two')] }),
          node({ sparseTensor: sparse('attribute'), sparseTensors: [sparse('list')] }),
        ],
      }),
      functions: [create(FunctionProtoSchema, { node: [node({ t: at('function', 0) })] })],
    });
    expect(externalRanges(model).map(({ location }) => location)).toEqual(
      [
        ...['initializer', 'sparse.values', 'sparse.indices', 'constant', 'first', 'second', 'deep', 'one', 'two'],
        ...['attribute.values', 'attribute.indices', 'list.values', 'list.indices', 'function'],
      ].sort(),
    );
  });

  it('are there once, whoever shares them and however the file is spelled', () => {
    expect(rangesOf(at('w', 4), at('w', 0), at('./w', 0), at('w', 20), at('v', 0))).toEqual([
      { location: 'v', start: 0, end: 8 },
      { location: 'w', start: 0, end: 12 },
      { location: 'w', start: 20, end: 28 },
    ]);
  });

  it('end where type and dims say it, if no length is given', () => {
    expect(rangesOf(tensor({ location: 'w', offset: '16' }, 3))).toEqual([{ location: 'w', start: 16, end: 28 }]);
  });

  it.each([
    ['no file', {}, /w" in the model is in a second file that it does not name/],
    ['a negative offset', { location: 'w', offset: '-4' }, /has the offset "-4" in w, which is no place in a file/],
    ['a length that is a word', { location: 'w', length: 'all' }, /has the length "all"/],
  ])('are refused where a tensor names %s', (_, entries, sentence) => {
    expect(() => rangesOf(tensor(entries))).toThrow(sentence);
  });
});
