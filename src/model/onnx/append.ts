import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, ValueInfoProtoSchema } from 'onnx-buf';

/**
 * The same model with more in its graph. Protobuf merges repeated messages, so appending a model that holds nothing but
 * what is new adds it, and no weight is decoded or written again.
 */
export const withAddition = (model: Uint8Array, graph: MessageInitShape<typeof GraphProtoSchema>): Uint8Array => {
  const addition = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: create(GraphProtoSchema, graph) }));
  const patched = new Uint8Array(model.length + addition.length);
  patched.set(model);
  patched.set(addition, model.length);
  return patched;
};

/** The same model with more of its tensors as outputs. */
export const withOutputs = (model: Uint8Array, names: readonly string[]): Uint8Array =>
  names.length === 0
    ? model
    : withAddition(model, { output: names.map((name) => create(ValueInfoProtoSchema, { name })) });
