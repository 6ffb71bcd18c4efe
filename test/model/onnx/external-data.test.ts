import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, it } from 'vitest';
import { besideModel } from '../../../src/model/onnx/external-data.js';
import { temporaryFolder } from '../../helpers/folders.js';

const folder = temporaryFolder();
writeFileSync(join(folder, 'weights'), 'abcdef');

it('a part of a file beside the model is read', () => {
  expect(besideModel(folder)('weights', 2, 3)).toEqual(new Uint8Array(Buffer.from('cde')));
  expect(() => besideModel(folder)('weights', 2, 5)).toThrow(
    /weights in .* is shorter than the model says, 6 bytes instead of at least 7;/,
  );
});

it('a model reaches no further than its own folder', () => {
  const inner = join(folder, 'inner');
  for (const location of ['../weights', join(folder, 'weights'), '', '.', `..${sep}inner-not${sep}weights`]) {
    expect(() => besideModel(inner)(location, 0, 1)).toThrow(/outside its own folder/);
  }
});

it('a model in the root folder has all below it', () => {
  const location = relative(sep, join(folder, 'weights'));
  expect(besideModel(sep)(location, 0, 6)).toEqual(new Uint8Array(readFileSync(join(folder, 'weights'))));
});
