import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { asPng, type Color, paint, pixelsOf } from '../helpers/pictures.js';
import { explainedOf } from '../helpers/runs.js';

const WHITE: Color = [255, 255, 255];
const GROUND: Color = [90, 90, 90];
const SIDE = 32;

// Each cell is how bright a square of 32 pixels is, above the mean of ImageNet's photos. 7 of them fit into 250 pixels, and 26 pixels are left.
const model = fixture('faults', 'geo-floor.onnx');
// No photo shines through, and a gray value is a share of the map's largest one.
const heatAlone = { opacity: 1, fade: false, colormap: 'gray' } as const;
const asItIs = ['--resize', 'none', '--crop', 'none', '--size', '250'];

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});

const written = async (photo: ReturnType<typeof paint>): Promise<string> => {
  const file = join(folder, 'square.png');
  writeFileSync(file, await asPng(photo));
  return file;
};

/** The photo fed as it is, and its heat alone. */
const explainHere = async (photo: ReturnType<typeof paint>) => {
  const output = mkdtempSync(join(folder, 'out-'));
  const prepare = { input: { resize: 'none', crop: 'none', size: 250 } } as const;
  const explain = { classes: ['0'], ...heatAlone };
  await runHere({ photos: [await written(photo)], model, prepare, output, explain });
  const [line] = explainedOf(output);
  return { line, picture: await pixelsOf(join(output, line.maps[0].files[0])) };
};

const explain = async (photo: ReturnType<typeof paint>, ...options: readonly string[]) => {
  const output = mkdtempSync(join(folder, 'out-'));
  const fed = ['-m', model, '--threads', '1', '-c', '0', ...options];
  const outcome = await called([await written(photo), ...fed, '-o', output]);
  const [line] = explainedOf(output);
  return { ...outcome, line };
};

const squareAt = (x: number, y: number) => paint(250, 250, GROUND, { x, y, side: SIDE, color: WHITE });

describe('a photo of 250 pixels in cells of 32', () => {
  it.each([
    [0, 0],
    [96, 64],
    [192, 96],
    [192, 192],
  ])('has the hottest pixels where the square is: %d, %d', async (x, y) => {
    const { line, picture } = await explainHere(squareAt(x, y));
    expect(line).toMatchObject({ seen: [0, 0, 224, 224], field: [0, 0, 224, 224] });
    expect(line.maps[0].grid).toEqual([7, 7]);
    const heat = (px: number, py: number) => picture.data[(py * picture.width + px) * 3];
    const [centre, before, after] = [SIDE / 2, -SIDE / 2, SIDE * 1.5];
    // The gray colormap's last entry, where the cell's own centre is.
    expect(heat(x + centre, y + centre)).toBeGreaterThan(250);
    for (const beside of [before, after]) {
      const inside = x + beside < 224;
      if (x + beside < 0) continue;
      // Half a pixel beside the next cell's centre there is next to none; outside of all cells the photo keeps its gray.
      if (inside) expect(heat(x + beside, y + centre)).toBeLessThan(10);
      else expect(heat(x + beside, y + centre)).toBe(GROUND[0]);
    }
  });

  it('shows no heat where no cell looks', async () => {
    const { line, picture } = await explainHere(squareAt(218, 218));
    expect(line.maps[0].verdict).toBe('no-evidence');
    const at = (px: number, py: number) => picture.data[(py * picture.width + px) * 3];
    expect([at(230, 230), at(223, 100), at(224, 100), at(100, 223), at(100, 224)]).toEqual([255, 0, 90, 0, 90]);
  });

  it('is fed in 256 pixels where that is left open, which is said', async () => {
    const { line, stderr } = await explain(squareAt(0, 0), '--size', '250');
    expect(stderr).toContain("--size 250 is no multiple of the network's stride of 32; 256 is taken.");
    expect(line.maps[0].grid).toEqual([8, 8]);
    expect(line.field).toEqual(line.seen);
  });

  it('is seen whole with --whole, whose sizes are said', async () => {
    const { line, stderr } = await explain(paint(250, 330, GROUND), '--whole');
    expect(stderr).toContain("--whole feeds each photo with edges that are multiples of the network's stride of 32.");
    // 224 x 295 at the photo's own aspect.
    expect(line).toMatchObject({ seen: [0, 0, 250, 330], field: [0, 0, 250, 330] });
    expect(line.maps[0].grid).toEqual([9, 7]);
  });
});

describe('gapcam inspect', () => {
  it('says what the cells cover', async () => {
    const part = await called(['inspect', model, ...asItIs]);
    expect(part.stdout).toMatch(/^covers +224x224 of 250x250 pixels, from 0, 0$/m);
    const all = await called(['inspect', model, '--size', '256', '--json']);
    expect(JSON.parse(all.stdout).head.covers).toEqual([0, 0, 256, 256]);
  });

  it('says which size is taken, and why', async () => {
    const { stdout } = await called(['inspect', model, '--size', '250x200']);
    expect(stdout).toMatch(
      /^size +256x192 pixels {2}\(--size 250x200, to a multiple of the network's stride of 32\)$/m,
    );
    const whole = await called(['inspect', model, '--whole']);
    expect(whole.stdout).toMatch(/^resize +shortest edge 224, then each edge to a multiple of 32 {2}\(--whole, /m);
  });
});
