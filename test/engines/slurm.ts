import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { root } from '../helpers/repository.js';
import { explainedBelow } from './answers.js';
import { atWorkplace, type Workplace } from './photos.js';
import { run } from './process.js';
import { lacksCommands, type Outcome } from './trial.js';

/** A cluster of this machine alone, which passes for one of 8 cores, so that two jobs run at a time. */
const settings = (folder: string, host: string): string => `ClusterName=gapcam
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/none
CredType=cred/none
SlurmUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
AccountingStorageType=accounting_storage/none
NodeName=${host} NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;

/** Seconds that the cluster may take to start, and the jobs to end. */
const [START, WORK] = [30, 300];

/** @returns whether it came to that in time. */
const until = async (seconds: number, holds: () => Promise<boolean>): Promise<boolean> => {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (await holds()) return true;
    await setTimeout(300);
  }
  return false;
};

/** Does the work while a cluster runs. */
const inCluster = async <T>(place: Workplace, work: (env: Workplace['environment']) => Promise<T>): Promise<T> => {
  const folder = join(place.folder, 'slurm');
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name), { recursive: true });
  const file = join(folder, 'slurm.conf');
  const host = hostname().split('.')[0];
  writeFileSync(file, settings(folder, host));
  const env = { ...place.environment, SLURM_CONF: file };
  const daemons = [
    spawn('slurmctld', ['-D', '-c', '-f', file], { stdio: 'ignore' }),
    spawn('slurmd', ['-D', '-f', file, '-N', host], { stdio: 'ignore' }),
  ];
  try {
    const isUp = async () => /\bidle\b/.test((await run('sinfo', ['-h'], { env })).said);
    if (!(await until(START, isUp))) throw new Error('The cluster of Slurm does not start.');
    return await work(env);
  } finally {
    const ended = daemons.map((daemon) => new Promise((resolve) => daemon.on('close', resolve)));
    for (const daemon of daemons) daemon.kill();
    await Promise.all(ended);
  }
};

/** The recipe as it is: an array of 16 jobs, and the merge behind it. */
export const slurm = async (): Promise<Outcome> => {
  const lacking = lacksCommands('slurmctld', 'slurmd', 'sbatch') ?? (process.getuid?.() === 0 ? undefined : 'not root');
  if (lacking !== undefined) return { skipped: `${lacking}; apt-get install slurm-wlm, and run it as root` };
  return atWorkplace(48, (place) =>
    inCluster(place, async (env) => {
      const out = join(place.folder, 'out');
      const args = [join(root, 'examples/slurm.sh'), place.photos, out, '-m', 'nin-cifar10'];
      const { code, said } = await run('sh', args, { cwd: place.folder, env });
      if (code !== 0) return { found: 'the recipe', faults: [said] };
      const isDone = async () => (await run('squeue', ['-h'], { env })).said.trim() === '';
      if (!(await until(WORK, isDone))) return { found: 'the recipe', faults: ['its jobs do not end'] };
      const lines = explainedBelow(join(out, 'all'));
      const names = lines.map(({ photo }) => photo).sort();
      const wanted = place.paths.map((path) => basename(path)).sort();
      const others = lines.filter(({ photo, maps }) => !isDeepStrictEqual(maps[0].map, place.expected.get(photo)));
      const faults = others.map(({ photo }) => `another map of ${photo}`);
      if (!isDeepStrictEqual(names, wanted)) faults.push(`${names.length} photos for ${wanted.length}`);
      return { found: `an array of 16 jobs and the merge, ${names.length} photos`, faults };
    }),
  );
};
