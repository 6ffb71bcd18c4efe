import { requireFont } from '../../src/render/text.js';

/** Whether the system has a font for captions; where it has none, tests that need one are skipped and say so. */
export const hasFont = await requireFont().then(
  () => true,
  () => false,
);

if (!hasFont) console.warn('NOT TESTED: captions, since this system has no font.');
