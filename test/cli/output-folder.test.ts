import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { root, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { cat, expectRefusal, explainedOf, filesBelow, folderWith, picturesBelow, small } from '../helpers/runs.js';

/** By the command, without a start of it. */
const explain = (photos: string, output: string, ...more: readonly string[]) =>
  called([photos, ...small, '-o', output, ...more]);
/** The same without its processes. */
const explainHere = (photos: string, output: string, overwrite = false) =>
  runHere({ photos: [photos], output, overwrite });

describe.concurrent("a person's own files in the output folder", () => {
  let photos: string;
  let picture: string;
  beforeAll(async () => {
    photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const output = temporaryFolder();
    await explainHere(photos, output);
    picture = explainedOf(output).find(({ photo }) => photo === 'a.jpg')?.maps[0].files[0] ?? '';
  });

  it("that have a picture's name cost that photo alone, with --overwrite too, and are named", async () => {
    const output = folderWith({ [picture]: 'my own' });
    for (const more of [[], ['--overwrite']]) {
      const { code, stderr } = await explain(photos, output, ...more);
      expect(stderr).toContain(`${join(output, picture)} is not this run's own, and is not replaced; move it away`);
      expect(code).toBe(1);
      expect(readFileSync(join(output, picture), 'utf8')).toBe('my own');
      expect(explainedOf(output).map(({ photo }) => photo)).toEqual(['b.jpg']);
    }
    rmSync(join(output, picture));
    expect(await explainHere(photos, output)).toMatchObject({ done: 1, skipped: 1 });
  });

  it('are not mistaken for half-written ones', async () => {
    const output = folderWith({ '.gapcam/notes.txt': 'my own', '.gapcam/123-4': 'my own' });
    expect(await explainHere(photos, output, true)).toMatchObject({ done: 2 });
    for (const name of ['notes.txt', '123-4'])
      expect(readFileSync(join(output, '.gapcam', name), 'utf8')).toBe('my own');
  });

  it('keep the run out where they stand in the place of its folder', async () => {
    expectRefusal(
      await refusalOf(explainHere(photos, folderWith({ '.gapcam': 'my own' }))),
      /\.gapcam is no folder, and is not replaced/,
    );
  });

  it('stay where a run was killed before its first line, and its own picture is gone on with', async () => {
    const output = temporaryFolder();
    await explainHere(photos, output);
    const pictures = picturesBelow(output);
    rmSync(join(output, 'manifest.jsonl'));
    expect(await explainHere(photos, output)).toMatchObject({ done: 2 });
    expect(picturesBelow(output)).toEqual(pictures);
  });
});

describe.concurrent('links in the output folder', () => {
  it('lead no picture out of it', async () => {
    const outside = temporaryFolder();
    const output = temporaryFolder();
    symlinkSync(outside, join(output, 'sub'));
    const { code, stderr } = await explain(folderWith({ 'sub/a.jpg': cat, 'b.jpg': cat }), output);
    expect(stderr).toContain(`${join(output, 'sub')} is a link that leads out of ${output}, and is not replaced`);
    expect(code).toBe(1);
    expect(filesBelow(outside)).toEqual([]);
    expect(explainedOf(output).map(({ photo }) => photo)).toEqual(['b.jpg']);
  });

  it('may lead to another folder of it', async () => {
    const output = temporaryFolder();
    mkdirSync(join(output, 'other'));
    symlinkSync('other', join(output, 'sub'));
    expect(await explainHere(folderWith({ 'sub/a.jpg': cat }), output)).toMatchObject({ done: 1 });
    expect(filesBelow(join(output, 'other'))).toHaveLength(1);
  });

  it('lead no half-written file out of it', async () => {
    const outside = folderWith({ 'gapcam-00000000-0000-0000-0000-000000000000-0.tmp': 'mine' });
    const output = temporaryFolder();
    symlinkSync(outside, join(output, '.gapcam'));
    expectRefusal(
      await refusalOf(explainHere(folderWith({ 'a.jpg': cat }), output)),
      /\.gapcam is a link, and is not replaced/,
    );
    expect(filesBelow(outside)).toHaveLength(1);
  });

  it('may be the output folder itself', async () => {
    const output = join(temporaryFolder(), 'link');
    symlinkSync(temporaryFolder(), output);
    expect(await explainHere(folderWith({ 'sub/a.jpg': cat }), output)).toMatchObject({ done: 1 });
    expect(picturesBelow(output)).toHaveLength(1);
  });
});

/** Whether processes may be put into a namespace of their own, with numbers that begin at 1. */
const unshare = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child'];
const mayUnshare = spawnSync('unshare', [...unshare, 'true']).status === 0;

describe.concurrent('two runs at once in one folder', () => {
  let photo: string;
  beforeAll(() => {
    photo = join(folderWith({ 'one.jpg': cat }), 'one.jpg');
  });
  /** A run that waits for paths. */
  const waiting = async (output: string) => {
    const first = start(['-', ...small, '-o', output], { input: null });
    await first.until(() => existsSync(join(output, 'run.json')));
    return first;
  };

  it('are refused, and a run that died is not in the way', async () => {
    const output = temporaryFolder();
    const first = await waiting(output);
    expectRefusal(await gapcam([photo, ...small, '-o', output]), /Another run is writing to .* now \(process \d+ on /);
    first.child.kill('SIGKILL');
    await first.outcome;
    expect(existsSync(join(output, '.gapcam', 'run'))).toBe(true);
    expect((await explain(photo, output)).code).toBe(0);
  });

  it.runIf(mayUnshare)('are refused in containers of one host name, where each is process 1', async () => {
    const output = temporaryFolder();
    const first = await waiting(output);
    const inside = (command: string) => {
      const args = ['bin/gapcam.js', photo, ...small, '-o', output, '--jobs', '1'];
      return spawnSync('unshare', [...unshare, command, ...args], { cwd: root, encoding: 'utf8' });
    };
    const { status, stderr } = inside(process.execPath);
    expect(stderr).toMatch(/Another run is writing to .* now/);
    expect(status).toBe(2);
    first.child.kill('SIGKILL');
    await first.outcome;
    // Nobody can see from there that it died. A mark that was not touched for a minute counts no more.
    execFileSync('touch', ['-d', '2 minutes ago', join(output, '.gapcam', 'run')]);
    expect(inside(process.execPath).status).toBe(0);
  });

  it("leave a mark alone that is another run's by now", async () => {
    const output = temporaryFolder();
    const first = await waiting(output);
    const mark = join(output, '.gapcam', 'run');
    const other = readFileSync(mark, 'utf8').replace(/"token":"[^"]*"/, '"token":"another"');
    writeFileSync(mark, other);
    first.child.stdin?.end();
    await first.outcome;
    expect(readFileSync(mark, 'utf8')).toBe(other);
  });
});
