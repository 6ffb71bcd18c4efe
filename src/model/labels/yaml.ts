import { createRequire } from 'node:module';

// Few commands meet such a file, and the library takes longer to load than all labels to read.
const library = (): typeof import('yaml') => createRequire(import.meta.url)('yaml');

/**
 * The value of a text in YAML. All that stands alone in it is text: the name `no` is no truth value and 1 no number.
 * @throws Error that says what is wrong, also where references within it stand for very much.
 */
export const parseYaml = (text: string): unknown =>
  library().parse(text, { schema: 'failsafe', maxAliasCount: 100, uniqueKeys: false, logLevel: 'error' });
