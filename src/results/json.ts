// Nothing that a run writes is nested deeper than six times.
const DEEPEST = 100;

const [QUOTE, BACKSLASH, LIST, LIST_END, OBJECT, OBJECT_END] = [...'"\\[]{}'].map((letter) => letter.charCodeAt(0));

/** Whether the brackets of a JSON text are nested at most `DEEPEST` times. Those inside its strings do not count. */
const isShallow = (text: string): boolean => {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === LIST || code === OBJECT) {
      if (++depth > DEEPEST) return false;
    } else if (code === LIST_END || code === OBJECT_END) depth--;
  }
  return true;
};

/**
 * Parses JSON that anybody may have written. A value nested thousands of times would overflow the stack of whatever walks it
 * later, and millions of times fill the memory while it is parsed.
 * @throws Error where the text is no JSON, or nested too deeply.
 */
export const parseJson = (text: string): unknown => {
  if (!isShallow(text)) throw new Error(`it is nested more than ${DEEPEST} times`);
  return JSON.parse(text);
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** JSON can hold numbers beyond the largest, such as 1e400, which are read as infinite. */
export const isNumber = (value: unknown): value is number => Number.isFinite(value);

export const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
