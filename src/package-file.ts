/**
 * Where a file of this package lies. The only place that knows: the sources, what is built of them one by one, and the
 * bundles of these all lie one folder below the package's own.
 * @param path from the package's folder, with slashes.
 */
export const packageFile = (path: string): URL => new URL(`../${path}`, import.meta.url);
