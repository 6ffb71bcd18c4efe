import yargs, { type Options } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { explain, STANDARD_INPUT } from './commands/explain.js';
import { isKnownError, UsageError } from './errors.js';
import { inputOptionTable, type OptionEntry, optionTable } from './options/explain.js';
import { exitWith, terminal } from './terminal/node.js';
import { version } from './version.js';

/** An option as the parser takes it: words stay words, so that a wrong one can be quoted by whoever checks it. */
const parsed = ({ type, choices, describe, ...rest }: OptionEntry): Options => ({
  ...rest,
  describe: choices === undefined ? describe : `${describe}: ${choices.join(', ')}`,
  ...(type === 'boolean' ? { type } : { type: 'string', requiresArg: true }),
});

const parsedTable = (table: Readonly<Record<string, OptionEntry>>): Record<string, Options> =>
  Object.fromEntries(Object.entries(table).map(([name, option]) => [name, parsed(option)]));

/** A word that is a number as one. */
const numeric = (word: unknown): unknown =>
  typeof word === 'string' && word.trim() !== '' && !Number.isNaN(Number(word)) ? Number(word) : word;

const list = (given: unknown): readonly string[] => [given ?? []].flat().map(String);

// The parser drops a lone hyphen, and does not count what follows "--" as positional.
const given = hideBin(process.argv);
const end = given.includes('--') ? given.indexOf('--') : given.length;
const words = [
  ...given.slice(0, end).map((word) => (word === '-' ? STANDARD_INPUT : word)),
  ...given.slice(end + 1).map((word) => (word.startsWith('-') ? `./${word}` : word)),
];

// All other words are taken once.
const REPEATABLE = new Set(['photos', 'outputs', 'class', 'write']);

const modelArgument = { type: 'string', demandOption: true, describe: optionTable.model.describe } as const;
const inputOptions = parsedTable(inputOptionTable);
const preparationTimeout = { ...optionTable.timeout, describe: 'Seconds that trying the model may take' };
const inputGroup = 'Over what is found in the model and beside it:';

// Commands other than the first are loaded when they are asked for: they know the runtime, which takes its time.
const command = yargs(words)
  .scriptName('gapcam')
  // All that is said is English; the parser's own words would be in the system's language.
  .detectLocale(false)
  .version(version)
  .usage(
    'gapcam <photos...> [options]\n\nShows where an image classifier saw its class: class maps of any ONNX classifier, laid over the photos.',
  )
  .command(
    '$0 [photos..]',
    'Explain photos: files, folders, patterns, or - for one path a line on standard input',
    (builder) =>
      builder
        .positional('photos', { type: 'string', array: true, default: [] })
        .options({ ...parsedTable(optionTable), ...inputOptions })
        .group(Object.keys(inputOptions), inputGroup)
        .example('$0 photo.jpg -k 3 -o out', 'The three best classes of one photo')
        .example("$0 'photos/**/*.webp' -m nin-cifar10", 'Every WebP below photos/, with another model'),
    async (args) =>
      exitWith(
        await explain(
          {
            ...args,
            model: String(args.model),
            output: String(args.output),
            photos: list(args.photos),
            json: args.json === true,
            report: typeof args.report === 'boolean' ? args.report : undefined,
            quiet: args.quiet === true,
            overwrite: args.overwrite === true,
            jobs: numeric(args.jobs),
            threads: numeric(args.threads),
            timeout: numeric(args.timeout),
            show: args.show === true,
            scale: numeric(args.scale),
            class: list(args.class),
            write: list(args.write),
            top: numeric(args.top),
            opacity: numeric(args.opacity),
          },
          terminal,
        ),
      ),
  )
  .command(
    'inspect <model>',
    'Say what was found in a model, or why no class map exists',
    (builder) =>
      builder
        .positional('model', modelArgument)
        .option('json', { type: 'boolean', default: false, describe: 'The same as data' })
        .options({ timeout: parsed(preparationTimeout), ...inputOptions })
        .group(Object.keys(inputOptions), inputGroup),
    async (args) => {
      const { inspect } = await import('./commands/inspect.js');
      const [model, timeout] = [String(args.model), numeric(args.timeout)];
      exitWith(await inspect({ ...args, model, timeout, json: args.json === true }, terminal));
    },
  )
  .command(
    'export <model>',
    'Write the same network with its class maps as one more output, class_maps [N, K, h, w]',
    (builder) =>
      builder
        .positional('model', modelArgument)
        .options({
          output: {
            ...parsed({ type: 'string', alias: 'o', describe: 'The .onnx file to write' }),
            demandOption: true,
          },
          top: parsed({
            alias: 'k',
            type: 'number',
            describe: 'The maps of the k best classes alone, and their indices',
          }),
          timeout: parsed(preparationTimeout),
          overwrite: parsed(optionTable.overwrite),
          ...inputOptions,
        })
        .group(Object.keys(inputOptions), inputGroup),
    async (args) => {
      const { exportModel } = await import('./commands/export.js');
      const [model, output, top] = [String(args.model), String(args.output), numeric(args.top)];
      const timeout = numeric(args.timeout);
      exitWith(
        await exportModel({ ...args, model, output, top, timeout, overwrite: args.overwrite === true }, terminal),
      );
    },
  )
  .command(
    'merge <outputs..>',
    'Join the results of several runs, such as the shards of one',
    (builder) =>
      builder.positional('outputs', { type: 'string', array: true, demandOption: true }).options({
        output: {
          ...parsed({ type: 'string', alias: 'o', describe: 'The folder for all of them' }),
          demandOption: true,
        },
        overwrite: parsed(optionTable.overwrite),
      }),
    async (args) => {
      const { merge } = await import('./commands/merge.js');
      const given = { outputs: list(args.outputs), output: String(args.output), overwrite: args.overwrite === true };
      exitWith(await merge(given, terminal));
    },
  )
  .command(
    'report <output>',
    'Make the report page of a run again, from its folder',
    (builder) =>
      builder.positional('output', { type: 'string', demandOption: true, describe: 'The --output of a run' }),
    async (args) => {
      const { report } = await import('./commands/report.js');
      exitWith(await report(String(args.output), terminal));
    },
  )
  .command('models', 'List the built-in models', {}, async () => {
    const { models } = await import('./commands/models.js');
    exitWith(models(terminal));
  })
  .strict()
  .check((args) => {
    const twice = Object.keys(args).find(
      (name) => name.length > 1 && Array.isArray(args[name]) && !REPEATABLE.has(name),
    );
    if (twice !== undefined) throw new UsageError('usage', `--${twice} is given twice; give it once.`);
    return true;
  })
  .fail((message, error) => {
    const complaint = message?.replace(/\s*\n\s*/g, ' ').replace(/\.?$/, '.');
    if (error !== undefined && error.name !== 'YError') throw error;
    throw new UsageError('usage', `${complaint} See gapcam --help.`);
  });

try {
  await command.parseAsync();
} catch (error) {
  if (!isKnownError(error)) throw error;
  terminal.note(`gapcam: ${error.message}`);
  process.exitCode = 2;
}
