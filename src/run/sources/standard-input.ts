/** Replaces "-" among the photos, because the argument parser drops a lone hyphen. */
export const STANDARD_INPUT = '<standard input>';
