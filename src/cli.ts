import { hideBin } from 'yargs/helpers';
import { commandsFor } from './commands/index.js';
import { parserOf } from './commands/parser.js';
import { isKnownError } from './errors.js';
import { exitWith, terminal } from './terminal/node.js';

const words = hideBin(process.argv);
try {
  await parserOf(await commandsFor(words), words, terminal, exitWith).parseAsync();
} catch (error) {
  if (!isKnownError(error)) throw error;
  terminal.note(`gapcam: ${error.message}`);
  process.exitCode = 2;
}
