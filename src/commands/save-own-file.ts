import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, systemCode, UsageError } from '../errors.js';
import { builtInFolders, locateModel, type ModelFiles } from '../model/locate.js';
import { ownContent, type Saved } from '../model/own-content.js';
import { type OwnFile, ownFileOf } from '../model/own-file.js';
import { writeWhole } from '../stores/folder/whole-file.js';
import { isSameFile } from '../stores/same-file.js';

const refuseBuiltIn = ({ folder }: ModelFiles): void => {
  if (!builtInFolders().some((builtIn) => isSameFile(builtIn, folder))) return;
  throw new UsageError(
    'output-unwritable',
    `The model is built in, and nothing is saved in the package's own folder; copy ${folder} to a place of yours, and inspect the copy.`,
  );
};

const unwritable = (file: string, error: unknown): UsageError =>
  new UsageError(
    'output-unwritable',
    `${file} cannot be written (${reasonOf(error).split(',')[0]}); copy the model into a folder where you may write, and save it there.`,
    error,
  );

const refuseTaken = ({ file, isForeign }: OwnFile, overwrite: boolean): void => {
  if (isForeign) {
    throw new UsageError(
      'output-exists',
      `${file} is another program's, and is not replaced; rename it, or the model, whose name the file has.`,
    );
  }
  try {
    const entry = lstatSync(file);
    if (!entry.isFile()) {
      throw new UsageError('output-exists', `${file} is no regular file, and is not replaced; move it away.`);
    }
    if (overwrite) return;
    throw new UsageError(
      'output-exists',
      `${file} exists already; --overwrite replaces it, with what it says wherever no flag says otherwise.`,
    );
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (systemCode(error) !== 'ENOENT') throw unwritable(file, error);
  }
};

/**
 * The model's own file, where it may be written: looked at before the model is tried.
 * @throws UsageError `output-exists`, `output-unwritable`; ModelError as `locateModel` and `ownFileOf`.
 */
export const placeToSave = (model: string, overwrite: boolean): OwnFile => {
  const files = locateModel(model);
  refuseBuiltIn(files);
  const own = ownFileOf(files);
  refuseTaken(own, overwrite);
  return own;
};

/** Writes the model's own file. @throws UsageError `output-unwritable`. @returns its path. */
export const saveOwnFile = async (saved: Saved, overwrite: boolean): Promise<string> => {
  const { file } = saved.before;
  const temporary = join(file, '..', `.gapcam-${randomUUID()}.json`);
  try {
    await writeWhole(ownContent(saved), { target: file, temporary, overwrite });
  } catch (error) {
    throw error instanceof UsageError ? error : unwritable(file, error);
  }
  return file;
};
