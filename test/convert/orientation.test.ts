import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../../src/convert/orientation.js';
import { isOrientation } from '../../src/image/orientation.js';

// A spot in a picture of two more than one aspect, so that no turn looks like another.
const [size, spot] = [
  { width: 7, height: 4 },
  { x: 1, y: 2, width: 3, height: 1 },
];

const inSpot = (x: number, y: number): boolean =>
  x >= spot.x && x < spot.x + spot.width && y >= spot.y && y < spot.y + spot.height;

/** The upright picture: 255 in the spot. */
const upright = Uint8Array.from({ length: 28 }, (_, i) => (inSpot(i % 7, Math.floor(i / 7)) ? 255 : 0));

type Step = (picture: Sharp) => Sharp;

const turned =
  (degrees: number): Step =>
  (picture) =>
    picture.rotate(degrees);
const mirrored: Step = (picture) => picture.flop();

/** How a camera that was held so stores the upright picture: what undoes each orientation. */
const storing: readonly (readonly Step[])[] = [
  [],
  [mirrored],
  [turned(180)],
  [turned(180), mirrored],
  [turned(90), mirrored],
  [turned(270)],
  [turned(270), mirrored],
  [turned(90)],
];

const pixelsOf = async (picture: Sharp) => {
  const { data, info } = await picture.extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
};

const storedAs = async (orientation: number) => {
  let picture = { data: upright, ...size };
  // Step by step: in one go sharp chooses the order.
  for (const step of storing[orientation - 1]) {
    const { data, width, height } = picture;
    picture = await pixelsOf(step(sharp(data, { raw: { width, height, channels: 1 } })));
  }
  return picture;
};

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', (orientation) => {
  it('is undone in these pixels: turned as EXIF says, they are the upright picture', async () => {
    const { data, width, height } = await storedAs(orientation);
    const file = await sharp(data, { raw: { width, height, channels: 1 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const seen = await pixelsOf(sharp(file).autoOrient());
    expect(seen).toEqual({ data: upright, ...size });
  });

  it('has the box and the mask where the stored pixels have the spot', async () => {
    const { data, width, height } = await storedAs(orientation);
    const frame = frameOf(size, orientation, 'stored');
    expect(frame.size).toEqual({ width, height });
    expect(frame.maskOf(upright)).toEqual(data);
    const box = frame.boxOf(spot);
    const places = [...data.keys()].filter((i) => data[i] > 0).map((i) => [i % width, Math.floor(i / width)]);
    expect(Math.min(...places.map(([x]) => x))).toBe(box.x);
    expect(Math.min(...places.map(([, y]) => y))).toBe(box.y);
    expect(Math.max(...places.map(([x]) => x)) + 1).toBe(box.x + box.width);
    expect(Math.max(...places.map(([, y]) => y)) + 1).toBe(box.y + box.height);
  });

  it('changes nothing for a reader that turns the photo', () => {
    const frame = frameOf(size, orientation, 'upright');
    expect([frame.size, frame.boxOf(spot), frame.maskOf(upright)]).toEqual([size, spot, upright]);
  });
});

it('knows the numbers 1 to 8 alone', () => {
  expect([0, 1, 8, 9, 1.5, Number.NaN].map(isOrientation)).toEqual([false, true, true, false, false, false]);
});
