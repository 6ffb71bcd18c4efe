import { join } from 'node:path';
import type { MapResult } from '../cam/result.js';
import type { Input } from '../model/input/input.js';
import type { RunCounts } from '../run/run.js';

const verdictWords = { ok: '', 'no-evidence': 'no evidence', flat: 'flat', 'non-finite': 'not finite' } as const;

/** Control characters in names and labels would drive the terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** A map's line on the terminal: file, label, score, where it went. */
export const explainedLine = (
  shown: string,
  { label, score, verdict, kind, files }: MapResult & { readonly files: readonly string[] },
  output: string,
): string => {
  const remarks = [verdictWords[verdict], kind === 'first-order' ? 'approximate' : ''].filter((word) => word !== '');
  const remark = remarks.length > 0 ? ` (${remarks.join(', ')})` : '';
  const where = files.map((file) => join(output, file)).join(', ');
  return printable(`${shown}: ${label.split(',')[0]} ${(score * 100).toFixed(1)} %${remark} -> ${where}`);
};

/** How photos are resized and cropped, in words. */
export const resizeWords = ({ resize, crop, resample }: Input): string => {
  const target = resize.rule === 'exact' ? `${resize.width}x${resize.height}` : `shortest edge ${resize.edge}`;
  return `${target}, ${resample}, ${crop === undefined ? 'no crop' : `centre crop ${crop.width}x${crop.height}`}`;
};

/** Said once where nothing beside the model says how photos are fed. */
export const assumptionLine = (input: Input): string =>
  `Nothing beside the model says how photos are fed. Assumed: ${resizeWords(input)}, ImageNet's mean and standard deviation.`;

const plural = (count: number): string => `${count} ${count === 1 ? 'photo' : 'photos'}`;

export const summaryLine = ({ done, failed, skipped }: RunCounts, output: string, interrupted: boolean): string => {
  const parts = [`${plural(done)} explained`];
  if (skipped > 0) parts.push(`${skipped} done before`);
  if (failed > 0) parts.push(`${failed} failed`);
  return `${interrupted ? 'Interrupted: ' : ''}${parts.join(', ')}; results in ${output}`;
};
