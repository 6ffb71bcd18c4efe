import { readlinkSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode, UsageError } from '../../errors.js';
import { pathOf, textOf } from '../paths.js';
import { inItsFolder } from './atomic.js';
import { nameTaken, writeError } from './errors.js';
import { entryAt, type Inside } from './inside.js';

// What file systems and Windows say where nobody, or not everybody, may make links.
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const leadsTo = (link: string, path: string): boolean =>
  entryAt(link)?.isSymbolicLink() === true && textOf(readlinkSync(pathOf(link), { encoding: 'buffer' })) === path;

/** Makes a symbolic link. @throws UsageError `name-taken`, `no-links`, `output-unwritable`. */
export const linkTo = async (output: string, inside: Inside, name: string, path: string): Promise<void> => {
  const target = join(output, name);
  try {
    if (!inside.holds(name)) throw nameTaken(output, dirname(name), `a link that leads out of ${output}`);
    await inItsFolder(target, () => symlink(pathOf(path), pathOf(target)));
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST' && leadsTo(target, path)) return;
    if (code === 'EEXIST' && entryAt(target) !== undefined) throw nameTaken(output, name, 'there already');
    if (!linkless.has(code)) throw writeError(output, error);
    const message = `No link to ${path} can be made in ${output}; choose an --output on a disk that has links.`;
    throw new UsageError('no-links', message, error);
  }
};
