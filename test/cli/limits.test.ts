import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { root } from '../helpers/repository.js';
import { expectRefusal, small } from '../helpers/runs.js';

const program = join(root, 'bin', 'gapcam.js');
const photo = fixture('photos', 'cat.jpg');

/** Runs the built command after a line of the shell. */
const runAfter = (line: string, args: readonly string[]) => {
  const script = `${line} && exec "$@"`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', process.execPath, program, ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
};

const commandsTo = (folder: string): readonly (readonly [string, readonly string[]])[] => [
  ['explain', [photo, ...small, '-o', join(folder, 'out')]],
  ['inspect', ['inspect', 'nin-cifar10']],
  ['export', ['export', 'nin-cifar10', '-o', join(folder, 'x.onnx')]],
  ['merge', ['merge', join(folder, 'a'), join(folder, 'b'), '-o', join(folder, 'all')]],
  ['report', ['report', join(folder, 'out')]],
];

describe('where few files may be open', () => {
  it.each(commandsTo(temporaryFolder()))('%s is refused in one sentence that says so', (_, args) => {
    expectRefusal(runAfter('ulimit -n 32', args), /Too few files may be open .*ulimit -n/);
  });

  it('a process that cannot start is told of, or there are enough', () => {
    for (const limit of [72, 80]) {
      const outcome = runAfter(`ulimit -n ${limit}`, [fixture('photos'), ...small, '-q', '-o', temporaryFolder()]);
      if (outcome.code !== 0) expectRefusal(outcome, /ulimit -n/);
    }
  });
});

describe('where the current folder was removed', () => {
  it.each(commandsTo(temporaryFolder()))('%s is refused in one sentence', (_, args) => {
    const gone = mkdtempSync(join(tmpdir(), 'gapcam-gone-'));
    try {
      expectRefusal(
        runAfter(`cd '${gone}' && rmdir '${gone}'`, args),
        /The current folder is gone; change into another\./,
      );
    } finally {
      rmSync(gone, { recursive: true, force: true });
    }
  });
});

it('the same commands are not refused elsewhere', () => {
  expect(runAfter('true', ['inspect', 'nin-cifar10']).code).toBe(0);
});
