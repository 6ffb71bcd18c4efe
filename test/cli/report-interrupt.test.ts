import { closeSync, cpSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, type Started, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { lineOf, runFolder, runOf } from '../helpers/reports.js';
import { cat, explainedOf, filesBelow, folderWith, small } from '../helpers/runs.js';

const COUNT = 20_000;
const labels = ['cat', 'dog', 'ship'];

/** Adds so many lines to a manifest that to report on them takes seconds. */
const addLines = (output: string, line: object): void => {
  const text = JSON.stringify(line);
  const file = openSync(join(output, 'manifest.jsonl'), 'a');
  for (let i = 0; i < COUNT; i += 1000) {
    writeSync(file, Array.from({ length: 1000 }, (_, k) => `${text.replace('x.jpg', `${i + k}.jpg`)}\n`).join(''));
  }
  closeSync(file);
};

const dataFolders = (output: string): string[] =>
  existsSync(join(output, 'report-data')) ? readdirSync(join(output, 'report-data')) : [];

/** Interrupts when the first file of a report is there whose data folder is none of those from before. */
const interrupt = async ({ child, until, outcome }: Started, output: string, before: readonly string[] = []) => {
  await until(() =>
    dataFolders(output).some(
      (name) => !before.includes(name) && readdirSync(join(output, 'report-data', name)).length > 0,
    ),
  );
  child.kill('SIGINT');
  return outcome;
};

describe.concurrent('SIGINT while the report is made', () => {
  it('ends gapcam report, which leaves nothing of it', async () => {
    const output = runFolder([]);
    writeFileSync(join(output, 'manifest.jsonl'), '');
    addLines(output, lineOf({ photo: 'x.jpg' }, labels));
    const { code, stdout, stderr } = await interrupt(start(['report', output]), output);
    expect([code, stdout, stderr]).toEqual([130, '', '']);
    expect(filesBelow(output)).toEqual(['manifest.jsonl', 'run.json']);
    expect(dataFolders(output)).toEqual([]);
  });

  it('leaves the report before it whole', async () => {
    const output = runFolder([lineOf({ photo: 'a.jpg' }, labels), lineOf({ photo: 'b.jpg' }, labels)]);
    await called(['report', output]);
    const names = filesBelow(output);
    const before = names.map((name) => [name, readFileSync(join(output, name), 'utf8')]);
    addLines(output, lineOf({ photo: 'x.jpg' }, labels));
    expect((await interrupt(start(['report', output]), output, dataFolders(output))).code).toBe(130);
    expect(filesBelow(output)).toEqual(names);
    for (const [name, text] of before) {
      if (name !== 'manifest.jsonl') expect(readFileSync(join(output, name), 'utf8')).toBe(text);
    }
    expect(existsSync(join(output, '.gapcam'))).toBe(false);
  });

  describe('after a run or a merge', () => {
    const photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const done = join(temporaryFolder(), 'out');
    beforeAll(async () => {
      await runHere({ photos: [photos], output: done });
      const [line] = explainedOf(done);
      // Names that the run is not given, so that it has little to do but the report.
      addLines(done, { ...line, photo: 'x.jpg', maps: line.maps.map((map) => ({ ...map, files: [] })) });
    });

    it('ends the run with its results whole, and says what is missing', async () => {
      const output = join(temporaryFolder(), 'out');
      cpSync(done, output, { recursive: true });
      const { code, stderr } = await interrupt(start([photos, ...small, '-o', output]), output);
      expect(stderr).toContain('0 photos explained, 2 done before; ');
      expect(stderr).toContain(`Interrupted: the report is not made; gapcam report ${output} makes it.\n`);
      expect(code).toBe(130);
      expect(filesBelow(output).filter((name) => name.startsWith('report'))).toEqual([]);
      expect(JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'))).toMatchObject({ complete: true });
    });

    it('ends the merge', async () => {
      const output = join(temporaryFolder(), 'all');
      const { code, stderr } = await interrupt(start(['merge', done, '-o', output]), output);
      expect(stderr).toContain(`Interrupted: the report is not made; gapcam report ${output} makes it.\n`);
      expect(code).toBe(130);
      expect(filesBelow(output).filter((name) => name.startsWith('report'))).toEqual([]);
      // What is interrupted is made good by the command that was named.
      expect((await gapcam(['report', output])).code).toBe(0);
      expect(runOf(output)).toMatchObject({ explained: COUNT + 2 });
    });
  });
});
