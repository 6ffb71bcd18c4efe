import { readdirSync, readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { expect, it } from 'vitest';
import { fixture } from '../helpers/folders.js';

const models = readdirSync(fixture(), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.onnx'));

it.each(models)('%s holds no trace of the machine that made it', (name) => {
  const { graph, metadataProps } = fromBinary(ModelProtoSchema, readFileSync(fixture(name)));
  expect((graph?.node ?? []).flatMap((node) => node.metadataProps)).toEqual([]);
  expect([...(graph?.metadataProps ?? []), ...metadataProps].map(({ value }) => value).join()).not.toMatch(/\/|\\/);
});
