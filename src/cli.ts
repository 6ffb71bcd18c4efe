import { hideBin } from 'yargs/helpers';
import { commands } from './commands/index.js';
import { parserOf } from './commands/parser.js';
import { isKnownError } from './errors.js';
import { exitWith, terminal } from './terminal/node.js';

try {
  await parserOf(commands, hideBin(process.argv), terminal, exitWith).parseAsync();
} catch (error) {
  if (!isKnownError(error)) throw error;
  terminal.note(`gapcam: ${error.message}`);
  process.exitCode = 2;
}
