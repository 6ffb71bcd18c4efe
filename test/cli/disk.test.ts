import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { finishedPhotos } from '../../src/run/resume.js';
import { openStore } from '../../src/stores/index.js';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { damageOf } from '../helpers/kills.js';
import { cat, expectSentence, explainedOf, folderWith, linesOf, small } from '../helpers/runs.js';
import { mountDisk, remountDisk, unmountDisk } from '../helpers/small-disk.js';

const COUNT = 40;
const photos = folderWith(Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [`${100 + i}.jpg`, cat])));

const disk = join(temporaryFolder(), 'disk');
mkdirSync(disk);
const mounted = mountDisk(disk, 600);
if (!mounted) console.warn('The tests of a full disk are skipped: no disk can be mounted here.');
afterAll(() => {
  if (mounted) unmountDisk(disk);
});

/** Fills the disk up to so many bytes. @returns the file that does it. */
const fillUpTo = (free: number): string => {
  const file = join(disk, 'filler');
  rmSync(file, { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(file, Buffer.alloc(bavail * bsize - free));
  return file;
};

describe.skipIf(!mounted)('a disk that is full (where one can be mounted)', () => {
  const output = join(disk, 'out');
  const args = [photos, ...small, '--jobs', '2', '-q', '-o', output];

  it('stops the run with one sentence, keeps what is finished, and the next run does the rest', async () => {
    const undisturbed = temporaryFolder();
    expect((await gapcam([photos, ...small, '--jobs', '2', '-o', undisturbed])).code).toBe(0);
    const { code, stderr } = await gapcam(args);
    expect(linesOf(stderr)).toHaveLength(1);
    expectSentence(linesOf(stderr)[0], /^gapcam: Cannot write .*the disk is full; what is finished is kept/);
    expect(code).toBe(2);
    expect(existsSync(join(output, '.gapcam'))).toBe(false);

    const lines = readFileSync(join(output, 'manifest.jsonl'), 'utf8');
    const kept = explainedOf(output);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(COUNT);
    for (const { maps } of kept) {
      const [name] = maps[0].files;
      expect(readFileSync(join(output, name)).equals(readFileSync(join(undisturbed, name)))).toBe(true);
    }

    // Still full: the same sentence, and nothing is lost.
    const again = await gapcam(args);
    expect(again.stderr).toContain('the disk is full');
    expect(again.code).toBe(2);
    expect(readFileSync(join(output, 'manifest.jsonl'), 'utf8').startsWith(lines)).toBe(true);

    remountDisk(disk, 'size=16m');
    expect((await gapcam(args)).code).toBe(0);
    expect(damageOf(output, undisturbed)).toEqual([]);
  });

  it('stops the run with one sentence where it has become read-only', async () => {
    remountDisk(disk, 'ro');
    const { code, stderr } = await gapcam(args);
    remountDisk(disk, 'rw');
    expect(linesOf(stderr)).toHaveLength(1);
    expectSentence(linesOf(stderr)[0], /Cannot write .*its file system is read-only/);
    expect(code).toBe(2);
  });

  it('takes no line of a manifest that is mended there', async () => {
    const folder = join(disk, 'mended');
    mkdirSync(join(folder, '.gapcam'), { recursive: true });
    const line = (photo: number) => `{"photo":"${photo}.jpg","width":1,"text":"${'x'.repeat(1000)}","files":[]}`;
    const lines = Array.from({ length: 900 }, (_, i) => line(i));
    writeFileSync(join(folder, 'manifest.jsonl'), `${lines.join('\n')}\n{"photo":"torn`);
    const filler = fillUpTo(300_000);
    const { signal } = new AbortController();
    const store = openStore(folder);
    await expect(finishedPhotos(store, signal)).rejects.toThrow(/the disk is full/);
    await expect(store.putLines('other.jsonl', Readable.from(lines))).rejects.toThrow(/the disk is full/);
    expect(existsSync(join(folder, 'other.jsonl'))).toBe(false);
    rmSync(filler);
    rmSync(join(folder, '.gapcam'), { recursive: true });
    mkdirSync(join(folder, '.gapcam'));
    expect((await finishedPhotos(store, signal)).table.size()).toBe(900);
    expect(readFileSync(join(folder, 'manifest.jsonl'), 'utf8')).toBe(`${lines.join('\n')}\n`);
  });
});

describe('an output folder that is taken away in the middle', () => {
  it('stops the run with one sentence', async () => {
    const output = join(temporaryFolder(), 'out');
    const { child, outcome } = start([photos, ...small, '--jobs', '2', '-o', output]);
    // In one go: to remove it file by file would take as long as the run goes on.
    child.stdout?.once('data', () => renameSync(output, `${output}-gone`));
    const { code, stderr } = await outcome;
    expect(linesOf(stderr)).toHaveLength(1);
    // Whichever is written next notices: a picture or a line.
    const gone = /^gapcam: (Cannot write to the output folder .*it is gone|.*manifest\.jsonl was removed)/;
    expectSentence(linesOf(stderr)[0], gone);
    expect(code).toBe(2);
  });

  it('stops it at once though standard input stays open and idle', async () => {
    const output = join(temporaryFolder(), 'out');
    const { child, outcome } = start(['-', ...small, '-o', output], { cwd: photos, input: null });
    child.stdin?.write('100.jpg\n');
    child.stdout?.once('data', () => {
      renameSync(output, `${output}-gone`);
      child.stdin?.write('101.jpg\n');
    });
    const { code, stderr } = await outcome;
    child.stdin?.end();
    expect(linesOf(stderr)).toHaveLength(1);
    expectSentence(linesOf(stderr)[0], /it is gone/);
    expect(code).toBe(2);
  });
});
