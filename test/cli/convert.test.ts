import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { failed, lineOf, mapWith, runFolder } from '../helpers/found-run.js';
import { expectRefusal, filesBelow, folderWith } from '../helpers/runs.js';

describe('gapcam convert', () => {
  it('writes the files, says what it came to and what was left out', async () => {
    const run = runFolder([lineOf('a.jpg'), failed, lineOf('b/c.jpg', { maps: [mapWith([])] }), lineOf('d.jpg')]);
    const truth = {
      images: ['a.jpg', 'c.jpg'].map((file_name, id) => ({ id, file_name })),
      categories: [{ id: 5, name: 'tench' }],
    };
    const folder = folderWith({ 'truth.json': JSON.stringify(truth) });
    const words = ['convert', run, '--to', 'coco', '-o', 'out', '--truth', 'truth.json'];
    const { code, stdout, stderr } = await gapcam(words, { cwd: folder });
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      '1 photo, "d.jpg", is not in truth.json, and left out.',
      '3 photos with 1 box, 1 map without a box, 1 failed and left out; 2 files in out',
      '',
    ]);
    expect(code).toBe(0);
    expect(filesBelow(join(folder, 'out'))).toEqual(['instances.json', 'results.json']);
    expect(JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8'))).toMatchObject([{ category_id: 5 }]);
  });

  it('replaces no file of somebody else, but with --overwrite', async () => {
    const run = runFolder([lineOf('a.jpg')]);
    const folder = folderWith({ 'out/Annotations/a.xml': 'mine' });
    const words = ['convert', run, '--to', 'voc', '-o', 'out'];
    expectRefusal(await gapcam(words, { cwd: folder }), /Annotations\/a\.xml/);
    expect(readFileSync(join(folder, 'out/Annotations/a.xml'), 'utf8')).toBe('mine');
    expect((await gapcam([...words, '--overwrite'], { cwd: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'out/Annotations/a.xml'), 'utf8')).toContain('<annotation>');
  });

  it("writes nothing of a photo whose name leads out of the output: a manifest may be anybody's", async () => {
    const run = runFolder([lineOf('../../stolen.jpg')]);
    const folder = folderWith({ 'a/b/keep.txt': '' });
    expectRefusal(await gapcam(['convert', run, '--to', 'yolo', '-o', 'a/b'], { cwd: folder }), /stolen\.jpg.*outside/);
    expect(filesBelow(folder).filter((name) => name.includes('stolen'))).toEqual([]);
  });

  it('refuses an option that the format does not use before it reads the run', async () => {
    const folder = folderWith({});
    writeFileSync(join(folder, 'ids.txt'), 'a\n');
    const words = ['convert', 'no-run', '--to', 'yolo', '-o', 'out', '--ids', 'ids.txt'];
    expectRefusal(await gapcam(words, { cwd: folder }), /--ids changes nothing in yolo/);
  });
});
