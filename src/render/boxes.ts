import sharp from 'sharp';
import type { Rgb } from '../image/decode.js';
import type { BoxedMap, FoundBox } from '../localise/boxes.js';
import { nameOf } from '../maps/remarks.js';
import { lay } from './canvas.js';
import { fontSizeFor } from './caption.js';
import { ellipsize, requireFont, type TextLine, textElement, widthOf } from './text.js';

const [BLACK, WHITE] = [0, 255];

/** Fills a rectangle of whole pixels, as far as it lies in the picture. Its right and bottom edges are not in it. */
const fill = ({ width, height, data }: Rgb, left: number, top: number, right: number, bottom: number, gray: number) => {
  const [from, to] = [Math.max(0, left), Math.min(width, right)];
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    if (to > from) data.fill(gray, (y * width + from) * 3, (y * width + to) * 3);
  }
};

/** A frame within a rectangle. @param thick of its lines, in pixels. */
const frame = (canvas: Rgb, [left, top, right, bottom]: readonly number[], thick: number, gray: number): void => {
  fill(canvas, left, top, right, Math.min(bottom, top + thick), gray);
  fill(canvas, left, Math.max(top, bottom - thick), right, bottom, gray);
  fill(canvas, left, top, Math.min(right, left + thick), bottom, gray);
  fill(canvas, Math.max(left, right - thick), top, right, bottom, gray);
};

/** The box's edges to whole pixels. One at the picture's own edge stays in the picture. */
const edgesOf = ({ box: [x, y, width, height] }: FoundBox): readonly number[] =>
  [x, y, x + width, y + height].map(Math.round);

// A share below one half of a percent is no 0.
const shareWords = (share: number): string => (share < 0.005 ? '< 1 %' : `${Math.round(share * 100)} %`);

/** A small sign on black: the class's name, and the share of its evidence in a box. */
const sign = async (map: BoxedMap, { share }: FoundBox, size: number, room: number): Promise<Rgb> => {
  await requireFont();
  const line = (text: string): TextLine => ({ text, size, bold: false });
  const gap = Math.round(size * 0.3);
  const percent = line(shareWords(share));
  const percentWidth = await widthOf(percent);
  const name = await ellipsize(line(nameOf(map)), Math.max(size * 3, room - percentWidth - 4 * gap));
  const nameWidth = await widthOf(name);
  const [width, height] = [nameWidth + percentWidth + 4 * gap, Math.round(size * 1.4)];
  const texts = [
    textElement(name, gap, Math.round(size * 1.05)),
    textElement(percent, nameWidth + 3 * gap, Math.round(size * 1.05)),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="white">${texts.join('')}</g></svg>`;
  const data = await sharp(Buffer.from(svg)).flatten({ background: 'black' }).raw().toBuffer();
  return { width, height, data };
};

/**
 * Draws a map's boxes: thin white lines between black ones, which are seen on any photo and any heat.
 * @param signed whether each has a sign with the class's name and the share of its evidence, where there is room.
 * @throws UsageError `no-font` where there are signs and the system has no font.
 */
export const drawBoxes = async (canvas: Rgb, map: BoxedMap, signed: boolean): Promise<void> => {
  const size = fontSizeFor(canvas);
  const line = Math.max(1, Math.round(size / 18));
  // The last first: the box with the most evidence lies on top.
  for (const box of (map.boxes ?? []).toReversed()) {
    const [left, top, right, bottom] = edgesOf(box);
    frame(canvas, [left, top, right, bottom], 3 * line, BLACK);
    frame(canvas, [left + line, top + line, right - line, bottom - line], line, WHITE);
    if (!signed) continue;
    const text = await sign(map, box, Math.round(size * 0.8), right - left);
    if (text.width > canvas.width || text.height > canvas.height) continue;
    // On the box's upper edge, pushed into the picture.
    const x = Math.min(Math.max(0, left), canvas.width - text.width);
    const y = Math.min(Math.max(0, top - text.height), canvas.height - text.height);
    lay(canvas, text, x, y);
  }
};
