import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PhotoError } from '../../../src/errors.js';
import { networkPicture } from '../../../src/image/network-picture.js';
import { toFeed } from '../../../src/image/to-tensor.js';
import { placeIn } from '../../../src/model/input/fit.js';
import type { UnparsedInput } from '../../../src/model/input/parse-flags.js';
import { type PrepareOptions, prepareModel, readModel } from '../../../src/model/prepare.js';
import { buildModel, byteClassifier, colorClassifier } from '../../helpers/build-model.js';
import { cropped, temporaryFolder, writeModelFolder } from '../../helpers/folders.js';
import { paint } from '../../helpers/pictures.js';

// Left half (200, 100, 50), one red pixel-column's worth of square at the left edge, gray elsewhere.
const photo = paint(40, 20, [90, 90, 90], { x: 0, y: 0, side: 20, color: [200, 100, 50] });

const inputOf = async (options: PrepareOptions, model: Uint8Array = colorClassifier()) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'lone.onnx'), model);
  return (await prepareModel(join(folder, 'lone.onnx'), { ...options, threads: 1 })).input;
};

const tensorOf = async (options: PrepareOptions) => {
  const input = await inputOf(options);
  return toFeed(networkPicture(photo, placeIn(photo, input), input), input);
};

/** Whole photo, no change of numbers: what one flag changes then shows. */
const plain = { size: '40x20', resize: '40x20', crop: 'none', rescale: 1, mean: 0, std: 1 };

