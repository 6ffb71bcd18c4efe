/** What "-" among the photos becomes: the argument parser drops a lone hyphen. */
export const STANDARD_INPUT = '<standard input>';
