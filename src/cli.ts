import { once } from 'node:events';
import { clearLine, cursorTo } from 'node:readline';
import yargs, { type Options } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { explain, STANDARD_INPUT } from './commands/explain.js';
import { type Terminal, UNPRINTABLE } from './commands/terminal.js';
import { isKnownError, reasonOf, UsageError } from './errors.js';
import { inputOptionTable, type OptionEntry, optionTable } from './options.js';
import { version } from './version.js';

const interruption = new AbortController();
const interrupt = () => {
  interruption.abort();
  // A second time ends the program at once; what is written is whole.
  process.exitCode = 130;
};
process.once('SIGINT', interrupt);
process.once('SIGTERM', interrupt);

let readerGone = false;
let unwritable: string | undefined;

// Whoever reads us has had enough, or cannot be written to: what is under way is finished, and nothing more is said there.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') readerGone = true;
    else if (unwritable === undefined) {
      unwritable = reasonOf(error);
      if (stream === process.stdout) terminal.note(`gapcam: Cannot write to standard output (${unwritable}).`);
    }
    interruption.abort();
  });
}

// So much may wait for whoever reads us before the work waits too, in bytes.
const WAITING = 2 ** 20;

const printable = (text: string): string => text.replace(UNPRINTABLE, '?');

const { isTTY, columns, rows } = process.stdout;
// The line that says what the picture shows stays in sight.
const screen = isTTY ? { columns, rows: rows - 2, colors: process.stdout.hasColors() } : undefined;

let status: string | undefined;

const showStatus = (line: string | undefined): void => {
  if (status !== undefined || line !== undefined) {
    cursorTo(process.stderr, 0);
    clearLine(process.stderr, 0);
  }
  if (line !== undefined) process.stderr.write(line);
  status = line;
};

/** Says something above the line that shows how far the run is. */
const above = (say: () => void): void => {
  const line = status;
  showStatus(undefined);
  say();
  if (line !== undefined) showStatus(line);
};

const terminal: Terminal = {
  stdin: process.stdin,
  print: (line) => above(() => console.log(printable(line))),
  note: (line) => {
    if (!readerGone) above(() => console.error(printable(line)));
  },
  drained: async () => {
    const { stdout } = process;
    if (stdout.writableLength > WAITING && !readerGone)
      await Promise.race([once(stdout, 'drain'), once(stdout, 'close')]);
  },
  status: showStatus,
  get width() {
    if (!process.stderr.isTTY || process.env.TERM === 'dumb') return undefined;
    // Some terminals say 0 columns.
    return process.stderr.columns || 80;
  },
  interactive: process.stdout.isTTY === true,
  environment: process.env,
  paste: (text) => above(() => console.log(text)),
  screen,
  signal: interruption.signal,
};

const exitWith = (code: number): void => {
  process.exitCode = unwritable !== undefined ? 2 : readerGone ? 0 : code;
};

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
const inputGroup = 'Over what is found in the model and beside it:';

// Commands other than the first are loaded when they are asked for: they know the runtime, which takes its time.
const command = yargs(words)
  .scriptName('gapcam')
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
        .options(inputOptions)
        .group(Object.keys(inputOptions), inputGroup),
    async (args) => {
      const { inspect } = await import('./commands/inspect.js');
      exitWith(await inspect({ ...args, model: String(args.model), json: args.json === true }, terminal));
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
          overwrite: parsed(optionTable.overwrite),
          ...inputOptions,
        })
        .group(Object.keys(inputOptions), inputGroup),
    async (args) => {
      const { exportModel } = await import('./commands/export.js');
      const [model, output, top] = [String(args.model), String(args.output), numeric(args.top)];
      exitWith(await exportModel({ ...args, model, output, top, overwrite: args.overwrite === true }, terminal));
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
