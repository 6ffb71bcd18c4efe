/**
 * The source of a value of a model's input, or of its labels:
 * - `flag`: the user, on the command line or in the library's options;
 * - `own-file`: the model's own JSON file of gapcam; `file`: another file beside the model;
 * - `metadata`: the exporter, in the model's metadata;
 * - `graph`: the network's input as it is declared; `layers`: its first layers;
 * - `library`: a training library's implicit behaviour;
 * - `preset`: a preset of gapcam; `built-in`: names stored in gapcam; `assumed`: no source.
 */
type OriginSource =
  | 'flag'
  | 'own-file'
  | 'file'
  | 'metadata'
  | 'graph'
  | 'layers'
  | 'library'
  | 'preset'
  | 'built-in'
  | 'assumed';

/** Where a value came from. `where`: the flag, or the file and key. Empty where the source has only one place. */
export interface Origin {
  readonly source: OriginSource;
  readonly where: string;
  /** Of a value that was saved in the model's own file: where it came from then, in words. */
  readonly from?: string | undefined;
  /** Whether a crop is said with its rounding, so that the library which resizes decides nothing about it. */
  readonly exact?: true;
}

export const assumed: Origin = { source: 'assumed', where: '' };

const prefixes: Readonly<Record<OriginSource, string>> = {
  flag: '',
  'own-file': '',
  file: '',
  metadata: 'metadata: ',
  graph: 'the graph: ',
  layers: 'the graph: ',
  library: '',
  preset: 'preset ',
  'built-in': '',
  assumed: 'assumed: ',
};

/** An origin as text: "config.json: mean", "preset raw", "assumed", "model.json: mean, from --mean". */
export const originWords = ({ source, where, from }: Origin): string =>
  where === '' ? source : `${prefixes[source]}${where}${from === undefined ? '' : `, from ${from}`}`;
