import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { explain, STANDARD_INPUT, type Terminal } from './commands/explain.js';
import { models } from './commands/models.js';
import { isKnownError, UsageError } from './errors.js';
import { optionTable } from './options.js';
import { version } from './version.js';

const interruption = new AbortController();
const interrupt = () => {
  interruption.abort();
  // A second time ends the program at once; what is written is whole.
  process.exitCode = 130;
};
process.once('SIGINT', interrupt);
process.once('SIGTERM', interrupt);

const terminal: Terminal = {
  stdin: process.stdin,
  print: (line) => console.log(line),
  note: (line) => console.error(line),
  signal: interruption.signal,
};

const exitWith = (code: number): void => {
  process.exitCode = code;
};

const words = hideBin(process.argv).map((word) => (word === '-' ? STANDARD_INPUT : word));

const command = yargs(words)
  .scriptName('gapcam')
  .version(version)
  .usage('Shows where an image classifier saw its class: class maps of any ONNX classifier, laid over the photos.')
  .command(
    '$0 <photos...>',
    'Explain photos: files, folders, patterns, or - for one path a line on standard input',
    (builder) =>
      builder
        .positional('photos', { type: 'string', array: true, demandOption: true })
        .options(optionTable)
        .nargs('class', 1)
        .example('$0 photo.jpg -k 3 -o out', 'The three best classes of one photo')
        .example("$0 'photos/**/*.webp' -m nin-cifar10", 'Every WebP below photos/, with another model'),
    async ({ photos, class: classes, format, outputName, ...rest }) =>
      exitWith(await explain({ ...rest, format, outputName, photos, class: [classes ?? []].flat() }, terminal)),
  )
  .command('models', 'List the built-in models', {}, () => exitWith(models(terminal)))
  .strict()
  .fail((message, error) => {
    throw error ?? new UsageError('usage', `${message.replace(/\.?$/, '.')} See gapcam --help.`);
  });

try {
  await command.parseAsync();
} catch (error) {
  if (!isKnownError(error)) throw error;
  console.error(`gapcam: ${error.message}`);
  process.exitCode = 2;
}
