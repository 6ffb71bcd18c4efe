import type { PhotoLine } from '../results/line.js';
import { openStore } from '../stores/index.js';
import { bytesOf } from '../stores/store.js';
import type { Screen, Terminal } from './contract.js';

/**
 * Why pictures cannot be shown, in a sentence; undefined where they can.
 * @param drawn whether there are any.
 */
export const whyNotShown = ({ screen }: Terminal, drawn: boolean): string | undefined => {
  if (!drawn) return '--show is left out: no overlay is drawn, as no grid of the cells is known.';
  if (screen?.colors) return undefined;
  return `--show is left out: ${screen === undefined ? 'standard output is no terminal' : 'the terminal shows no colours'}.`;
};

/** A picture as text, as large as fits. Each character is an upper half block: its colour and its background are two pixels. */
const paint = async (picture: Uint8Array, { columns, rows }: Screen): Promise<string> => {
  // Loaded only with --show: loading them takes as long as loading the rest of the program.
  const [{ default: sharp }, { default: chalk }] = await Promise.all([import('sharp'), import('chalk')]);
  const { data, info } = await sharp(picture)
    .resize(columns, rows * 2, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lines: string[] = [];
  for (let y = 0; y < info.height; y += 2) {
    let line = '';
    for (let x = 0; x < info.width; x++) {
      const [upper, lower] = [y, y + 1].map((row) => data.subarray((row * info.width + x) * 3).subarray(0, 3));
      const color = chalk.rgb(upper[0], upper[1], upper[2]);
      line += (lower.length === 3 ? color.bgRgb(lower[0], lower[1], lower[2]) : color)('▀');
    }
    lines.push(line);
  }
  return lines.join('\n');
};

/** Prints a photo's overlays, or its strip: the first file of each class, or of the photo. */
export const showPictures = async (
  { maps, files }: PhotoLine,
  output: string,
  { screen, paste }: Terminal,
): Promise<void> => {
  if (screen === undefined) return;
  const store = openStore(output);
  const own = maps.flatMap((map) => map.files.slice(0, 1));
  for (const file of own.length > 0 ? own : files.slice(0, 1)) paste(await paint(await bytesOf(store, file), screen));
};
