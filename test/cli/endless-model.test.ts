import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { endlessClassifier } from '../helpers/endless-model.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { childrenOf, leftOf, tellsChildren } from '../helpers/processes.js';
import { expectRefusal } from '../helpers/runs.js';

const folder = temporaryFolder();
const model = writeModelFolder(join(folder, 'model'), {
  model: endlessClassifier(),
  labels: ['red', 'green'],
  preprocessor: cropped(8),
});
const photo = fixture('photos', 'cat.jpg');
const target = join(folder, 'with-maps.onnx');

const commands: readonly [string, readonly string[]][] = [
  ['explained', [photo, '-m', model, '-o', join(folder, 'out')]],
  ['inspected', ['inspect', model]],
  ['exported', ['export', model, '-o', target]],
];

const sentence = /The model could not be prepared within 0\.5 s; it may never end, or give it longer with --timeout\.$/;

describe.concurrent('a model that never ends', () => {
  it.each(commands)('is given up after --timeout where it is to be %s', async (_, args) => {
    expectRefusal(await called([...args, '--timeout', '0.5']), sentence);
  });

  it('is given up so by the command', async () => {
    expectRefusal(await gapcam(['inspect', model, '--timeout', '0.5']), sentence);
  });

  it('is a refusal as data with --json', async () => {
    const { code, stdout } = await called(['inspect', model, '--json', '--timeout', '0.5']);
    expect(JSON.parse(stdout).refused).toMatchObject({
      code: 'prepare-timeout',
      message: expect.stringMatching(sentence),
    });
    expect(code).toBe(2);
  });

  // Both signals lead to the same from where they are caught.
  const interruptions = commands.map(
    ([what, args], i) => [what, (['SIGINT', 'SIGTERM'] as const)[i % 2], args] as const,
  );
  it.runIf(tellsChildren).each(interruptions)('that is to be %s is left at once by %s', async (_, signal, args) => {
    const { child, outcome, until } = start([...args, '--timeout', '3600']);
    await until(() => childrenOf(child.pid).length > 0);
    const workers = childrenOf(child.pid);
    child.kill(signal);
    expect((await outcome).code).toBe(130);
    expect(await leftOf(workers)).toEqual([]);
    expect(existsSync(target)).toBe(false);
  });

  it.each(['0', '-1', 'soon'])('has a limit that is a number above 0, not %s', async (timeout) => {
    for (const args of commands.slice(1)) {
      expectRefusal(await called([...args[1], '--timeout', timeout]), /Expected a number of seconds above 0/);
    }
  });
});

describe('an export', () => {
  it('that is given up or cannot be written leaves nothing beside its target', async () => {
    const here = temporaryFolder();
    await called(['export', model, '-o', join(here, 'x.onnx'), '--timeout', '0.5']);
    writeFileSync(join(here, 'file'), '');
    expectRefusal(await called(['export', 'nin-cifar10', '-o', join(here, 'file', 'x.onnx')]), /Cannot write/);
    expect(readdirSync(here)).toEqual(['file']);
  });
});
