import { cpSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { lineOf, runFolder, runOf } from '../helpers/reports.js';
import { cat, expectRefusal, filesBelow, folderWith, small } from '../helpers/runs.js';

const labels = ['cat', 'dog', 'ship'];
const lines = ['a.jpg', 'b.jpg'].map((photo, i) => lineOf({ photo }, labels, i + 1));

const page = (head: string) => `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n${head}</head>\n`;

/** Pages that somebody else may have called report.html. */
const foreign: readonly (readonly [string, string])[] = [
  ['a page of their own', page('<title>Quarterly report</title>')],
  ['an empty file', ''],
  [
    'a page that speaks of the title of a report',
    page(`<title>Notes</title>${' '.repeat(1024)}<title>gapcam report</title>`),
  ],
  ['a page that begins otherwise, with the title of a report', '<html><title>gapcam report</title>'],
];

/** Each way of putting something into the place of a report, with the name that is refused. */
const inTheWay: readonly (readonly [string, string, (output: string) => void])[] = [
  ...foreign.map(
    ([what, text]) =>
      [what, 'report.html', (output: string) => writeFileSync(join(output, 'report.html'), text)] as const,
  ),
  ['a folder report.html', 'report.html', (output) => mkdirSync(join(output, 'report.html'))],
  [
    'a link report.html to a report elsewhere',
    'report.html',
    (output) => {
      writeFileSync(join(output, '../elsewhere.html'), page('<title>gapcam report</title>'));
      symlinkSync('../elsewhere.html', join(output, 'report.html'));
    },
  ],
  ['a file report-data', 'report-data', (output) => writeFileSync(join(output, 'report-data'), 'mine')],
  [
    'a link report-data',
    'report-data',
    (output) => {
      mkdirSync(join(output, '../elsewhere'));
      symlinkSync('../elsewhere', join(output, 'report-data'));
    },
  ],
];

/** Everything in the folder above an output, with what links lead to. */
const stateOf = (output: string): object => {
  const above = join(output, '..');
  return Object.fromEntries(filesBelow(above).map((name) => [name, readFileSync(join(above, name), 'utf8')] as const));
};

describe.concurrent('what is in the place of a report and is none', () => {
  it.each(inTheWay)('is refused by gapcam report, and stays: %s', async (_, name, make) => {
    const output = runFolder(lines);
    make(output);
    const before = stateOf(output);
    expectRefusal(await called(['report', output]), new RegExp(`output/${name} is .*; move it away\\.$`));
    expect(stateOf(output)).toEqual(before);
    lstatSync(join(output, name));
  });

  it('is refused so by the built command', async () => {
    const output = runFolder(lines);
    writeFileSync(join(output, 'report.html'), '');
    expectRefusal(await gapcam(['report', output]), /output\/report\.html is .*; move it away\.$/);
    expect(readFileSync(join(output, 'report.html'), 'utf8')).toBe('');
  });

  it.each(inTheWay.slice(-3))('is refused by a run before anything is written: %s', async (_, name, make) => {
    const photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const output = join(temporaryFolder(), 'output');
    mkdirSync(output);
    make(output);
    const before = stateOf(output);
    const args = [photos, ...small, '-o', output];
    const ways = /move it away, choose another --output, or --no-report\.$/;
    expectRefusal(await called(args), new RegExp(`${name} is .*${ways.source}`));
    expect(stateOf(output)).toEqual(before);
    // Both other ways out are ways out, and leave it alone.
    expect(await runHere({ photos: [photos], output })).toMatchObject({ done: 2 });
    expect(stateOf(output)).toMatchObject(before);
    lstatSync(join(output, name));
  });

  it('is refused by a run of the built command, and left alone by one with --no-report', async () => {
    const photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
    const output = folderWith({ 'report.html': 'mine' });
    const args = [photos, ...small, '-o', output];
    expectRefusal(await gapcam(args), /report\.html is .*--no-report\.$/);
    expect(filesBelow(output)).toEqual(['report.html']);
    expect((await gapcam([...args, '--no-report'])).code).toBe(0);
    expect(readFileSync(join(output, 'report.html'), 'utf8')).toBe('mine');
  });

  it("is refused by a merge before anything is written: somebody's page", async () => {
    const [part, target] = [runFolder(lines), join(temporaryFolder(), 'output')];
    mkdirSync(target);
    writeFileSync(join(target, 'report.html'), 'mine');
    expectRefusal(
      await called(['merge', part, '-o', target]),
      /report\.html is .*; move it away, or choose another --output\.$/,
    );
    expect(filesBelow(target)).toEqual(['report.html']);
  });
});

describe.concurrent('data of somebody', () => {
  const photos = folderWith({ 'a.jpg': cat, 'b.jpg': cat });
  const done = temporaryFolder();
  beforeAll(async () => {
    await runHere({ photos: [photos], output: done, report: true });
  });

  const somebodys: Readonly<Record<string, string>> = {
    'report-data/0000000000000001/notes.txt': 'gapcamData(',
    'report-data/0000000000000002/photos-0.js': 'const mine = 1;',
    'report-data/0000000000000003/photos-0.js': '',
    'report-data/0000000000000004/photos-x.js': 'gapcamData(',
    'report-data/0000000000000005/deeper/photos-0.js': 'gapcamData(',
    'report-data/000000000000000A/photos-0.js': 'gapcamData(',
    'report-data/mine/photos-0.js': 'gapcamData(',
    'report-data/photos-0.js': 'gapcamData(',
  };

  it('is never removed with a report, however much it looks like its data', async () => {
    const output = join(temporaryFolder(), 'out');
    cpSync(done, output, { recursive: true });
    const names = Object.keys(somebodys);
    for (const name of names) {
      mkdirSync(join(output, name, '..'), { recursive: true });
      writeFileSync(join(output, name), somebodys[name]);
    }
    const before = runOf(output).data as string;
    writeFileSync(join(output, 'manifest.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect((await called(['report', output])).code).toBe(0);
    const { data } = runOf(output);
    const ofReport = ['maps-0.js', 'means.js', 'photos-0.js'].map((name) => `${data}/${name}`);
    expect(data).not.toBe(before);
    expect(filesBelow(output).filter((name) => name.startsWith('report-'))).toEqual([...names, ...ofReport].sort());
    // Without a report, only what is the report's own goes.
    expect((await gapcam([photos, ...small, '--overwrite', '--no-report', '-o', output])).code).toBe(0);
    expect(filesBelow(output).filter((name) => name.startsWith('report'))).toEqual(names.sort());
    for (const name of names) expect(readFileSync(join(output, name), 'utf8')).toBe(somebodys[name]);
  });

  it('that lies in a link in report-data is neither read, written nor removed', async () => {
    const output = runFolder(lines);
    const elsewhere = folderWith({ 'photos-0.js': 'gapcamData(1)' });
    mkdirSync(join(output, 'report-data'));
    symlinkSync(elsewhere, join(output, 'report-data/0123456789abcdef'));
    expect((await called(['report', output])).code).toBe(0);
    expect(filesBelow(elsewhere)).toEqual(['photos-0.js']);
    // The folder of this very state of the run, too.
    const { data } = runOf(output);
    rmSync(join(output, data), { recursive: true });
    symlinkSync(elsewhere, join(output, data));
    expectRefusal(await gapcam(['report', output]), /report-data\/[0-9a-f]{16} is .*; move it away\.$/);
    expect(readFileSync(join(elsewhere, 'photos-0.js'), 'utf8')).toBe('gapcamData(1)');
  });
});

describe("a report of gapcam's own", () => {
  it.each([
    ['of this version', ''],
    ['of a version before it had a mark', '<title>gapcam report</title>'],
    ['of a later version', '<meta name="generator" content="gapcam 12.0.0-rc.1">'],
  ])('is replaced and removed: %s', async (_, head) => {
    const output = runFolder(lines.slice(0, 1));
    if (head !== '') writeFileSync(join(output, 'report.html'), page(head));
    mkdirSync(join(output, 'report-data/0123456789abcdef'), { recursive: true });
    writeFileSync(join(output, 'report-data/0123456789abcdef/maps-12.js'), 'gapcamData("maps-12",[]);');
    for (let i = 0; i < 2; i++) expect((await called(['report', output])).code).toBe(0);
    expect(readFileSync(join(output, 'report.html'), 'latin1').slice(0, 200)).toContain('content="gapcam 0.');
    const { data } = runOf(output);
    expect(filesBelow(join(output, 'report-data'))).toEqual(
      ['maps-0.js', 'means.js', 'photos-0.js'].map((name) => `${data.slice('report-data/'.length)}/${name}`),
    );
  });
});
