import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { cat, explainedNames, explainedOf, folderWith, linesOf, manifestOf, small } from '../helpers/runs.js';

const bmp = readFileSync(fixture('photo-files', 'rgb.bmp'));
const psd = readFileSync(fixture('photo-files', 'unread', 'psd'));

describe('a folder with files that are no photos that are read', () => {
  it('has its photos explained, and the others counted by what they are, once: --strict makes it a failure', async () => {
    const files = { 'a.bmp': bmp, 'b.HEIC': 'x', 'below/c.psd': psd, 'notes.txt': 'x', '.DS_Store': 'x' };
    const folder = folderWith(files);
    const output = join(temporaryFolder(), 'out');
    const sentence = '2 files are no photos that are read here: 1 HEIC, 1 PSD';

    const first = await gapcam([folder, ...small, '-o', output]);
    expect(linesOf(first.stderr)).toEqual([`1 photo explained; results in ${output}`, sentence]);
    expect(first.code).toBe(0);
    expect(explainedNames(output)).toEqual(['a.bmp']);
    expect(explainedOf(output)[0].maps[0].files).toEqual([expect.stringMatching(/^a\.bmp\..*\.jpg$/)]);
    const unread = manifestOf(output).filter((line) => 'error' in line);
    expect(unread).toMatchObject([
      {
        photo: 'b.HEIC',
        error: { code: 'unread-format', kind: 'HEIC', message: /^HEIC is not read here; convert it/ },
      },
      { photo: 'below/c.psd', error: { code: 'unread-format', kind: 'PSD' } },
    ]);

    const manifest = readFileSync(join(output, 'manifest.jsonl'));
    const again = await called([folder, ...small, '-o', output, '--strict', '-q']);
    expect(linesOf(again.stderr)).toEqual([sentence]);
    expect(again.code).toBe(1);
    expect(readFileSync(join(output, 'manifest.jsonl'))).toEqual(manifest);

    const merged = await called(['merge', output, '-o', join(temporaryFolder(), 'all')]);
    expect(merged.stderr).toMatch(/^1 photo of 1 run in .*, 2 of formats that are not read\n/);
    expect(merged.code).toBe(0);
  });

  it('and with no photo at all is told both', async () => {
    const folder = folderWith({ 'b.heic': 'x' });
    const { code, stderr } = await called([folder, ...small, '-o', temporaryFolder()]);
    expect(stderr).toMatch(/holds no photos\.\n/);
    expect(stderr).toMatch(/1 file is no photo that is read here: 1 HEIC\n/);
    expect(code).toBe(2);
  });
});

describe('a file that is named', () => {
  it('fails with its true kind, and a damaged photo is drawn on request, with its verdict', async () => {
    const folder = folderWith({ 'c.psd': psd, 'cut.jpg': cat.subarray(0, 20_000) });
    const output = join(temporaryFolder(), 'out');
    const words = [
      join(folder, 'c.psd'),
      join(folder, 'cut.jpg'),
      ...small,
      '-o',
      output,
      '--accept-damaged',
      '--no-report',
    ];
    const { code, stdout, stderr } = await called(words);
    expect(stderr).toMatch(/c\.psd: PSD is not read here; convert it to JPEG or PNG\.\n/);
    expect(stderr).toMatch(/Maps: 1 damaged-photo/);
    expect(stdout).toMatch(/^\S*cut\.jpg: .*\(damaged photo\) -> /);
    expect(code).toBe(1);
    const [{ maps }] = explainedOf(output);
    expect(maps).toMatchObject([{ verdict: 'damaged-photo', range: [0, expect.any(Number)] }]);
    expect(JSON.parse(readFileSync(join(output, 'run.json'), 'utf8')).options).toMatchObject({ acceptDamaged: true });
  });

  it('and is a model is refused, with what was probably meant', async () => {
    const { code, stderr } = await called(['some/model.onnx', 'photo.jpg']);
    expect(stderr).toBe('gapcam: some/model.onnx is a model, not a photo; did you mean -m some/model.onnx?\n');
    expect(code).toBe(2);
  });
});
