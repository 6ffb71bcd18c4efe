import { join } from 'node:path';
import { root } from '../helpers/repository.js';
import { atWorkplace } from './photos.js';
import { descendantsOf, run } from './process.js';
import { faultsOf, rowsBelow } from './rows.js';
import { lacksCommands, lacksPackages, type Outcome, python } from './trial.js';

const EXECUTOR = 'CoarseGrainedExecutorBackend';

/** Kills, once, the executor of a gapcam that is at work: of one that has a process of its own. */
const executorKiller = () => {
  const killed: number[] = [];
  const watch = (driver: number): void => {
    if (killed.length > 0) return;
    const processes = descendantsOf(driver);
    const worker = processes.find(({ command }) => command.includes('dist/run/workers/worker.js'));
    let above = worker;
    while (above !== undefined && !above.command.includes(EXECUTOR)) {
      const { parent } = above;
      above = processes.find(({ pid }) => pid === parent);
    }
    if (above === undefined) return;
    process.kill(above.pid, 'SIGKILL');
    killed.push(above.pid);
  };
  return { watch, killed };
};

/** The recipe in a cluster of two executors, the first of which to explain a photo is killed. */
export const spark = async (): Promise<Outcome> => {
  const lacking = lacksPackages('pyspark') ?? lacksCommands('java');
  if (lacking !== undefined) {
    return { skipped: `${lacking}; pip install pyspark, apt-get install default-jre-headless` };
  }
  return atWorkplace(240, async (place) => {
    const out = join(place.folder, 'out.parquet');
    const recipe = [join(root, 'examples/spark.py'), place.list, out, '-m', 'nin-cifar10'];
    const submit =
      "import runpy, sys; from pyspark.find_spark_home import _find_spark_home as home; print(home(), end='')";
    const { said: home } = await run(python, ['-c', submit]);
    const env = {
      ...place.environment,
      SPARK_LOCAL_IP: '127.0.0.1',
      PYSPARK_PYTHON: python,
      PHOTOS_PER_PARTITION: '60',
    };
    const { watch, killed } = executorKiller();
    const args = ['--master', 'local-cluster[2,1,1024]', ...recipe];
    const { code, said } = await run(join(home, 'bin/spark-submit'), args, { cwd: place.folder, env, watch });
    if (code !== 0) return { found: 'the recipe', faults: [`exit code ${code}: ${said.slice(-2000)}`] };
    const rows = (await rowsBelow(out)) as unknown as readonly SparkRow[];
    const told = rows.map((row) => ({ in: row.in, error: row.error?.code, map: row.maps?.[0]?.map ?? [] }));
    const faults = [...faultsOf(told, place)];
    if (killed.length !== 1) faults.push('no executor was killed');
    const found = `local-cluster[2,1,1024], pipe with checkCode=True, ${rows.length} rows, ${killed.length} executor killed`;
    return { found, faults };
  });
};

interface SparkRow {
  readonly in: string;
  readonly error?: { readonly code: string };
  readonly maps?: readonly { readonly map: readonly number[] }[];
}
