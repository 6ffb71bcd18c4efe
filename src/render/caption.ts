import sharp from 'sharp';
import type { Rgb } from '../image/decode.js';
import type { Size } from '../maps/box.js';
import { answerOf, nameOf, shortLogits, unitOf, verdictRemark, withUnit } from '../maps/remarks.js';
import type { ShownMap } from '../maps/result.js';
import { LEVELS } from './colormaps/table.js';
import type { Palette } from './palette.js';
import { ellipsize, requireFont, type TextLine, textElement, widthOf } from './text.js';

/** Size of the font that suits a picture, in pixels; at least 12, as smaller letters are hard to read. */
export const fontSizeFor = ({ width, height }: Size): number =>
  Math.max(12, Math.round(Math.sqrt(width * height) / 28));

// In font sizes: the border, the distance from one baseline to the next, the gap between neighbours, and the least
// widths of the bar and of the label.
const BORDER = 0.7;
const LINE = 1.6;
const GAP = 0.6;
const BAR = 8;
const LABEL = 14;

const [INK, WARNING, EDGE] = ['#222222', '#b3261e', '#bbbbbb'];

/** Where the colour bar lies in the caption, in pixels. */
interface Bar {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Paints the palette over white, from the lowest value to the highest. */
const paintBar = ({ data, width }: Rgb, bar: Bar, { colors, opacities }: Palette): void => {
  for (let x = 0; x < bar.width; x++) {
    const entry = Math.round((x / (bar.width - 1)) * (LEVELS - 1));
    for (let y = 0; y < bar.height; y++) {
      for (let channel = 0; channel < 3; channel++) {
        const color = 255 + (colors[entry * 3 + channel] - 255) * opacities[entry];
        data[((bar.top + y) * width + bar.left + x) * 3 + channel] = Math.round(color);
      }
    }
  }
};

// White is one of the bar's colours: an edge says where it ends.
const edgeOf = ({ left, top, width, height }: Bar): string =>
  `<rect x="${left - 1}" y="${top - 1}" width="${width + 2}" height="${height + 2}" fill="${EDGE}"/>`;

/** What is written; `ends` are the values at the ends of the bar, undefined where there is no bar. */
const linesOf = (map: ShownMap, size: number) => {
  const plain = (text: string): TextLine => ({ text, size, bold: false });
  const label: TextLine = { text: nameOf(map), size, bold: true };
  const ends = map.range?.map((logits, i) => plain(withUnit(shortLogits(logits), i === 1 ? unitOf(map) : '')));
  return { label, score: plain(answerOf(map)), ends, remark: plain(verdictRemark(map)) };
};

/** Elements of SVG over white. */
const drawn = async (elements: readonly string[], { width, height }: Size): Promise<Rgb> => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="${INK}">${elements.join('')}</g></svg>`;
  const data = await sharp(Buffer.from(svg)).flatten({ background: 'white' }).raw().toBuffer();
  return { width, height, data };
};

/**
 * Draws the caption below a picture of a class: name and score, a colour bar with the logits at its ends, and a warning
 * where the map needs one. It is at least as wide as the picture.
 * @param palette of the bar.
 * @throws UsageError `no-font`.
 */
export const caption = async (map: ShownMap, palette: Palette, picture: Size): Promise<Rgb> => {
  await requireFont();
  const size = fontSizeFor(picture);
  const [border, gap] = [Math.round(BORDER * size), Math.round(GAP * size)];
  const { label, score, ends, remark } = linesOf(map, size);
  const scoreWidth = await widthOf(score);
  const [lowWidth, highWidth] = await Promise.all(ends?.map(widthOf) ?? [0, 0]);
  const inner = Math.max(
    picture.width - 2 * border,
    Math.min(LABEL * size, await widthOf(await ellipsize(label, LABEL * size))) + 2 * gap + scoreWidth,
    ends ? lowWidth + BAR * size + highWidth + 2 * gap : 0,
    await widthOf(remark),
  );
  const [left, right] = [border, border + inner];
  let baseline = border;
  const nextLine = () => {
    baseline += Math.round(LINE * size);
    return baseline - Math.round((LINE - 1) * size);
  };
  const first = nextLine();
  const texts = [
    textElement(await ellipsize(label, inner - scoreWidth - 2 * gap), left, first),
    textElement(score, right - scoreWidth, first),
  ];
  let bar: Bar | undefined;
  if (ends) {
    const y = nextLine();
    const from = left + lowWidth + gap;
    const height = Math.round(size * 0.75);
    bar = { left: from, top: y - height, width: right - highWidth - gap - from, height };
    texts.push(textElement(ends[0], left, y), textElement(ends[1], right - highWidth, y), edgeOf(bar));
  }
  if (remark.text !== '') texts.push(`<g fill="${WARNING}">${textElement(remark, left, nextLine())}</g>`);
  const band = await drawn(texts, { width: inner + 2 * border, height: baseline + Math.round(border / 2) });
  if (bar) paintBar(band, bar, palette);
  return band;
};
