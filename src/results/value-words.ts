import { isRecord } from './json.js';

// Longer values say no more in a sentence.
const SHOWN = 200;

const pairs = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${inWords(value)}`)
    .join(', ');

const objectInWords = ({ rule, width, height, ...others }: Readonly<Record<string, unknown>>): string => {
  const isSize = typeof width === 'number' && typeof height === 'number';
  const size = isSize ? `${width}x${height}` : '';
  const named = rule === undefined ? size : `${inWords(rule)} ${size}`.trim();
  return [named, pairs(isSize ? others : { ...others, width, height })].filter((part) => part !== '').join(', ');
};

const inWords = (value: unknown): string => {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.map(inWords).join(', ') || 'none';
  return isRecord(value) ? objectInWords(value) : String(value);
};

/** A setting of run.json, which anybody may have written, in a few words: "224x224", "shortest-edge, edge 256", "0, 0, 0". */
export const valueWords = (value: unknown): string => {
  const words = inWords(value);
  return words.length > SHOWN ? `${words.slice(0, SHOWN)}...` : words;
};
