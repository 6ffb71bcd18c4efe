import { describe, expect, it } from 'vitest';
import { type Command, defineCommand } from '../../src/commands/command.js';
import { allCommands, commandsFor } from '../../src/commands/index.js';
import { parserOf } from '../../src/commands/parser.js';
import { defineOption, flagOf } from '../../src/options/define.js';
import { text, texts, wholeNumber, yesOrNo } from '../../src/options/values.js';
import { terminalInto } from '../helpers/terminal.js';

/** Joins the suite, as a file of `commands` would by its place in the registry. */
const greet = defineCommand({
  usage: 'greet <names..>',
  description: 'Say hello to everybody',
  positionals: { names: defineOption({ values: texts('names'), required: true, describe: 'Whom' }) },
  options: {
    howOften: defineOption({ alias: 'n', values: wholeNumber(1, 3), default: 1, describe: 'Times' }),
    loud: defineOption({ values: yesOrNo, default: false, describe: 'In capitals' }),
    sign: defineOption({ values: text('a name'), describe: 'From whom' }),
  },
  run: async ({ names, howOften, loud, sign = 'gapcam' }, { print }) => {
    const line = `hello ${names.join(', ')} from ${sign}`;
    for (let i = 0; i < howOften; i++) print(loud ? line.toUpperCase() : line);
    return names.length;
  },
});

const commands = await allCommands();
const registry: readonly Command[] = [...commands, greet];

const helpOf = (words: readonly string[]): Promise<string> =>
  parserOf(registry, words, terminalInto([]), () => {})
    .exitProcess(false)
    .getHelp();

/** What a line of words comes to: exit code and what is said. */
const run = async (...words: string[]) => {
  const said: string[] = [];
  let code: number | undefined;
  const exitWith = (given: number) => {
    code = given;
  };
  await parserOf(registry, words, terminalInto(said), exitWith).parseAsync();
  return { code, said };
};

describe.each(registry.map((command) => [command.usage, command] as const))('gapcam %s', (usage, command) => {
  const name = usage.split(' ')[0];
  const words = name === '$0' ? [] : [name];

  it('is in the help of all commands with its description', async () => {
    const help = (await helpOf([])).replace(/\s+/g, ' ');
    expect(help).toContain(usage.replace('$0', 'gapcam'));
    expect(help).toContain(command.description);
  });

  it('has help with each of its options, its values and its default', async () => {
    const help = (await helpOf(words)).replace(/-\n +/g, '-').replace(/\s+/g, ' ');
    for (const [name, option] of Object.entries(command.options)) {
      expect(help).toContain(`${option.alias === undefined ? '' : `-${option.alias}, `}--${flagOf(name, option)} `);
      expect(help).toContain(option.describe);
      expect(help).toContain(option.values.choices?.join(', ') ?? '');
      expect(help).toContain(option.otherwise === undefined ? '' : `[default: ${option.otherwise}]`);
    }
  });

  it('has help that calls numbers numbers, and shows its own options before those of the input', async () => {
    const help = await helpOf(words);
    const types = Object.entries(command.options).map(([name, option]) => {
      const [row] = help
        .split(new RegExp(`\\n {2,6}(?:-\\w, )?--${flagOf(name, option)} `))[1]
        .split(/\n {2,6}(?:-\w, )?--/);
      const { words, shownAs = 'string' } = option.values;
      expect(row, name).toContain(words === 'none' ? '[boolean]' : `[${shownAs}]`);
      return shownAs;
    });
    expect(types.includes('number')).toBe(
      Object.keys(command.options).some((name) => /top|timeout|threshold|howOften/.test(name)),
    );
    if (name === '$0') expect(help).not.toContain('[default: []]');
    if (help.includes('--preset')) expect(help.indexOf('Options:')).toBeLessThan(help.indexOf('--preset'));
  });

  it('refuses a flag that it has not', async () => {
    const required = Object.entries(command.options).filter(([, option]) => option.required);
    const given = [
      ...Object.keys(command.positionals).map(() => 'word'),
      ...required.flatMap(([name, option]) => [`--${flagOf(name, option)}`, 'word']),
    ];
    await expect(run(...words, ...given, '--wings')).rejects.toThrow(/wings/);
  });

  it('names no flag twice', () => {
    const flags = Object.entries(command.options).flatMap(([name, option]) => [flagOf(name, option), option.alias]);
    const given = flags.filter((flag) => flag !== undefined);
    expect(new Set(given).size).toBe(given.length);
  });
});

describe('what is loaded', () => {
  it.each([
    [['photo.jpg', '-k', '3'], ['$0']],
    [['inspect', 'model.onnx'], ['inspect']],
    [['merge', 'convert', 'report'], ['merge']],
    [
      ['-k', '3', 'models'],
      ['$0', 'models'],
    ],
    [['toString'], ['$0']],
    [['--help'], commands.map(({ usage }) => usage.split(' ')[0])],
    [[], ['$0']],
  ])('for %j are the commands %j', async (words, names) => {
    expect((await commandsFor(words)).map(({ usage }) => usage.split(' ')[0])).toEqual(names);
  });
});

describe('a new command', () => {
  it('gets its words and options checked, typed and with defaults', async () => {
    expect(await run('greet', 'Ada', 'Emmy')).toEqual({ code: 2, said: ['hello Ada, Emmy from gapcam'] });
    expect(await run('greet', 'Ada', '-n', '2', '--loud', '--sign', 'me')).toEqual({
      code: 1,
      said: ['HELLO ADA FROM ME', 'HELLO ADA FROM ME'],
    });
  });

  it.each([
    [['Ada', '--how-often', '4'], 'Expected a whole number from 1 to 3 for how-often but received 4.'],
    [['Ada', '-n', 'often'], 'Expected a whole number from 1 to 3 for how-often but received "often".'],
    [['Ada', '-n', '1', '-n', '2'], '--how-often is given twice; give it once.'],
    [[], 'Not enough non-option arguments: got 0, need at least 1. See gapcam --help.'],
  ])('refuses %j in one sentence', async (words, sentence) => {
    await expect(run('greet', ...words)).rejects.toThrow(sentence);
  });
});
