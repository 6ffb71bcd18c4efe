import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { localise } from '../../src/localise/localise.js';
import { extentOf } from '../../src/localise/plane.js';
import { cellsOf } from '../../src/maps/result.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf, runHere } from '../helpers/in-process.js';
import { expectRefusal, explainedOf, small } from '../helpers/runs.js';

const photo = fixture('photos', 'cat.jpg');

describe('--boxes', () => {
  it('stands alone before a photo too: its boxes are in the manifest, and each crop is a photo of the best one', async () => {
    const output = temporaryFolder();
    const words = ['--boxes', photo, ...small, '--crop-boxes', '--margin', '0.1', '--write', 'mask'];
    const { code, stdout } = await gapcam([...words, '-o', output]);
    expect(code).toBe(0);
    const [line] = explainedOf(output);
    const { width, height } = line;
    const [map] = line.maps;
    const { parts } = localise(cellsOf(map), extentOf(line), { kind: 'of-max', share: 0.2 });
    expect(map.boxes).toEqual(
      parts.map(({ box: { x, y, width: w, height: h }, evidence, share }) => ({ box: [x, y, w, h], evidence, share })),
    );
    const [mask, crop] = map.files;
    expect(stdout).toContain('.crop.jpg');
    expect(await sharp(join(output, mask)).metadata()).toMatchObject({ width, height, channels: 1 });
    const { box } = parts[0];
    const cut = await sharp(join(output, crop)).metadata();
    expect(cut.width).toBe(
      Math.min(width, Math.ceil(box.x + 1.1 * box.width)) - Math.max(0, Math.floor(box.x - 0.1 * box.width)),
    );
  });

  it('by another rule is another run, which is told', async () => {
    const output = temporaryFolder();
    const run = (boxes: string) => runHere({ photos: [photo], output, model: 'nin-cifar10', explain: { boxes } });
    await run('0.3');
    expectRefusal(await refusalOf(run('otsu')), /boxes: was 0\.3, now otsu/);
    expect(await run('0.3')).toMatchObject({ done: 0 });
  });

  it.each([
    [['--boxes', '1'], /for boxes but received "1"/],
    [['--boxes', 'share:2'], /for boxes but received "share:2"/],
    [['--boxes=much'], /for boxes but received "much"/],
    [['--margin', '0.2'], /A margin belongs to crops; add --crop-boxes\./],
  ])('is refused before anything is written: %j', async (words, sentence) => {
    const output = join(temporaryFolder(), 'none');
    expectRefusal(await called([photo, ...small, ...words, '-o', output]), sentence);
    expect(existsSync(output)).toBe(false);
  });
});
