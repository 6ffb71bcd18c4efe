const LENGTH_DELIMITED = 2;

/** A number as protobuf writes it. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | LENGTH_DELIMITED, ...varint(bytes.length)]), bytes]);

// Numbers of fields: of a model its graph, of a graph its nodes, of a node its operator and attributes, and so on.
const [GRAPH, NODE, OPERATOR, ATTRIBUTE, INNER] = [7, 1, 4, 5, 6];

/** Bytes of an ONNX file's graph, in which each has one operation, with another graph within. Added to a model's bytes, it is part of it. */
export const nested = (depth: number): Uint8Array => {
  let graph: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) {
    const operation = [field(OPERATOR, Buffer.from('If')), field(ATTRIBUTE, field(INNER, graph))];
    graph = field(NODE, Buffer.concat(operation));
  }
  return field(GRAPH, graph);
};
