import { hideBin } from 'yargs/helpers';
import { commandsFor } from './commands/index.js';
import { parserOf } from './commands/parser.js';
import { isKnownError, mendable } from './errors.js';
import { exitWith, terminal } from './terminal/node.js';

const words = hideBin(process.argv);
try {
  // Paths are resolved in many places. Node remembers the folder that it finds here.
  process.cwd();
  await parserOf(await commandsFor(words), words, terminal, exitWith).parseAsync();
} catch (caught) {
  const error = mendable(caught);
  if (!isKnownError(error)) throw error;
  terminal.note(`gapcam: ${error.message}`);
  process.exitCode = 2;
}
