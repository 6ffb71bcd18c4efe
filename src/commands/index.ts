import type { Command } from './command.js';

/**
 * All commands by name, in the order of help. A new one is a file and its entry here. Each is loaded only
 * where it is asked for, since every other would wait for it.
 */
const registry: Readonly<Record<string, () => Promise<Command>>> = {
  explain: async () => (await import('./explain.js')).explain,
  inspect: async () => (await import('./inspect.js')).inspect,
  export: async () => (await import('./export.js')).exportModel,
  merge: async () => (await import('./merge.js')).merge,
  convert: async () => (await import('./convert.js')).convert,
  evaluate: async () => (await import('./evaluate.js')).evaluate,
  report: async () => (await import('./report.js')).report,
  models: async () => (await import('./models.js')).models,
};

const load = (names: Iterable<string>): Promise<readonly Command[]> =>
  Promise.all([...names].map((name) => registry[name]()));

export const allCommands = (): Promise<readonly Command[]> => load(Object.keys(registry));

/** The commands that a command line may be about: those that its words name. All, where it asks for help. */
export const commandsFor = (words: readonly string[]): Promise<readonly Command[]> => {
  if (words.some((word) => word.startsWith('--help'))) return allCommands();
  const named = words.filter((word) => Object.hasOwn(registry, word));
  return load(new Set(named[0] === words[0] && named.length > 0 ? [words[0]] : ['explain', ...named]));
};
