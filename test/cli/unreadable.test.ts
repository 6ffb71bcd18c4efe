import { chmodSync, chownSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { runHere } from '../helpers/in-process.js';
import { cat, expectSentence, folderWith, linesOf, small } from '../helpers/runs.js';
import { somebody } from '../helpers/somebody.js';

const give = (folder: string, uid: number): void => {
  chownSync(folder, uid, uid);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(join(folder, name), uid, uid);
};

describe.skipIf(somebody === undefined).concurrent('a run of which one file may not be read', () => {
  let before: string;
  beforeAll(async () => {
    before = folderWith({ 'photos/a.jpg': cat, 'photos/b.jpg': cat });
    await runHere({ photos: [join(before, 'photos')], output: join(before, 'out'), report: true });
  });

  it.each([['run.json'], ['manifest.jsonl'], ['report.html'], ['report-data']])(
    'is refused in one sentence, and stays as it is: %s',
    async (name) => {
      const here = join(temporaryFolder(), 'here');
      cpSync(before, here, { recursive: true, preserveTimestamps: true });
      if (somebody?.uid !== undefined) give(join(here, '..'), somebody.uid);
      chmodSync(join(here, 'out', name), 0);
      for (const args of [
        ['photos', ...small, '-q', '-o', 'out'],
        ['report', 'out'],
      ]) {
        const { code, stdout, stderr } = await gapcam(args, { cwd: here, ...somebody });
        expect(linesOf(stderr)).toHaveLength(1);
        expectSentence(linesOf(stderr)[0], new RegExp(`^gapcam: .*${name}.*`));
        expect(stdout).toBe('');
        expect(code).toBe(2);
      }
      chmodSync(join(here, 'out', name), 0o700);
      const again = await runHere({ photos: [join(here, 'photos')], output: join(here, 'out') });
      expect(again).toMatchObject({ done: 0, skipped: 2 });
    },
  );
});
