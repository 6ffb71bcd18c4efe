import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportFile } from '../../src/run/workers/export-file.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { expectRefusal } from '../helpers/runs.js';

const WEIGHTS = 'external-data.onnx.data';

/** A model with weights in a second file, a link to its folder, and what both files hold. */
const given = () => {
  const here = temporaryFolder();
  const folder = join(here, 'model');
  mkdirSync(folder);
  const files = ['external-data.onnx', WEIGHTS].map((name) => {
    copyFileSync(fixture('heads', 'external', name), join(folder, name));
    return join(folder, name);
  });
  symlinkSync(folder, join(here, 'linked'));
  const content = () => files.map((file) => readFileSync(file, 'latin1'));
  return { here, folder, linked: join(here, 'linked'), model: files[0], weights: files[1], content };
};

type Given = ReturnType<typeof given>;

const makePipe = (file: string): string => {
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  return file;
};

/** The target of an export that must not be written, and what is said. */
const attacks: readonly [string, (at: Given) => string, RegExp][] = [
  ['the model', ({ model }) => model, /is the model itself/],
  ['the model through a linked folder', ({ linked }) => join(linked, 'external-data.onnx'), /is the model itself/],
  [
    'the model by another name of it',
    ({ model, folder }) => {
      linkSync(model, join(folder, 'same.onnx'));
      return join(folder, 'same.onnx');
    },
    /is the model itself/,
  ],
  ["the model's weights", ({ weights }) => weights, /holds the model's own weights/],
  ["the model's weights through a linked folder", ({ linked }) => join(linked, WEIGHTS), /the model's own weights/],
  [
    'a link',
    ({ folder, model }) => {
      symlinkSync(model, join(folder, 'link.onnx'));
      return join(folder, 'link.onnx');
    },
    /is a link, and is not replaced/,
  ],
  [
    'a link that leads to nothing',
    ({ folder }) => {
      symlinkSync('nowhere', join(folder, 'link.onnx'));
      return join(folder, 'link.onnx');
    },
    /is a link, and is not replaced/,
  ],
  ['a folder', ({ here }) => join(here, 'model'), /is a folder, and is not replaced/],
  ['a pipe', ({ folder }) => makePipe(join(folder, 'pipe.onnx')), /is a pipe or a device, and is not replaced/],
];

describe.concurrent('an attack that makes an export replace, with --overwrite,', () => {
  it.each(attacks)('%s is refused in one sentence, and changes nothing', async (_, targetOf, about) => {
    const at = given();
    const target = targetOf(at);
    const [before, content, entry] = [readdirSync(at.folder), at.content(), lstatSync(target)];
    expectRefusal(await called(['export', at.model, '-o', target, '--overwrite']), about);
    expect(readdirSync(at.folder)).toEqual(before);
    expect(at.content()).toEqual(content);
    expect(lstatSync(target).ino).toBe(entry.ino);
    expect(lstatSync(target).mode).toBe(entry.mode);
  });

  it('nothing but another regular file: that is replaced, also through a linked folder beside the weights', async () => {
    const { linked, folder, model, content } = given();
    const before = content();
    expectRefusal(await gapcam(['export', model, '-o', model, '--overwrite']), /is the model itself/);
    writeFileSync(join(folder, 'old.onnx'), 'old');
    expect((await gapcam(['export', model, '-o', join(linked, 'old.onnx'), '--overwrite'])).code).toBe(0);
    expect(readFileSync(join(folder, 'old.onnx')).length).toBeGreaterThan(1000);
    expect(content()).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['external-data.onnx', WEIGHTS, 'old.onnx']);
  });
});

describe('an attack on an export that is under way', () => {
  /** Exports while somebody puts something there once the target was looked at. */
  const exportMeanwhile = async (names: { readonly target: string; readonly temporary: string }, put: () => void) => {
    const setup = { model: 'nin-cifar10', prepare: {}, displayPath: names.target, overwrite: false, top: undefined };
    await exportFile({ ...setup, ...names }, async () => put());
  };

  it('by a file that appears under its name leaves that file as it is', async () => {
    const here = temporaryFolder();
    const names = { target: join(here, 'new.onnx'), temporary: join(here, 'temporary') };
    const put = () => writeFileSync(names.target, "somebody's own");
    await expect(exportMeanwhile(names, put)).rejects.toMatchObject({ code: 'name-taken' });
    expect(readFileSync(names.target, 'utf8')).toBe("somebody's own");
    expect(readdirSync(here)).toEqual(['new.onnx']);
  });

  it('by a link under the name that it writes to first does not write through the link', async () => {
    const here = temporaryFolder();
    const names = { target: join(here, 'new.onnx'), temporary: join(here, 'temporary') };
    writeFileSync(join(here, 'precious'), 'precious');
    const put = () => symlinkSync('precious', names.temporary);
    await expect(exportMeanwhile(names, put)).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(readFileSync(join(here, 'precious'), 'utf8')).toBe('precious');
    expect(readdirSync(here)).not.toContain('new.onnx');
  });
});
