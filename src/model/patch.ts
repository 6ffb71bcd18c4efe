import { create, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, ValueInfoProtoSchema } from 'onnx-buf';

/**
 * The same model with more of its tensors as outputs. Protobuf merges repeated messages, so appending a model that
 * holds nothing but the new outputs adds them, and no weight is decoded or written again.
 */
export const withOutputs = (model: Uint8Array, names: readonly string[]): Uint8Array => {
  if (names.length === 0) return model;
  const output = names.map((name) => create(ValueInfoProtoSchema, { name }));
  const addition = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { graph: create(GraphProtoSchema, { output }) }),
  );
  const patched = new Uint8Array(model.length + addition.length);
  patched.set(model);
  patched.set(addition, model.length);
  return patched;
};
