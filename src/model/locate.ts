import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError, reasonOf } from '../errors.js';
import { packageFile } from '../package-file.js';
import { readRegularSync, UnfitFile } from '../regular-file.js';
import { isLfsPointer, otherFormat } from './other-formats.js';
import { parseSideText, type Refusal, readSideText } from './side-file.js';

const builtInFolder = fileURLToPath(packageFile('fixtures/models/'));

/** A model's file and the folder whose side files describe it. */
export interface ModelFiles {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
}

/** Names of the models that come with the program. */
export const builtInModels = (): readonly string[] =>
  readdirSync(builtInFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Their folders. */
export const builtInFolders = (): readonly string[] => builtInModels().map((name) => join(builtInFolder, name));

const unreadable = (path: string, error: unknown): ModelError =>
  new ModelError('model-unreadable', `The model ${path} cannot be read: ${reasonOf(error)}.`, error);

/** @throws ModelError `model-unreadable` where the system refuses to look: a link to itself, a name that is too long. */
const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
};

/**
 * @param model built-in name, .onnx file, or folder that holds model.onnx, itself or in `onnx/`, or one .onnx file.
 * @throws ModelError `model-not-found`, `model-unreadable`.
 */
export const locateModel = (model: string): ModelFiles => {
  const names = builtInModels();
  const path = names.includes(model) ? join(builtInFolder, model) : resolve(model);
  const entry = statOf(path);
  const other = entry && otherFormat(model);
  if (other !== undefined) throw new ModelError('not-onnx', `${model} is ${other}.`);
  if (entry?.isFile()) return { name: model, file: path, folder: dirname(path) };
  if (!entry?.isDirectory()) {
    const known = names.join(', ');
    throw new ModelError('model-not-found', `${model} is no model: neither built in (${known}) nor a file or folder.`);
  }
  const all = [path, join(path, 'onnx')].flatMap(modelsIn);
  const file = all.find((found) => basename(found) === 'model.onnx') ?? (all.length === 1 ? all[0] : undefined);
  if (file !== undefined) return { name: model, file, folder: dirname(file) };
  refuseOtherFormats(model, all);
  const found = all.length === 0 ? 'no .onnx file' : `several models: ${all.map((name) => basename(name)).join(', ')}`;
  throw new ModelError('model-not-found', `The folder ${model} holds ${found}; name the .onnx file itself.`);
};

/** @throws ModelError where a folder without an .onnx file holds a network in another format. */
const refuseOtherFormats = (folder: string, models: readonly string[]): void => {
  if (models.length > 0) return;
  for (const name of namesIn(resolve(folder))) {
    const other = otherFormat(join(folder, name));
    if (other === undefined) continue;
    throw new ModelError('not-onnx', `The folder ${folder} holds no .onnx file; ${name} in it is ${other}.`);
  }
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
};

const modelsIn = (folder: string): readonly string[] =>
  statOf(folder)?.isDirectory()
    ? namesIn(folder)
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(folder, name))
    : [];

// A protobuf message is no larger. ONNX keeps the weights of larger networks in further files.
const MAX_BYTES = 2 ** 31;

/** @throws ModelError `model-unreadable`. */
export const readModelFile = (file: string): Uint8Array => {
  try {
    const bytes = readRegularSync(file, MAX_BYTES);
    if (!isLfsPointer(bytes)) return bytes;
  } catch (error) {
    const isTooLarge = error instanceof UnfitFile && error.code === 'too-large';
    const wayOut = isTooLarge ? '; save it with its weights in a second file' : '';
    throw new ModelError('model-unreadable', `The model ${file} cannot be read: ${reasonOf(error)}${wayOut}.`, error);
  }
  throw new ModelError(
    'not-onnx',
    `The model ${file} is not ONNX but a pointer that Git LFS leaves in its place; fetch the model with \`git lfs pull\`.`,
  );
};

const badSideFile: Refusal = (sentence, cause) => new ModelError('bad-side-file', sentence, cause);

/**
 * A JSON object beside the model, or undefined where there is no such file.
 * @throws ModelError `bad-side-file`.
 */
export const readSideFile = (folder: string, name: string): Readonly<Record<string, unknown>> | undefined => {
  const file = join(folder, name);
  const text = readSideText(file, badSideFile);
  if (text === undefined) return undefined;
  const value = parseSideText(file, text, badSideFile);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelError('bad-side-file', `${file} holds no JSON object; put the right file in its place.`);
  }
  return value as Record<string, unknown>;
};

/** Folders that are searched for a model's side files: its own, and the one above `onnx/`. */
export const foldersOf = ({ folder }: ModelFiles): readonly string[] =>
  basename(folder) === 'onnx' ? [folder, dirname(folder)] : [folder];

// Names that other programs give to files beside a model. A model called config.onnx has no file of its own.
const others: ReadonlySet<string> = new Set([
  ...['config.json', 'preprocessor_config.json', 'processor_config.json'],
  ...['labels.json', 'classes.json', 'imagenet_class_index.json'],
]);

/**
 * gapcam's own file of a model: `<model>.json` beside `<model>.onnx`.
 * @throws ModelError `bad-side-file`.
 */
export const readOwnFile = ({ file, folder }: ModelFiles) => {
  const name = `${basename(file).replace(/\.onnx$/, '')}.json`;
  return { name, json: others.has(name) ? undefined : readSideFile(folder, name) };
};
