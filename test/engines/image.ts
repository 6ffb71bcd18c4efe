import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../helpers/repository.js';
import { explainedBelow } from './answers.js';
import { atWorkplace, type Workplace } from './photos.js';
import { run } from './process.js';
import type { Outcome } from './trial.js';

/** A line of a Dockerfile: `RUN`, and what follows. */
interface Step {
  readonly verb: string;
  readonly rest: string;
}

const stepsOf = (dockerfile: string): readonly Step[] =>
  dockerfile
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [verb, ...words] = line.split(' ');
      return { verb, rest: words.join(' ') };
    });

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The steps as a script: each stage is this machine's own disk, on which nothing that is written stays. So the base image is
 * this machine, with its Node. @param context what COPY takes. @param data becomes /data. @param words for the entry point.
 */
const scriptOf = (steps: readonly Step[], context: string, data: string, words: string): string => {
  const lines = ['set -eu', 'mount -t tmpfs tmpfs "$LAYERS"'];
  let [stage, folder, user] = ['', '/', ''];
  const inside = (command: string) =>
    `chroot "$LAYERS/${stage}/root" ${user}sh -ec ${quoted(`cd ${folder}; ${command}`)}`;
  for (const { verb, rest } of steps) {
    if (verb === 'FROM') {
      [stage, folder, user] = [/ AS (\S+)/.exec(rest)?.[1] ?? 'last', '/', ''];
      const at = `"$LAYERS/${stage}"`;
      const overlay = `lowerdir=/,upperdir=$LAYERS/${stage}/up,workdir=$LAYERS/${stage}/work`;
      lines.push(`mkdir ${at} ${at}/up ${at}/work ${at}/root`, `mount -t overlay overlay -o "${overlay}" ${at}/root`);
      lines.push(`mount --rbind /dev ${at}/root/dev`, `mount -t proc proc ${at}/root/proc`);
    } else if (verb === 'WORKDIR') {
      folder = rest;
      lines.push(`mkdir -p "$LAYERS/${stage}/root${folder}"`);
    } else if (verb === 'RUN') lines.push(inside(rest));
    else if (verb === 'USER') user = 'setpriv --reuid 1000 --regid 1000 --clear-groups ';
    else if (verb === 'COPY') {
      const [, from, source, target] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(rest) ?? [];
      const [given, taken] = [
        from === undefined ? context : `$LAYERS/${from}/root`,
        target.startsWith('/') ? target : join(folder, target),
      ];
      lines.push(`cp -a "${join(given, source)}" "$LAYERS/${stage}/root${source === '.' ? dirname(taken) : taken}"`);
    } else if (verb === 'ENTRYPOINT') {
      lines.push(`mount --bind ${quoted(data)} "$LAYERS/${stage}/root${folder}"`);
      lines.push(inside(`HOME=/ ${JSON.parse(rest).join(' ')} ${words}`));
    } else throw new Error(`A Dockerfile's ${verb} is not known here.`);
  }
  return lines.join('\n');
};

const hasDocker = (): boolean => spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;

const WORDS = 'photos -m nin-cifar10 -o heatmaps --quiet';

const inDocker = async ({ folder }: Workplace) => {
  const built = await run('docker', ['build', '-f', 'examples/Dockerfile', '-t', 'gapcam-test', '.'], { cwd: root });
  if (built.code !== 0) return built;
  return run('docker', ['run', '--rm', '-v', `${folder}:/data`, 'gapcam-test', ...WORDS.split(' ')]);
};

/** What COPY takes: the files that git knows, or would. */
const contextIn = (folder: string): string => {
  const context = join(folder, 'build');
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const name of listed.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(context, name)), { recursive: true });
    copyFileSync(join(root, name), join(context, name));
  }
  return context;
};

const asScript = (place: Workplace) => {
  const steps = stepsOf(readFileSync(join(root, 'examples/Dockerfile'), 'utf8'));
  const layers = join(place.folder, 'layers');
  mkdirSync(layers);
  const script = join(place.folder, 'steps.sh');
  writeFileSync(script, scriptOf(steps, contextIn(place.folder), place.folder, WORDS));
  return run('unshare', ['--mount', 'sh', script], { env: { LAYERS: layers } });
};

/** The Dockerfile, built and run; where there is no Docker, its steps one by one. */
export const image = async (): Promise<Outcome> => {
  const docker = hasDocker();
  if (!docker && spawnSync('unshare', ['--mount', 'true']).status !== 0) {
    return { skipped: 'there is no Docker, and no right to mount a disk' };
  }
  return atWorkplace(8, async (place) => {
    execFileSync('chmod', ['777', place.folder]);
    const { code, said } = await (docker ? inDocker(place) : asScript(place));
    if (code !== 0) return { found: 'the Dockerfile', faults: [`exit code ${code}: ${said.slice(-2000)}`] };
    const names = explainedBelow(join(place.folder, 'heatmaps'));
    const owner = execFileSync('stat', ['-c', '%u', join(place.folder, 'heatmaps')], { encoding: 'utf8' }).trim();
    const faults = names.length === place.paths.length ? [] : [`${names.length} photos`];
    if (owner !== '1000') faults.push(`the results belong to user ${owner}`);
    const where = docker ? 'built and run by Docker' : 'its steps as a script, without Docker';
    return { found: `${where}, ${names.length} photos as user ${owner}`, faults };
  });
};
