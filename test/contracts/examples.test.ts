import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { allCommands } from '../../src/commands/index.js';
import { flagOf } from '../../src/options/define.js';
import { root } from '../helpers/repository.js';

const textOf = (name: string): string => readFileSync(join(root, 'examples', name), 'utf8');
const names = readdirSync(join(root, 'examples'));
const commands = await allCommands();
const flags = new Set(
  commands.flatMap(({ options }) => Object.entries(options).map(([name, option]) => `--${flagOf(name, option)}`)),
);
const [explain] = commands;
const switches = Object.entries(explain.options).filter(([, { values }]) => values.words === 'none');
for (const [name, option] of switches) flags.add(`--no-${flagOf(name, option)}`);

/** Flags of other programs that recipes call. */
const others =
  /^--(array|cpus-per-task|job-name|dependency|parsable|wrap|type|for|timeout|from|global|pack-destination)$/;
const npm = /^--(no-audit|no-fund|ignore-scripts|no-install-recommends|rm)$/;

describe('the recipes of examples/', () => {
  it('are all listed on their page, and shipped', () => {
    const page = readFileSync(join(root, 'docs/engines.md'), 'utf8');
    for (const name of names.filter((name) => !name.endsWith('.dockerignore'))) expect(page).toContain(`\`${name}\``);
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).files).toContain('examples');
  });

  it.each(names)('%s gives gapcam no option that it does not have', (name) => {
    const given = textOf(name).match(/(?<=[\s"'])--[a-z][a-z-]*/g) ?? [];
    expect(given.filter((flag) => !flags.has(flag) && !others.test(flag) && !npm.test(flag))).toEqual([]);
  });

  it('of Kubernetes tells each pod how many there are', () => {
    const documents = parseAllDocuments(textOf('kubernetes.yaml'));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    const [job, merge] = documents.map((document) => document.toJS());
    const [pod] = job.spec.template.spec.containers;
    expect(pod.env).toEqual([{ name: 'JOB_COMPLETIONS', value: `${job.spec.completions}` }]);
    expect(job.spec.parallelism).toBe(job.spec.completions);
    expect(merge.spec.template.spec.containers[0].command.at(-1)).toContain(`/*-of-${job.spec.completions} `);
  });

  it('of AWS Batch merges each part of its array', () => {
    const { jobDefinition, array, merge } = JSON.parse(textOf('aws-batch.json'));
    const { size } = array.arrayProperties;
    const [, , output] = jobDefinition.containerProperties.command;
    const parts = Array.from({ length: size }, (_, i) => `${output}${i + 1}-of-${size}`);
    expect(merge.containerOverrides.command).toEqual(['merge', ...parts, '-o', 's3://bucket/all/']);
  });

  it('of Slurm is a script that sh can read', () => {
    expect(spawnSync('sh', ['-n', join(root, 'examples/slurm.sh')], { encoding: 'utf8' }).stderr).toBe('');
  });
});
