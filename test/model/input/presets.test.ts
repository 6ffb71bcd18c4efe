import { describe, expect, it } from 'vitest';
import { place } from '../../../src/image/geometry.js';
import { presetClaims, presets } from '../../../src/model/input/presets.js';
import { originWords } from '../../../src/model/origin.js';

const size = { width: 224, height: 224 };

const resampleOf = (name: keyof typeof presets) => {
  const { resample } = presetClaims(name, size);
  return resample && `${resample.value} (${originWords(resample.origin)})`;
};

describe('a preset', () => {
  it.each(['keras-tf', 'keras-caffe', 'keras-torch'] as const)(
    '%s says which resize it takes, and the other',
    (name) => {
      expect(resampleOf(name)).toMatch(/^nearest \(preset keras-\w+: Keras' load_img .*--resample tf-bilinear\)$/);
    },
  );

  it('paddle says so too, and goes on with Pillow', () => {
    expect(resampleOf('paddle')).toMatch(/^opencv-linear \(preset paddle: .*--resample bilinear\)$/);
  });

  it('without a choice has its name alone', () => {
    expect(resampleOf('opencv')).toBe('opencv-linear (preset opencv)');
  });

  it('paddle rounds the longer edge and floors the margin of the crop, at each size', () => {
    const { resize, crop } = presets.paddle({ width: 112, height: 112 });
    if (resize === undefined || crop === undefined || crop === 'none') throw new Error('paddle resizes and crops');
    // 300 * 128 / 451 = 85.1 and 451 * 128 / 300 = 192.4; a margin of 80 and 16.
    expect(place({ width: 451, height: 300 }, resize, crop)).toMatchObject({
      resized: { width: 192, height: 128 },
      x: -40,
      y: -8,
    });
    expect(place({ width: 427, height: 640 }, resize, crop)).toMatchObject({ resized: { width: 128, height: 192 } });
    expect(place({ width: 100, height: 101 }, resize, crop)).toMatchObject({ resized: { height: 129 }, y: -8 });
  });
});
