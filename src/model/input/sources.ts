import { basename, join } from 'node:path';
import type { Steps } from '../../image/geometry.js';
import { foldersOf, type ModelFiles, readSideFile } from '../locate.js';
import type { Graph } from '../onnx/graph.js';
import { assumed, type Origin } from '../origin.js';
import { type OwnFile, ownFileOf } from '../own-file.js';
import type { PictureInput } from './graph-input.js';
import { readHuggingFace } from './hugging-face.js';
import { processorOf } from './hugging-face-processors.js';
import { isObject, type Json } from './json.js';
import { readMetadata } from './metadata.js';
import { readOwnInput } from './own-input.js';
import { parseInput, type UnparsedInput } from './parse-flags.js';
import { type PresetName, presetClaims, presetSize, presets } from './presets.js';
import { readTimm, timmSettings } from './timm.js';
import { claims, type InputClaims } from './values.js';

/** The user's values for the input. They override all that is found. */
export interface InputFlags {
  readonly unparsed: UnparsedInput;
  readonly preset: PresetName | undefined;
  /** The network sees the whole photo, uncropped, at its own aspect. */
  readonly whole: boolean;
  /** The sizes that `whole` chooses from. Undefined: any. */
  readonly steps?: { readonly width: Steps; readonly height: Steps } | undefined;
}

const firstFile = (files: ModelFiles, name: string): { readonly json: Json; readonly file: string } | undefined => {
  for (const folder of foldersOf(files)) {
    const json = readSideFile(folder, name);
    if (json !== undefined) return { json, file: join(folder, name) };
  }
  return undefined;
};

/** The image processor's settings. Newer models nest them in processor_config.json, which takes precedence. */
const processorFile = (files: ModelFiles): ReturnType<typeof firstFile> => {
  const nested = firstFile(files, 'processor_config.json');
  return nested !== undefined && isObject(nested.json.image_processor)
    ? { json: nested.json.image_processor, file: nested.file }
    : firstFile(files, 'preprocessor_config.json');
};

/** @returns a warning where another program's file has the name of the model's own. */
export const foreignFile = (files: ModelFiles): readonly string[] => {
  const { name, isForeign } = ownFileOf(files);
  return isForeign ? [`${name} has no key of gapcam's, and is not read.`] : [];
};

/** @returns a warning where a file names an unknown image processor. */
export const unknownProcessor = (files: ModelFiles): readonly string[] => {
  const processor = processorFile(files);
  const named = processor?.json.image_processor_type ?? processor?.json.feature_extractor_type;
  if (processor === undefined || typeof named !== 'string') return [];
  if (processorOf(processor.json, undefined).known) return [];
  return [
    `${basename(processor.file)} is of ${named}, which gapcam does not know; its values are taken at their word.`,
  ];
};

const isGray = (layers: readonly InputClaims[]): boolean =>
  layers.find(({ channels }) => channels !== undefined)?.channels?.value === 'gray';

// ImageNet's mean and standard deviation of brightness.
const GRAY = { mean: [0.449], std: [0.226] };

// Longer words say no more about where a value came from.
const SHOWN = 100;

const savedIn =
  ({ name, origins }: OwnFile) =>
  (key: string): Origin => {
    const from = origins[key];
    return {
      source: 'own-file',
      where: `${name}: ${key}`,
      from: typeof from === 'string' ? from.slice(0, SHOWN) : undefined,
    };
  };

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The values of each source, the most trusted source first. */
export const sourcesOf = (
  files: ModelFiles,
  graph: Graph,
  picture: PictureInput,
  flags: InputFlags,
): readonly InputClaims[] => {
  const own = ownFileOf(files);
  const processor = processorFile(files);
  const config = firstFile(files, 'config.json');
  const timm = config && timmSettings(config.json);
  const known = [
    parseInput(flags.unparsed, 'flag', (key) => `--${kebab(key)}`),
    readOwnInput(own.input, (key) => `${own.name}: ${key}`, savedIn(own)),
    processor ? readHuggingFace(processor.json, config?.json, processor.file) : {},
    config && timm ? readTimm(timm, config.file) : {},
    readMetadata(graph.metadata),
    picture.claims,
    // Training libraries read photos as RGB, which their files do not mention.
    processor || timm
      ? claims(
          { source: 'library', where: 'as its library reads photos' },
          { channels: 'rgb', alpha: processor ? 'white' : 'drop' },
        )
      : {},
  ];
  const size = known.find((claim) => claim.size !== undefined)?.size?.value ?? presetSize;
  return [
    ...known,
    flags.preset === undefined ? {} : presetClaims(flags.preset, size),
    readOwnInput(
      own.assumed,
      (key) => `${own.name}: assumed.${key}`,
      () => assumed,
    ),
    claims(assumed, {
      ...presets.imagenet(size),
      ...(isGray(known) && GRAY),
      size,
      layout: 'nchw',
      fill: [0, 0, 0],
      align: 'center',
      alpha: 'white',
    }),
  ];
};
