import { nearestOf } from './nearest.js';

// Longest sentence, with two paths of the system's greatest length. A model's names may have millions of letters.
const LONGEST = 12_000;

/** The middle of a longer text is left out: its beginning says what was found, its end the way out. */
const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST / 2)} ... ${text.slice(-LONGEST / 2)}` : text;

/**
 * An error that the user can mend. Its message is one sentence: what was found, where, and the way out. Any other error
 * is a defect of the program and keeps its stack.
 */
class KnownError extends Error {
  readonly code: string;

  /** @param code in kebab-case. It must not change: manifests hold it and scripts read it. */
  constructor(code: string, message: string, cause?: unknown) {
    super(shortened(message), cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = new.target.name;
  }
}

/** An option out of its range, a class that the model does not have, an output folder that cannot be used. */
export class UsageError extends KnownError {}

/** A model, or a file beside it, that cannot be read or whose classes cannot be explained. */
export class ModelError extends KnownError {}

/** One photo that cannot be explained. The run goes on with the others. */
export class PhotoError extends KnownError {}

/** Whether an error is a UsageError, ModelError or PhotoError, which have a `code`. Any other error is a defect. */
export const isKnownError = (error: unknown): error is UsageError | ModelError | PhotoError =>
  error instanceof KnownError;

// Characters of a value that are quoted.
const QUOTED = 200;

/** Any value as text for an error's sentence. A caller of the library may pass values that JSON cannot hold. */
export const quoted = (value: unknown): string => {
  const held = (_: string, part: unknown) =>
    typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part)) ? String(part) : part;
  if (value === undefined || typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    const text = JSON.stringify(value, held) ?? `a ${typeof value}`;
    return text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text;
  } catch {
    // The value contains itself.
    return `an ${Array.isArray(value) ? 'array' : 'object'}`;
  }
};

/** The error for an option out of its range. */
export const invalidOption = (name: string, expected: string, actual: unknown): UsageError =>
  new UsageError('invalid-option', `Expected ${expected} for ${name} but received ${quoted(actual)}.`);

/**
 * The choice that a value names.
 * @throws UsageError `invalid-option` that lists the choices and names the nearest.
 */
export const choiceOf = <T extends string>(name: string, choices: readonly T[], value: unknown): T => {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const expected = `one of ${choices.join(', ')}`;
  if (typeof value !== 'string') throw invalidOption(name, expected, value);
  const nearest = nearestOf(value, choices);
  throw new UsageError(
    'invalid-option',
    `Expected ${expected} for ${name} but received ${quoted(value)}; the nearest is ${nearest}.`,
  );
};

/** The `code` of a system error such as ENOENT, else undefined. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const hasSyscall = (error: unknown, name: string): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === name;

/** The path that a system's error is about, as a file that may not be read. */
const refusedPath = (error: unknown): string | undefined =>
  error instanceof Error && 'errno' in error && 'path' in error && error.path !== undefined
    ? String(error.path)
    : undefined;

/**
 * The UsageError for what the system refused wherever it happens: the current folder, another open file, a file that may not be
 * read or was removed meanwhile. Else the error itself.
 */
export const mendable = (error: unknown): unknown => {
  if (hasSyscall(error, 'uv_cwd')) {
    return new UsageError('no-current-folder', 'The current folder is gone; change into another.', error);
  }
  if (systemCode(error) === 'EMFILE' || systemCode(error) === 'ENFILE') {
    const message = `Too many files are open (${reasonOf(error)}); allow more, as with ulimit -n 1024.`;
    return new UsageError('too-many-files', message, error);
  }
  const path = refusedPath(error);
  if (path !== undefined && !hasSyscall(error, 'spawn')) {
    return new UsageError(
      'refused-by-system',
      `${path} cannot be used (${reasonOf(error)}); see whether it is there, and who may use it.`,
      error,
    );
  }
  return error;
};

/** First line of an error's message without its full stop, to be quoted inside another sentence. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0].trim().replace(/\.$/, '');
