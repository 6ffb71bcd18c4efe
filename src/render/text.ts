import sharp from 'sharp';
import { UsageError } from '../errors.js';

/** A line of text in a picture; all lengths in pixels. */
export interface TextLine {
  readonly text: string;
  /** Font size. */
  readonly size: number;
  readonly bold: boolean;
}

const FAMILY = 'sans-serif';

// XML allows no control characters, lone surrogates or non-characters. Marks that change the direction of writing would
// also affect the text after the label.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\ufffe\uffff\u202a-\u202e\u2066-\u2069]/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes any text for XML, which SVG and Pango both read. */
const escapeXml = (text: string): string =>
  text.replace(UNPRINTABLE, '\ufffd').replace(/[&<>"]/g, (character) => entities[character]);

/** Width of a line as drawn. */
export const widthOf = async ({ text, size, bold }: TextLine): Promise<number> => {
  if (text.trim() === '') return 0;
  const markup = bold ? `<b>${escapeXml(text)}</b>` : escapeXml(text);
  // At 72 dots an inch a point is a pixel.
  const { info } = await sharp({ text: { text: markup, font: `${FAMILY} ${size}`, dpi: 72 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return info.width;
};

const graphemes = new Intl.Segmenter();
// In characters. No picture has room for more.
const LONGEST = 300;

/** The line, or where it is wider than `room`, as much of its beginning as fits with an ellipsis after it. */
export const ellipsize = async (line: TextLine, room: number): Promise<TextLine> => {
  const characters = Array.from(graphemes.segment(line.text.slice(0, LONGEST * 4)), ({ segment }) => segment);
  const whole = characters.length <= LONGEST && characters.join('') === line.text;
  if (whole && (await widthOf(line)) <= room) return line;
  const shortened = (count: number) => ({ ...line, text: `${characters.slice(0, count).join('').trimEnd()}…` });
  let [fits, tooLong] = [0, Math.min(LONGEST, characters.length)];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if ((await widthOf(shortened(middle))) <= room) fits = middle;
    else tooLong = middle;
  }
  return shortened(fits);
};

/** A line as an element of an SVG picture. @param y of the baseline. */
export const textElement = ({ text, size, bold }: TextLine, x: number, y: number): string =>
  `<text x="${x}" y="${y}" font-family="${FAMILY}" font-size="${size}" font-weight="${bold ? 'bold' : 'normal'}" ` +
  `xml:space="preserve">${escapeXml(text)}</text>`;

let font: Promise<boolean> | undefined;

/** Whether the system has a font. Without one, every letter is drawn as the same box. */
const hasFont = async (): Promise<boolean> => {
  const [narrow, wide] = await Promise.all(['i', 'W'].map((text) => widthOf({ text, size: 40, bold: false })));
  return narrow !== wide;
};

/** @throws UsageError `no-font` where the system has none to write captions in. */
export const requireFont = async (): Promise<void> => {
  font ??= hasFont();
  if (await font) return;
  throw new UsageError(
    'no-font',
    'Captions need a font and this system has none; install one, such as DejaVu or Noto, or leave --caption out.',
  );
};
