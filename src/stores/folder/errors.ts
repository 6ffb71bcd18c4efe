import { join } from 'node:path';
import { reasonOf, systemCode, UsageError } from '../../errors.js';

const causes: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full; what is finished is kept, and the same command goes on once there is room',
  EDQUOT: 'the disk quota is used up; what is finished is kept, and the same command goes on once there is room',
  EFBIG: 'the system takes no larger file there, as with ulimit -f',
  ENOENT: 'it is gone, or no folder can be made there',
  ENOTDIR: 'a file stands where a folder must be',
  EEXIST: 'a file stands where a folder must be',
};

/** The UsageError for an error of writing below the output folder. One that is a UsageError already stays. */
export const writeError = (output: string, error: unknown): UsageError => {
  if (error instanceof UsageError) return error;
  const cause = causes[systemCode(error) ?? ''] ?? reasonOf(error);
  return new UsageError('output-unwritable', `Cannot write to the output folder ${output}: ${cause}.`, error);
};

/** The error for something that stands where a file is to be written. @param found what it is, in words. */
export const nameTaken = (output: string, name: string, found: string): UsageError =>
  new UsageError(
    'name-taken',
    `${join(output, name)} is ${found}, and is not replaced; move it away, or choose another --output.`,
  );

const ofName = new Set(['ENAMETOOLONG', 'EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY']);

/** Whether only the path was at fault: it is too long, or a file or folder is in the way. */
export const isOfItsName = (error: unknown): error is UsageError =>
  error instanceof UsageError && (error.code === 'name-taken' || ofName.has(systemCode(error.cause) ?? ''));
