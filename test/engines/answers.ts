import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhotoLine } from '../../src/results/line.js';

/** Lines of photos that were explained. */
export const explainedIn = (text: string): readonly PhotoLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((line) => 'maps' in line);

/** Those of a run's folder. */
export const explainedBelow = (output: string): readonly PhotoLine[] =>
  explainedIn(readFileSync(join(output, 'manifest.jsonl'), 'utf8'));
