import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { explain, STANDARD_INPUT } from './commands/explain.js';
import { exportModel } from './commands/export.js';
import { inspect } from './commands/inspect.js';
import { models } from './commands/models.js';
import type { Terminal } from './commands/terminal.js';
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
  .command(
    'inspect <model>',
    'Say what was found in a model, or why no class map exists',
    (builder) =>
      builder
        .positional('model', { type: 'string', demandOption: true, describe: optionTable.model.describe })
        .options({
          'output-name': optionTable['output-name'],
          json: { ...optionTable.json, describe: 'The same as data' },
        }),
    async ({ model, outputName, json }) => exitWith(await inspect({ model, outputName, json }, terminal)),
  )
  .command(
    'export <model>',
    'Write the same network with its class maps as one more output, class_maps [N, K, h, w]',
    (builder) =>
      builder
        .positional('model', { type: 'string', demandOption: true, describe: optionTable.model.describe })
        .options({
          output: { alias: 'o', type: 'string', demandOption: true, describe: 'The .onnx file to write' },
          top: { alias: 'k', type: 'number', describe: 'The maps of the k best classes alone, with their indices' },
          'output-name': optionTable['output-name'],
          overwrite: optionTable.overwrite,
        }),
    async ({ model, output, top, outputName, overwrite }) =>
      exitWith(await exportModel({ model, output, top, outputName, overwrite }, terminal)),
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
