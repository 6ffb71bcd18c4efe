/**
 * What said a value, of a model's input or of its labels:
 * - `flag`: a person, on the command line or in the library's options;
 * - `own-file`: the model's own JSON file of gapcam; `file`: another file beside the model;
 * - `metadata`: what the exporter noted in the model;
 * - `graph`: the network's input as it is declared; `layers`: its first layers;
 * - `library`: what a training library does without saying so;
 * - `preset`; `built-in`: names that gapcam has itself; `assumed`: nothing.
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

/** Where a value came from. `where`: which flag, which key of which file...; empty where the source has one place. */
export interface Origin {
  readonly source: OriginSource;
  readonly where: string;
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

/** An origin as a person reads it: "config.json: mean", "preset raw", "assumed". */
export const originWords = ({ source, where }: Origin): string =>
  where === '' ? source : `${prefixes[source]}${where}`;
