import { join } from 'node:path';
import { root } from '../helpers/repository.js';
import { atWorkplace } from './photos.js';
import { run } from './process.js';
import { faultsOf, type Row, rowsBelow } from './rows.js';
import { lacksPackages, type Outcome, python } from './trial.js';

/** The recipe on this machine as a cluster of one. */
export const ray = async (): Promise<Outcome> => {
  const lacking = lacksPackages('ray.data');
  if (lacking !== undefined) return { skipped: `${lacking}; pip install 'ray[data]'` };
  return atWorkplace(240, async (place) => {
    const out = join(place.folder, 'out');
    const env = { ...place.environment, RAY_USAGE_STATS_ENABLED: '0' };
    const args = [join(root, 'examples/ray_data.py'), place.list, out, '-m', 'nin-cifar10'];
    const { code, said } = await run(python, args, { cwd: place.folder, env });
    if (code !== 0) return { found: 'the recipe', faults: [`exit code ${code}: ${said.slice(-2000)}`] };
    const rows = (await rowsBelow(out)) as unknown as readonly (Row & { readonly error: string })[];
    const told = rows.map(({ error, ...row }) => ({ ...row, error: error === '' ? undefined : error }));
    return { found: `${rows.length} rows`, faults: faultsOf(told, place) };
  });
};
