import { files } from './files.js';
import type { Listing, Source, SourceRequest } from './source.js';
import { stdin } from './stdin.js';

/** Sources by name. `files` takes the arguments that no other source accepts. */
export const sources: Record<string, Source> = { files, stdin };

/** The name of the source that the command's arguments belong to. @throws UsageError `usage`. */
export const sourceOf = (inputs: readonly string[]): string =>
  Object.keys(sources).find((name) => name !== 'files' && sources[name].accepts(inputs)) ?? 'files';

/** The photos of a run, and which source reads them. */
export interface RunPhotos extends Listing {
  readonly source: string;
}

/** Opens the source that the arguments belong to. @throws UsageError `usage`. */
export const openSource = (request: SourceRequest): RunPhotos => {
  const source = sourceOf(request.inputs);
  return { ...sources[source].open(request), source };
};
