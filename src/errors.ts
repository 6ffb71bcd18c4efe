/**
 * What a person did or gave that the program cannot work with: one sentence that says what was found, where, and the
 * way out. Anything else that throws is a defect of the program and keeps its stack.
 */
class KnownError extends Error {
  readonly code: string;

  /** @param code kebab-case, stable: the manifest and scripts rely on it. */
  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = new.target.name;
  }
}

/** An option out of its range, a class that the model does not have, an output folder that cannot be used. */
export class UsageError extends KnownError {}

/** A model, or a file beside it, that cannot be read or whose classes cannot be explained. */
export class ModelError extends KnownError {}

/** One photo that cannot be explained; the others go on. */
export class PhotoError extends KnownError {}

/** Whether an error is one of the three that a person can mend, which have a `code`; any other is a defect. */
export const isKnownError = (error: unknown): error is UsageError | ModelError | PhotoError =>
  error instanceof KnownError;

/** A value in an error's sentence, whatever it is: a program may give what JSON has no word for. */
const quoted = (value: unknown): string => {
  if (value === undefined || typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value) ?? `a ${typeof value}`;
  } catch {
    // It holds itself, or a bigint.
    return `an ${Array.isArray(value) ? 'array' : 'object'}`;
  }
};

/** One sentence shape for every option out of its range. */
export const invalidOption = (name: string, expected: string, actual: unknown): UsageError =>
  new UsageError('invalid-option', `Expected ${expected} for ${name} but received ${quoted(actual)}.`);

/**
 * The choice that a value names.
 * @throws UsageError `invalid-option` that lists the choices.
 */
export const choiceOf = <T extends string>(name: string, choices: readonly T[], value: unknown): T => {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw invalidOption(name, `one of ${choices.join(', ')}`, value);
  return found;
};

/** The `code` of a system error such as ENOENT, else undefined. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** First line of an error's message without a closing full stop, to be quoted inside our own sentence. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0].trim().replace(/\.$/, '');
