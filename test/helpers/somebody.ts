import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './repository.js';

// Nobody: root may read and write everything, so it runs the command as someone else.
const NOBODY = 65534;

const canRunHere = (uid: number): boolean =>
  spawnSync(process.execPath, [join(root, 'bin/gapcam.js'), '--version'], { uid, stdio: 'ignore' }).status === 0;

/**
 * A user to whom permissions apply, as who runs a command; empty: whoever runs the tests. Undefined where root runs them in
 * a place that nobody else may enter.
 */
export const somebody: { readonly uid?: number } | undefined =
  process.getuid?.() !== 0 ? {} : canRunHere(NOBODY) ? { uid: NOBODY } : undefined;

if (somebody === undefined) {
  console.warn(
    'NOT TESTED: what may not be read or written, since root may do all, and nobody else may run the command.',
  );
}
