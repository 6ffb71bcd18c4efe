import { closeSync, fstatSync, readSync } from 'node:fs';
import { openRegularSync, readRegularPart } from '../../../regular-file.js';
import { whenFilesAreFree } from '../../../stores/crowded.js';
import { pathOf } from '../../../stores/paths.js';
import { archivesOn } from '../archives/endings.js';
import { argumentOf, isPhotoFile, namingFolder } from '../arguments.js';
import { discover } from '../discover.js';
import { stateOfFile, stateOfStats } from '../file-state.js';
import { nameBelow } from '../names.js';
import { readPhoto } from '../read-photo.js';
import type { Input, OpenFile, Storage } from './storage.js';

/** A file, folder or pattern of this machine. Parsed once: a word that names a picture now would be a pattern once that is removed. */
export const localInput = (word: string): Input => {
  const argument = argumentOf(word);
  return {
    folder: () => namingFolder(argument),
    isOne: () => isPhotoFile(argument),
    isCheap: true,
    find: ({ output, inside }) => discover([argument], output, inside),
  };
};

const open = (file: string): OpenFile => {
  const descriptor = openRegularSync(pathOf(file));
  return {
    size: fstatSync(descriptor).size,
    read: (at, into) => into.subarray(0, readSync(descriptor, into, 0, into.length, at)),
    close: () => closeSync(descriptor),
  };
};

/** The disks of this machine. An address is an absolute path. */
export const local: Storage = {
  isFar: false,
  nameOf: nameBelow,
  archivesIn: archivesOn,
  read: readPhoto,
  stateOf: stateOfFile,
  part: async (file, start, length) => {
    const { bytes, stats } = await whenFilesAreFree(() => readRegularPart(pathOf(file), start, length));
    return { bytes, state: stateOfStats(stats) };
  },
  open,
};
