import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, ValueInfoProtoSchema } from 'onnx-buf';

/**
 * The same model with additions to its graph. Protobuf merges repeated messages, so it suffices to append a model that
 * holds only the additions. No weight is decoded or written again.
 */
export const withAddition = (model: Uint8Array, graph: MessageInitShape<typeof GraphProtoSchema>): Uint8Array => {
  const addition = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: create(GraphProtoSchema, graph) }));
  const patched = new Uint8Array(model.length + addition.length);
  patched.set(model);
  patched.set(addition, model.length);
  return patched;
};

/** The same model with further tensors as outputs. */
export const withOutputs = (model: Uint8Array, names: readonly string[]): Uint8Array =>
  names.length === 0
    ? model
    : withAddition(model, { output: names.map((name) => create(ValueInfoProtoSchema, { name })) });
