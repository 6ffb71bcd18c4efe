import type { Command } from './command.js';
import { explain } from './explain.js';

/**
 * All commands by name, in the order of help. A new one is a file and its entry here. All but the first are loaded only
 * where they are asked for, since a run would wait for them.
 */
const registry: Readonly<Record<string, () => Promise<Command>>> = {
  explain: async () => explain,
  inspect: async () => (await import('./inspect.js')).inspect,
  export: async () => (await import('./export.js')).exportModel,
  merge: async () => (await import('./merge.js')).merge,
  convert: async () => (await import('./convert.js')).convert,
  evaluate: async () => (await import('./evaluate.js')).evaluate,
  report: async () => (await import('./report.js')).report,
  models: async () => (await import('./models.js')).models,
};

export const allCommands = (): Promise<readonly Command[]> =>
  Promise.all(Object.values(registry).map((load) => load()));

/** The commands that a command line may be about: all, where it names one or asks for help. */
export const commandsFor = async (words: readonly string[]): Promise<readonly Command[]> =>
  words.some((word) => word in registry || word.startsWith('--help')) ? allCommands() : [explain];
