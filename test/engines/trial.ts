import { spawnSync } from 'node:child_process';

/** What came of a recipe under its engine. */
export type Outcome =
  /** The engine is not on this machine: why, and how it is had. */
  | { readonly skipped: string }
  /** What was run, and what is wrong with what came out of it; nothing, where it holds. */
  | { readonly found: string; readonly faults: readonly string[] };

/** Python with the engines' packages: the variable PYTHON, else `python3`. */
export const python = process.env.PYTHON ?? 'python3';

/** Why packages of Python cannot be used. Undefined: they can. */
export const lacksPackages = (...names: readonly string[]): string | undefined => {
  const { status } = spawnSync(python, ['-c', `import ${names.join(', ')}`], { stdio: 'ignore' });
  return status === 0 ? undefined : `${python} cannot import ${names.join(', ')}`;
};

/** Which of the commands are not on this machine, in words. Undefined: all are. */
export const lacksCommands = (...names: readonly string[]): string | undefined => {
  const missing = names.filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status !== 0,
  );
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}`;
};
