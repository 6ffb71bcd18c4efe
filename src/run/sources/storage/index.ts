import { local, localInput } from './local.js';
import type { Input, Storage } from './storage.js';

/** Where the file of an address lies. */
export const storageOf = (_address: string): Storage => local;

/** What a word of the command names. */
export const inputOf = (word: string): Input => localInput(word);
