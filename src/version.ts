import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

const manifest: { readonly version: string } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));

/** The program's own version. */
export const { version } = manifest;
