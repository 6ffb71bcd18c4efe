import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { start } from '../helpers/command.js';
import { root, temporaryFolder } from '../helpers/folders.js';
import { cat, explainedNames, folderWith, linesOf, small } from '../helpers/runs.js';

const names = Array.from({ length: 8 }, (_, i) => `${i}.jpg`);
const photos = folderWith(Object.fromEntries(names.map((name) => [name, cat])));

/** `find | gapcam -`, with the test in the place of `find`. */
const stream = (...args: string[]) => {
  const output = join(temporaryFolder(), 'out');
  return { ...start(['-', ...small, '-o', output, ...args], { cwd: photos, input: null }), output };
};

describe.concurrent('paths that come one by one on standard input', () => {
  it('have their lines as soon as they are done, while further ones may come', async () => {
    const { child, outcome, printed } = stream('--json');
    for (const [i, name] of names.slice(0, 4).entries()) {
      child.stdin?.write(`${name}\n`);
      const [line, ...more] = linesOf(await printed(i + 1)).slice(i);
      expect(JSON.parse(line)).toMatchObject({ photo: name, maps: [{ verdict: 'ok' }] });
      expect(more).toEqual([]);
    }
    child.stdin?.end();
    const { code, stdout, stderr } = await outcome;
    expect(linesOf(stdout)).toHaveLength(4);
    expect(linesOf(stderr)[0]).toMatch(/^4 photos explained; results in /);
    expect(code).toBe(0);
  });

  it('may come in pieces, and the last without an end', async () => {
    const { child, outcome, output, printed } = stream();
    child.stdin?.write('0.jpg\n1');
    // What was written with it has been read by then: the rest of the name comes as another piece.
    await printed(1);
    child.stdin?.write('.jpg\r\n2.j');
    await printed(2);
    child.stdin?.end('pg');
    expect((await outcome).code).toBe(0);
    expect(explainedNames(output)).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  });

  it('end as interrupted, without a word, when whoever reads the results has had enough', async () => {
    const { child, outcome, printed } = stream('--json');
    child.stdin?.write('0.jpg\n');
    await printed(1);
    child.stdout?.destroy();
    for (const name of names.slice(1)) child.stdin?.write(`${name}\n`);
    // Standard input stays open: the run ends by itself.
    const { code, stderr } = await outcome;
    child.stdin?.end();
    expect(stderr).toBe('');
    expect(code).toBe(130);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('end with exit code 130 at %s, though none come', async (signal) => {
    const { child, outcome, printed, output } = stream();
    child.stdin?.write('0.jpg\n');
    await printed(1);
    child.kill(signal);
    const { code, stderr } = await outcome;
    child.stdin?.end();
    expect(stderr).toMatch(/^Interrupted: 1 photo explained; results in /m);
    expect(code).toBe(130);
    expect(explainedNames(output)).toEqual(['0.jpg']);
  });

  it('end with exit code 130 at SIGINT before the first', async () => {
    const { child, outcome, output, until } = stream();
    // The run is recorded as begun, and has nothing to do but to wait for paths.
    await until(() => existsSync(join(output, 'manifest.jsonl')));
    child.kill('SIGINT');
    const { code, stderr } = await outcome;
    child.stdin?.end();
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(130);
  });
});

describe.skipIf(!existsSync('/dev/full'))('results that cannot be written', () => {
  it('end the run with one sentence, and keep what is done', () => {
    const output = join(temporaryFolder(), 'out');
    const command = `'${process.execPath}' '${join(root, 'bin/gapcam.js')}' . -m nin-cifar10 --json -o '${output}' > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: photos, encoding: 'utf8' });
    expect(stderr).toMatch(/^gapcam: Cannot write to standard output \(.*\)\.\n/);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
  });
});
