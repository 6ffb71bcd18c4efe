import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExplainOptions } from '../../src/options/explain.js';
import { isError } from '../../src/results/line.js';
import type { Shard } from '../../src/results/settings.js';
import { failedOf } from '../../src/run/tally.js';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { damageOf } from '../helpers/kills.js';
import {
  cat,
  expectRefusal,
  explainedNames,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';

const names = Array.from({ length: 12 }, (_, i) => `${i % 2}/${100 + i}.jpg`).sort();

/** Photos, explained at once in `whole`, and in three shards in `parts`. */
let first: string;
beforeAll(async () => {
  first = folderWith({
    ...Object.fromEntries(names.map((name) => [`photos/${name}`, cat])),
    'photos/bad.jpg': 'words',
  });
  const explain = (output: string, shard?: Shard) =>
    runHere({
      photos: [join(first, 'photos')],
      output: join(first, output),
      report: shard === undefined,
      ...(shard && { shard }),
    });
  const tallies = [await explain('whole')];
  for (const index of [1, 2, 3]) tallies.push(await explain(`parts/${index}-of-3`, { index, count: 3 }));
  // The bad photo is one shard's alone.
  expect(tallies.map(failedOf).sort()).toEqual([0, 0, 1, 1]);
});

const parts = [1, 2, 3].map((index) => join('parts', `${index}-of-3`));

/** A copy of all that, for one test to go on with. */
const copy = () => {
  const here = temporaryFolder();
  cpSync(first, here, { recursive: true, preserveTimestamps: true });
  const run = (...args: string[]) => gapcam(args, { cwd: here });
  const merge = (...args: string[]) => run('merge', ...args);
  /** The same without a start of the command. */
  const mergeHere = (...args: string[]) =>
    called(['merge', ...args.map((word) => (word.startsWith('-') ? word : join(here, word)))]);
  const explain = (output: string, options: Partial<ExplainOptions> = {}) =>
    runHere({ photos: [join(here, 'photos')], output: join(here, output), explain: options });
  return { here, run, merge, mergeHere, explain };
};

describe.concurrent('--shard', () => {
  it('explains each photo in one shard, in a folder of its own', () => {
    const { here } = copy();
    expect(parts.flatMap((part) => explainedNames(join(here, part))).sort()).toEqual(names);
    for (const part of parts) {
      const { shard } = JSON.parse(readFileSync(join(here, part, 'run.json'), 'utf8'));
      expect(join('parts', `${shard.replace('/', '-of-')}`)).toBe(part);
    }
  });

  it('keeps photos where they are when others come', async () => {
    const { here } = copy();
    const added = Array.from({ length: 6 }, (_, i) => `0/${i}.jpg`);
    for (const name of added) writeFileSync(join(here, 'photos', name), cat);
    for (const index of [1, 2, 3]) {
      const before = explainedNames(join(here, parts[index - 1]));
      const output = join(here, parts[index - 1]);
      const tally = await runHere({ photos: [join(here, 'photos')], output, shard: { index, count: 3 } });
      expect(tally.skipped).toBe(before.length);
      expect(explainedNames(output)).toEqual(expect.arrayContaining(before));
    }
    expect(parts.flatMap((part) => explainedNames(join(here, part))).sort()).toEqual([...names, ...added].sort());
  });

  it('auto is what an array of jobs says', async () => {
    const { here } = copy();
    const { code, stderr } = await gapcam(['photos', ...small, '-o', 'parts', '--shard', 'auto'], {
      cwd: here,
      environment: { JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '3' },
    });
    expect(stderr).toMatch(/done before.*results in parts\/2-of-3/);
    expect(code).toBeLessThan(2);
  });

  it('ends with 0 by --exit-zero though a photo fails, and so does the merge', async () => {
    const { run, merge } = copy();
    for (const shard of ['1/2', '2/2']) {
      const { code } = await run('photos', ...small, '-q', '-o', 'halves', '--shard', shard, '--exit-zero');
      expect(code).toBe(0);
    }
    const halves = ['1', '2'].map((index) => join('halves', `${index}-of-2`));
    const { code, stderr } = await merge(...halves, '-o', 'all', '--exit-zero');
    expect(stderr).toContain('12 photos of 2 runs in all, 1 failed');
    expect(code).toBe(0);
    expect((await merge(halves[0], '-o', 'some', '--exit-zero')).code).toBe(1);
  });

  it('without a photo says so', async () => {
    const { run } = copy();
    const { code, stderr } = await run(join('photos', names[0]), ...small, '-o', 'one', '--shard', '1/100000');
    expect(stderr).toBe('No photo falls into this shard.\n');
    expect(code).toBe(0);
  });

  it.each(['0/3', '4/3', 'x', ''])('is refused where it is %j', async (shard) => {
    const { here } = copy();
    const words = [join(here, 'photos'), ...small, '-o', join(here, 'out'), '--shard', shard];
    expectRefusal(await called(words), /part such as 3\/16, or auto/);
    expect(existsSync(join(here, 'out'))).toBe(false);
  });
});

describe.concurrent('gapcam merge', () => {
  it('gives the folder that one run would have given, without a second copy of a picture', async () => {
    const { here, merge } = copy();
    const { code, stdout, stderr } = await merge(...parts, '-o', 'all');
    expect(linesOf(stderr)).toEqual(['12 photos of 3 runs in all, 1 failed', 'Report: all/report.html']);
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(damageOf(join(here, 'all'), join(here, 'whole'))).toEqual([]);
    const settings = (folder: string) => readFileSync(join(here, folder, 'run.json'), 'utf8');
    expect(settings('all')).toBe(settings('whole'));
    for (const picture of picturesBelow(join(here, 'all'))) {
      expect(statSync(join(here, 'all', picture)).nlink).toBe(2);
    }
  });

  it('gives the same a second time', async () => {
    const { here, mergeHere } = copy();
    await mergeHere(...parts, '-o', 'all');
    const before = manifestOf(join(here, 'all'));
    const { code, stderr } = await mergeHere(...parts, '-o', 'all');
    expect(linesOf(stderr)).toEqual([
      `12 photos of 3 runs in ${join(here, 'all')}, 1 failed`,
      `Report: ${join(here, 'all/report.html')}`,
    ]);
    expect(code).toBe(1);
    expect(manifestOf(join(here, 'all'))).toEqual(before);
    expect(damageOf(join(here, 'all'), join(here, 'whole'))).toEqual([]);
  });

  it('is gone on with by a plain run', async () => {
    const { here, run, mergeHere } = copy();
    await mergeHere(...parts, '-o', 'all');
    writeFileSync(join(here, 'photos/bad.jpg'), cat);
    const { code, stderr } = await run('photos', ...small, '--jobs', '1', '-o', 'all');
    expect(linesOf(stderr)).toEqual(['1 photo explained, 12 done before; results in all', 'Report: all/report.html']);
    expect(code).toBe(0);
    expect(explainedNames(join(here, 'all'))).toEqual([...names, 'bad.jpg'].sort());
  });

  it('says which shards are missing', async () => {
    const { here, mergeHere } = copy();
    const { code, stderr } = await mergeHere(parts[1], '-o', 'all');
    expect(linesOf(stderr).at(-1)).toBe('No folder was given of shard 1/3, 3/3.');
    expect(code).toBe(1);
    expect(explainedNames(join(here, 'all'))).toEqual(explainedNames(join(here, parts[1])));
  });

  it('keeps a failure only where no run finished the photo', async () => {
    const { here, mergeHere, explain } = copy();
    writeFileSync(join(here, 'photos/bad.jpg'), cat);
    // A run of all photos, in which the bad one was mended by then.
    await explain('whole');
    const { code, stderr } = await mergeHere(...parts, 'whole', '-o', 'all');
    expect(linesOf(stderr)[0]).toBe(`13 photos of 4 runs in ${join(here, 'all')}`);
    expect(code).toBe(0);
    expect(manifestOf(join(here, 'all')).filter(isError)).toEqual([]);
  });

  it('takes what is whole of a run that was interrupted', async () => {
    const { here, mergeHere } = copy();
    appendFileSync(join(here, parts[0], 'manifest.jsonl'), '{"photo":"torn.jpg","wid');
    expect((await mergeHere(...parts, '-o', 'all')).stderr).toContain(
      `12 photos of 3 runs in ${join(here, 'all')}, 1 failed\n`,
    );
    expect(explainedNames(join(here, 'all'))).toEqual(names);
  });

  it('with --overwrite replaces what is there, and without it refuses to', async () => {
    const { here, mergeHere, explain } = copy();
    await explain('all', { top: 2 });
    expectRefusal(await mergeHere(...parts, '-o', 'all'), /other settings \(top: was 2, now 1\).*--overwrite/);
    expect((await mergeHere(...parts, '-o', 'all', '--overwrite')).stderr).toContain('12 photos of 3 runs');
    expect(damageOf(join(here, 'all'), join(here, 'whole'))).toEqual([]);
  });

  it('refuses runs of different kinds, and says what differs', async () => {
    const { here, mergeHere, explain } = copy();
    await explain('other', { top: 2 });
    expectRefusal(
      await mergeHere(parts[0], 'other', '-o', 'all'),
      /Only runs of one kind .*other has other settings than .*\(top: was 1, now 2\)/,
    );
    expect(existsSync(join(here, 'all'))).toBe(false);
  });

  it('refuses what is no run, its own target, and a picture that is gone', async () => {
    const { here, merge, mergeHere } = copy();
    expectRefusal(await merge('photos', '-o', 'all'), /photos holds no results of a run/);
    expectRefusal(await mergeHere('nowhere', '-o', 'all'), /nowhere holds no results of a run/);
    expectRefusal(await mergeHere(...parts, '-o', parts[0]), /one of the folders to merge/);
    expectRefusal(await mergeHere('-o', 'all'), /outputs|at least|gapcam --help/);
    expectRefusal(await mergeHere(...parts), /output/);
    const [picture] = picturesBelow(join(here, parts[0]));
    rmSync(join(here, parts[0], picture));
    expectRefusal(await mergeHere(...parts, '-o', 'all'), /The picture .* is gone/);
  });

  it('refuses a link to one of its sources, which stays as it is', async () => {
    const { here, mergeHere } = copy();
    symlinkSync(join(here, parts[0]), join(here, 'link'));
    const before = picturesBelow(join(here, parts[0]));
    expectRefusal(await mergeHere(...parts, '-o', 'link', '--overwrite'), /one of the folders to merge/);
    expect(picturesBelow(join(here, parts[0]))).toEqual(before);
  });

  it('names runs that did not go through all their photos', async () => {
    const { here, mergeHere } = copy();
    const file = join(here, parts[1], 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"complete": true', '"complete": false'));
    const { code, stderr } = await mergeHere(...parts, '-o', 'all');
    expect(stderr).toMatch(/Not all photos were gone through in .*2-of-3; run that again, and merge then\.\n$/);
    expect(code).toBe(1);
  });

  it('names a run whose manifest is gone, though it once went through all its photos', async () => {
    const { here, mergeHere } = copy();
    rmSync(join(here, parts[1], 'manifest.jsonl'));
    const { code, stderr } = await mergeHere(...parts, '-o', 'all');
    expect(stderr).toMatch(/Not all photos were gone through in .*2-of-3; run that again, and merge then\.\n$/);
    expect(readFileSync(join(here, 'all/run.json'), 'utf8')).not.toContain('"complete"');
    expect(code).toBe(1);
  });

  it('changes no picture that is there already, though it is linked to another run', async () => {
    const { here, mergeHere } = copy();
    await mergeHere(...parts, '-o', 'all');
    const [picture] = picturesBelow(join(here, parts[0]));
    const shared = readFileSync(join(here, parts[0], picture));
    rmSync(join(here, 'whole', picture));
    writeFileSync(join(here, 'whole', picture), 'another picture');
    rmSync(join(here, 'all', 'manifest.jsonl'));
    // What lies there now is in no manifest, so nobody knows whose it is.
    expectRefusal(await mergeHere('whole', '-o', 'all'), /is not this run's own, and is not replaced; move it away/);
    for (const folder of [parts[0], 'all']) expect(readFileSync(join(here, folder, picture)).equals(shared)).toBe(true);
  });
});