describe('a flag over what was found', () => {
  it('--size and --resize give the size', async () => {
    expect((await tensorOf({ input: { ...plain, size: '8x4', resize: '8x4' } })).dims).toEqual([1, 3, 4, 8]);
    expect((await tensorOf({ input: { ...plain, resize: 'longest:10' } })).dims).toEqual([1, 3, 5, 10]);
    expect((await tensorOf({ input: { ...plain, resize: 'none' } })).dims).toEqual([1, 3, 20, 40]);
  });

  it('--size carries the crop found along', async () => {
    const input = await inputOf({ preset: 'imagenet', input: { size: '448' } });
    expect(input.resize).toEqual({ rule: 'shortest-edge', edge: 512 });
    expect(input.size).toEqual({ width: 448, height: 448 });
  });

  it('--crop cuts the middle out', async () => {
    const { dims, data } = await tensorOf({ input: { ...plain, resize: 'none', crop: '20' } });
    expect(dims).toEqual([1, 3, 20, 20]);
    // Columns 10 to 29: half of them in colour.
    expect([data[0], data[9], data[10], data[19]]).toEqual([200, 200, 90, 90]);
  });

  it('--resize contain: pads', async () => {
    const { dims, data } = await tensorOf({ input: { ...plain, resize: 'contain:20x20', crop: '20' } });
    expect(dims).toEqual([1, 3, 20, 20]);
    expect([data[0], data[5 * 20], data[15 * 20]]).toEqual([0, 200, 0]);
  });

  it.each(['none', undefined])('--resize contain: includes the padding, with --crop %s', async (crop) => {
    const { size: _, ...rest } = plain;
    for (const resize of ['contain:20', 'contain:20x20']) {
      const { dims, data } = await tensorOf({ input: { ...rest, resize, crop, fill: 255, align: 'top-left' } });
      expect(dims).toEqual([1, 3, 20, 20]);
      // Ten rows of the photo, ten of padding.
      expect([data[0], data[9 * 20], data[10 * 20], data[399]]).toEqual([200, 200, 255, 255]);
    }
  });

  it('--fill takes RGB, whatever the order of the channels', async () => {
    const words = { ...plain, resize: 'contain:40x40', fill: '10,20,30' };
    const corner = ({ data }: { data: Float32Array }) => [data[0], data[1600], data[3200]];
    expect(corner(await tensorOf({ input: words }))).toEqual([10, 20, 30]);
    expect(corner(await tensorOf({ input: { ...words, channels: 'bgr' } }))).toEqual([30, 20, 10]);
  });

  it('--fill mean makes the padding 0, and shows the colour of the mean', async () => {
    const words = { resize: 'contain:40x40', rescale: '1/255', mean: '0.1,0.5,0.9', std: 0.25, fill: 'mean' };
    for (const channels of ['rgb', 'bgr'] as const) {
      const input = await inputOf({ input: { ...words, channels } });
      const picture = networkPicture(photo, placeIn(photo, input), input);
      const { data } = toFeed(picture, input);
      expect([data[0], data[1600], data[4799]]).toEqual([0, 0, 0]);
      expect(data[10 * 40]).not.toBe(0);
      const levels = [26, 128, 230];
      expect(Array.from(picture.data.subarray(0, 3))).toEqual(channels === 'rgb' ? levels : levels.reverse());
    }
  });

  it('numbers may be fractions', async () => {
    const { rescale, mean, std } = await inputOf({ input: { rescale: '1/255', mean: '1/2, 0.25,1', std: '1/4' } });
    expect({ rescale, mean, std }).toEqual({ rescale: 1 / 255, mean: [0.5, 0.25, 1], std: [0.25, 0.25, 0.25] });
  });

  it('--resample of OpenCV or TensorFlow crops as arrays are cropped, at whole pixels', async () => {
    const words = { ...plain, resize: 'none', size: undefined, crop: '21x13' };
    const at = async (resample: 'bilinear' | 'opencv-area' | 'tf-bilinear') => {
      const { x, y } = placeIn({ width: 24, height: 20 }, await inputOf({ input: { ...words, resample } }));
      return [x, y];
    };
    // Margins of 3 and 7: torchvision rounds their halves to even, // floors them.
    expect(await at('bilinear')).toEqual([-2, -4]);
    expect(await at('opencv-area')).toEqual([-1, -3]);
    expect(await at('tf-bilinear')).toEqual([-1, -3]);
    const square = await inputOf({ preset: 'teachable-machine', input: { resample: 'opencv-linear' } });
    const { source, cutFirst } = placeIn({ width: 31, height: 20 }, square);
    expect([source, cutFirst]).toEqual([{ x: 5, y: 0, width: 20, height: 20 }, true]);
  });

  it('--resample tf-bilinear feeds floats', async () => {
    const { data } = await tensorOf({ input: { ...plain, size: '70x20', resize: '70x20', resample: 'tf-bilinear' } });
    expect(data.every(Number.isInteger)).toBe(false);
    expect(Math.max(...data)).toBeLessThanOrEqual(200);
  });

  it('--resample chooses the filter', async () => {
    const small = { ...plain, size: '20x10', resize: '21x10' };
    const nearest = await tensorOf({ input: { ...small, resample: 'nearest' } });
    const lanczos = await tensorOf({ input: { ...small, resample: 'lanczos' } });
    expect(new Set(nearest.data.subarray(0, 21))).toEqual(new Set([200, 90]));
    expect(new Set(lanczos.data.subarray(0, 21)).size).toBeGreaterThan(2);
  });

  it('--rescale, --mean and --std change the numbers', async () => {
    const { data } = await tensorOf({ input: { ...plain, rescale: 0.5, mean: '10,20,30', std: '2,4,5' } });
    expect([data[0], data[800], data[1600]]).toEqual([(100 - 10) / 2, (50 - 20) / 4, (25 - 30) / 5]);
  });

  it('--channels orders the colours', async () => {
    const { data } = await tensorOf({ input: { ...plain, channels: 'bgr' } });
    expect([data[0], data[800], data[1600]]).toEqual([50, 100, 200]);
  });

  it('--input-layout orders the axes', async () => {
    const model = buildModel({
      input: ['n', 'h', 'w', 'c'],
      nodes: [
        { op: 'Transpose', in: ['input'], out: 'planar', with: { perm: [0, 3, 1, 2] } },
        { op: 'Conv', in: ['planar', 'w'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: { w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] } },
    });
    const input = await inputOf({ input: { ...plain, inputLayout: 'nhwc' } }, model);
    const { dims, data } = toFeed(networkPicture(photo, placeIn(photo, input), input), input);
    expect(dims).toEqual([1, 20, 40, 3]);
    expect(Array.from(data.subarray(0, 3))).toEqual([200, 100, 50]);
    expect(input.origins.layout).toEqual({ source: 'flag', where: '--input-layout' });
  });

  it.each([
    [{ size: '0' }, /pixels from 1 to 16384.*--size.*"0"/],
    [{ size: '16385' }, /16384/],
    [{ resize: 'widest:3' }, /--resize/],
    [{ crop: '-5' }, /--crop/],
    [{ resample: 'sinc' }, /one of nearest, .*--resample.*"sinc"/],
    [{ mean: '1,2' }, /--mean/],
    [{ mean: '1/0' }, /as 0.5, 1\/255 or .*--mean.*"1\/0"/],
    [{ mean: '1/2/3' }, /--mean/],
    [{ std: '0/5' }, /above 0.*--std/],
    [{ rescale: '1/' }, /--rescale/],
    [{ rescale: '-1/255' }, /above 0.*--rescale/],
    [{ rescale: '1,2,3' }, /a number above 0.*--rescale/],
    [{ fill: '256' }, /0 to 255.*--fill.*"256"/],
    [{ fill: '-1' }, /--fill/],
    [{ fill: '0.5' }, /whole number/],
    [{ fill: 'white' }, /mean, or one whole number or three/],
    [{ std: '0' }, /above 0.*--std/],
    [{ std: '-1' }, /above 0.*--std/],
    [{ channels: 'rbg' }, /rgb, bgr, gray/],
  ] as const)('%j out of its range is refused', async (input, sentence) => {
    await expect(inputOf({ input })).rejects.toThrow(sentence);
  });
});

describe('the graph itself', () => {
  it('says that it takes one channel, whose gray is that of ITU-R 601', async () => {
    const model = buildModel({
      input: ['n', 1, 20, 40],
      nodes: [
        { op: 'Conv', in: ['input', 'w'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: { w: { dims: [2, 1, 1, 1], data: [1, -1] } },
    });
    const input = await inputOf({ input: { rescale: 1, mean: 0, std: 1, crop: 'none' } }, model);
    expect(input.origins.channels).toEqual({ source: 'graph', where: 'its input' });
    const { dims, data } = toFeed(networkPicture(photo, placeIn(photo, input), input), input);
    expect(dims).toEqual([1, 1, 20, 40]);
    expect(data[0]).toBe(Math.floor((19595 * 200 + 38470 * 100 + 7471 * 50 + 0x8000) / 65536));
  });

  it('says that it rescales by itself', async () => {
    const model = buildModel({
      nodes: [
        { op: 'Sub', in: ['input', 'mean'], out: 'centred' },
        { op: 'Conv', in: ['centred', 'w'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: {
        mean: { dims: [1, 3, 1, 1], data: [123, 117, 104] },
        w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] },
      },
    });
    const input = await inputOf({}, model);
    expect([input.rescale, ...input.mean, ...input.std]).toEqual([1, 0, 0, 0, 1, 1, 1]);
    expect(input.origins.rescale).toEqual({ source: 'layers', where: 'it rescales by itself' });
  });
});

describe('a network that takes bytes', () => {
  it('is fed bytes, whatever a file beside it says', async () => {
    const folder = writeModelFolder(temporaryFolder(), {
      model: byteClassifier(),
      labels: ['red', 'green'],
      preprocessor: { ...cropped(20), do_normalize: true, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
    });
    const { input } = await prepareModel(folder, { threads: 1 });
    expect(toFeed(networkPicture(photo, placeIn(photo, input), input), input).data[0]).toBe(200);
    expect(input.origins.mean).toEqual({ source: 'graph', where: 'its input is uint8' });
  });
});

describe('--whole', () => {
  it('feeds the photo uncropped at its own aspect', async () => {
    expect((await tensorOf({ whole: true, input: { size: '10' } })).dims).toEqual([1, 3, 10, 20]);
  });

  it('is refused, with the sizes accepted, where the network takes one size', async () => {
    const sketch = {
      input: ['n', 3, 32, 32],
      nodes: [
        { op: 'Conv', in: ['input', 'w'], out: 'maps' },
        { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
        { op: 'Flatten', in: ['pooled'], out: 'logits' },
      ],
      weights: { w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] } },
    };
    await expect(inputOf({ whole: true }, buildModel(sketch))).rejects.toThrow(
      /sizes of their own, but the model takes 32x32/,
    );
    await expect(inputOf({ input: { size: '64' } }, buildModel(sketch))).rejects.toThrow(/64x64 .*takes 32x32/);
  });
});

describe('an input that no memory would hold', () => {
  const read = (words: UnparsedInput) => {
    const file = join(temporaryFolder(), 'lone.onnx');
    writeFileSync(file, colorClassifier());
    return readModel(file, { input: { ...plain, ...words } });
  };

  it('is refused above 8192 x 8192 pixels, before anything is fed', () => {
    expect(read({ resize: 'none', size: undefined, crop: '8192' }).input.size).toEqual({ width: 8192, height: 8192 });
    expect(() => read({ resize: 'none', size: undefined, crop: '8193' })).toThrow(/8193 x 8193 pixels.*smaller --size/);
  });

  it('is refused photo by photo where photos are fed in sizes of their own', () => {
    const { input } = read({ resize: 'none', size: undefined });
    expect(placeIn({ width: 8192, height: 8192 }, input).canvas.width).toBe(8192);
    expect(() => placeIn({ width: 8193, height: 8192 }, input)).toThrow(PhotoError);
  });
});
