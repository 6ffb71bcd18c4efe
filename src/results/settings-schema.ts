import { type Check, orMissing, orNull } from './checks.js';
import { isNumber, isRecord, isText, isTexts } from './json.js';

/** What run.json must be, so that no reader meets a value that it does not expect. Nobody promises that a run wrote it. */

type Fields = Readonly<Record<string, Check>>;

const isNumbers: Check = (value) => Array.isArray(value) && value.every(isNumber);
const isOneOrMore: Check = (value) => isText(value) || isTexts(value);

const isShard: Check = (value) => {
  const [, index, count] = (isText(value) && /^(\d{1,9})\/(\d{1,9})$/.exec(value)) || [];
  return count !== undefined && Number(index) >= 1 && Number(index) <= Number(count) && Number(count) <= MOST_SHARDS;
};

// As many as --shard takes. A merge names every missing one.
const MOST_SHARDS = 100_000;

const weights: Fields = { sha256: isText, files: isTexts };

const model: Fields = {
  name: isText,
  sha256: isText,
  // Missing where the model is one file, and in runs of earlier versions.
  weights: orMissing((value) => isRecord(value) && firstWrong(weights, value) === undefined),
};

// What is not needed to go on with a run may be missing, as in runs of earlier versions.
const head: Fields = {
  kind: isText,
  held: orMissing(isTexts),
  output: orMissing(isText),
  activation: orMissing(isText),
  logits: orMissing(isText),
  classes: orMissing(isNumber),
  scoring: orMissing(isText),
  scoringOrigin: orMissing(isText),
  units: orMissing(isTexts),
  pool: orMissing(isText),
  share: orMissing(orNull(isNumber)),
  featureMap: orMissing(isText),
  dims: orMissing(isNumbers),
  layout: orMissing(isText),
  grid: orMissing(isNumbers),
  covers: orMissing(orNull(isNumbers)),
  cellOrder: orMissing(isText),
  operators: orMissing(isTexts),
  precision: orMissing(isText),
  residual: orMissing(isNumber),
};

/** Whether all numbers in it are numbers. It is nested at most 100 times. */
const holdsNumbers: Check = (value) =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(holdsNumbers)
    : typeof value !== 'number' || isNumber(value);

const settings: Fields = {
  version: isText,
  model: isRecord,
  head: isRecord,
  labels: orMissing(isText),
  classes: isTexts,
  wordnetIds: orMissing(isTexts),
  input: (value) => isRecord(value) && holdsNumbers(value),
  options: (value) => isRecord(value) && holdsNumbers(value) && orMissing(isOneOrMore)(value.write),
  photos: isText,
  shard: orMissing(isShard),
  packs: orMissing(isTexts),
  complete: orMissing((value) => typeof value === 'boolean'),
};

/** The first field that is missing or of the wrong kind. */
function firstWrong(fields: Fields, record: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(fields).find((name) => !fields[name](record[name]));
}

const missing = (name: string, record: Readonly<Record<string, unknown>>): string =>
  record[name] === undefined ? `it holds no ${name}` : `its ${name} is not what a run writes`;

/** What is wrong with the content of a run.json, in words. Undefined: nothing. */
export const faultOf = (value: unknown): string | undefined => {
  if (!isRecord(value)) return 'it holds no JSON object';
  const wrong = firstWrong(settings, value);
  if (wrong !== undefined) return missing(wrong, value);
  for (const [name, fields] of Object.entries({ model, head })) {
    const part = value[name] as Readonly<Record<string, unknown>>;
    const inner = firstWrong(fields, part);
    if (inner !== undefined)
      return part[inner] === undefined
        ? `its ${name} has no ${inner}`
        : `the ${inner} of its ${name} is not what a run writes`;
  }
  return undefined;
};
