import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';

/** What patterns such as `*.jpg` are read by. Loaded where a word may be one: every start would wait for it. */
export const patterns = (): typeof Picomatch => createRequire(import.meta.url)('picomatch');
