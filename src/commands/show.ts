import { join } from 'node:path';
import type { PhotoLine } from '../run/manifest.js';
import type { Terminal } from './terminal.js';

// Terminals show no more: a letter's place shows two pixels, and those that show pictures scale them themselves.
const LONGEST = 800;

/** Why pictures cannot be shown, in a sentence; undefined where they can. */
export const whyNotShown = ({ pictures }: Terminal): string | undefined => {
  if (pictures === 'ok') return undefined;
  const reason = pictures === 'no-terminal' ? 'standard output is no terminal' : 'NO_COLOR is set';
  return `--show is left out: ${reason}.`;
};

/** Prints a photo's overlays, or its strip: the first file of each class, or of the photo. */
export const showPictures = async ({ maps, files }: PhotoLine, output: string, terminal: Terminal): Promise<void> => {
  // Loaded for those alone who ask: they take as long as the rest of the program.
  const [{ default: sharp }, { default: terminalImage }] = await Promise.all([
    import('sharp'),
    import('terminal-image'),
  ]);
  const own = maps.flatMap((map) => map.files.slice(0, 1));
  for (const file of own.length > 0 ? own : files.slice(0, 1)) {
    const picture = sharp(join(output, file)).resize(LONGEST, LONGEST, { fit: 'inside', withoutEnlargement: true });
    terminal.paint(await terminalImage.buffer(await picture.png().toBuffer()));
  }
};
