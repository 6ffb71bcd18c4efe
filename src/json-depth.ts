/** How deep lists and objects may lie in each other: functions that call themselves for each level have room for some thousands. */
export const MAX_DEPTH = 100;

const CODES = { quote: 0x22, backslash: 0x5c } as const;
const [OPENING, CLOSING] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

/**
 * How deep lists and objects lie in each other in a JSON text that anybody may have written. Asked before it is parsed: millions
 * of levels would fill the memory. Brackets inside strings do not count.
 */
export const depthOf = (text: string): number => {
  let [depth, deepest, isString] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CODES.quote) isString = !isString;
    else if (isString && code === CODES.backslash) at++;
    else if (!isString && OPENING.has(code)) deepest = Math.max(deepest, ++depth);
    else if (!isString && CLOSING.has(code)) depth--;
  }
  return deepest;
};
