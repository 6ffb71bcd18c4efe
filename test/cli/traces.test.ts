import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { fixture, root, temporaryFolder } from '../helpers/folders.js';
import { small } from '../helpers/runs.js';

const photo = fixture('photos', 'cat.jpg');

/**
 * Folders where programs leave what they know of a person, empty. Tests tell ONNX Runtime to keep quiet, and on CI it does
 * so by itself.
 */
const person = () => {
  const [home, temporary] = [temporaryFolder(), temporaryFolder()];
  const places = { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), TMPDIR: temporary };
  const environment = { ...places, CI: '', ORT_DISABLE_TELEMETRY: '' };
  return { environment, traces: () => [home, temporary].flatMap((folder) => readdirSync(folder)) };
};

describe.concurrent('nothing is left in the home folder or among temporary files, and nothing to be sent to anybody', () => {
  it.each([
    ['a run', () => [photo, ...small, '-q', '-o', join(temporaryFolder(), 'out')]],
    ['inspect', () => ['inspect', 'nin-cifar10']],
    ['export', () => ['export', 'nin-cifar10', '-o', join(temporaryFolder(), 'maps.onnx')]],
  ])('by %s', async (_, args) => {
    const { environment, traces } = person();
    expect((await gapcam(args(), { environment })).code).toBe(0);
    expect(traces()).toEqual([]);
  });

  it('by the library', () => {
    const { environment, traces } = person();
    const library = pathToFileURL(join(root, 'dist/index.js')).href;
    const program = `await (await import(${JSON.stringify(library)})).prepareModel('nin-cifar10')`;
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, ...environment } });
    expect(traces()).toEqual([]);
  });
});
