import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { printerOf } from '../../src/terminal/printer.js';
import { gapcam } from '../helpers/command.js';
import { fixture, root, temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { expectRefusal, explainedOf, linesOf, picturesBelow, small } from '../helpers/runs.js';
import { terminalInto } from '../helpers/terminal.js';

const photo = fixture('photos', 'cat.jpg');

/** The .npy file format as NumPy describes it, read without the program's help. */
const readNpy = (file: string) => {
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
  const start = 10 + bytes.readUInt16LE(8);
  expect(start % 64).toBe(0);
  const header = bytes.subarray(10, start).toString('latin1');
  expect(header).toMatch(/^\{.*\} *\n$/);
  expect(header).toContain("'descr': '<f4'");
  expect(header).toContain("'fortran_order': False");
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header)?.slice(1).map(Number);
  const values = Array.from({ length: (bytes.length - start) / 4 }, (_, i) => bytes.readFloatLE(start + i * 4));
  return { shape, values };
};

const npyOf = (files: readonly string[]): string => files.find((name) => name.endsWith('.npy')) ?? '';

const runs = (file: string, ...args: string[]): boolean => {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasNumpy = runs('python3', '-c', 'import numpy');
// Runs a command on a terminal of its own; that of util-linux.
const SCRIPT = 'script';
const hasScript = runs(SCRIPT, '-qec', 'true', '/dev/null');

describe.concurrent('a file that is written', () => {
  const all = ['overlay', 'heatmap', 'map', 'input'].flatMap((kind) => ['--write', kind]);
  const output = temporaryFolder();
  beforeAll(async () => {
    expect((await gapcam([photo, ...small, '-k', '2', '-o', output, ...all])).code).toBe(0);
  });

  it('has a name of its own, which the manifest states', () => {
    const [{ maps, files }] = explainedOf(output);
    expect(maps.map((map) => map.files)).toEqual(
      ['3-cat', '5-dog'].map((name) =>
        [`${name}.jpg`, `${name}.heatmap.png`, `${name}.npy`].map((end) => `cat.jpg.${end}`),
      ),
    );
    expect(files).toEqual(['cat.jpg.input.png']);
    expect(picturesBelow(output)).toEqual([...maps.flatMap((map) => map.files), ...files].sort());
  });

  it('is the map of the manifest bit for bit, as .npy', () => {
    for (const { map, grid, files } of explainedOf(output)[0].maps) {
      const { shape, values } = readNpy(join(output, npyOf(files)));
      expect(shape).toEqual(grid);
      expect(values).toEqual(map);
    }
  });

  it.runIf(hasNumpy)('is opened by numpy, as .npy', () => {
    const [{ map, grid, files }] = explainedOf(output)[0].maps;
    const code =
      'import sys, json, numpy; m = numpy.load(sys.argv[1]); print(json.dumps([str(m.dtype), m.shape, m.ravel().tolist()]))';
    const stdout = execFileSync('python3', ['-c', code, join(output, npyOf(files))], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(['float32', grid, map]);
  });

  it('is said of each class on the terminal, as one strip', async () => {
    const output = temporaryFolder();
    const { code, stdout } = await called([photo, ...small, '-k', '2', '--layout', 'strip', '-o', output]);
    expect(code).toBe(0);
    expect(picturesBelow(output)).toEqual(['cat.jpg.strip.jpg']);
    expect(linesOf(stdout)).toHaveLength(2);
    for (const line of linesOf(stdout)) expect(line.endsWith(`-> ${join(output, 'cat.jpg.strip.jpg')}`)).toBe(true);
  });
});

describe.concurrent('the record of how pictures look', () => {
  const run = async (...args: string[]) => {
    const output = temporaryFolder();
    const { code, stderr } = await called([photo, ...small, '-o', output, ...args]);
    expect([code, stderr]).toEqual([0, `1 photo explained; results in ${output}\n`]);
    return { ...JSON.parse(readFileSync(join(output, 'run.json'), 'utf8')).options, maps: explainedOf(output)[0].maps };
  };

  it("states the defaults, and the logits at the two ends of each map's colours", async () => {
    const { maps, ...options } = await run('-k', '2');
    for (const { range, max } of maps) expect(range).toEqual([0, max]);
    expect(options).toMatchObject({
      colormap: 'turbo',
      scale: 'map',
      opacity: 0.6,
      fade: true,
      interpolation: 'bicubic',
      layout: 'separate',
      caption: false,
    });
  });

  it('states what is asked for', async () => {
    const asked = ['--no-fade', '--interpolation', 'nearest', '--layout', 'strip', '--caption', '--colormap', 'jet'];
    expect(await run(...asked)).toMatchObject({
      colormap: 'jet',
      fade: false,
      interpolation: 'nearest',
      layout: 'strip',
      caption: true,
    });
  });

  it("states the logits at the two ends of each map's colours in other scales", async () => {
    const runWith = async (scale: 'signed' | number) => {
      const output = temporaryFolder();
      await runHere({ photos: [photo], output, explain: { top: 2, scale } });
      const { options } = JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'));
      return { ...options, maps: explainedOf(output)[0].maps };
    };
    const signed = await runWith('signed');
    expect(signed.colormap).toBe('coolwarm');
    for (const { range, min, max } of signed.maps) {
      const end = Math.max(-min, max);
      expect(range).toEqual([-end, end]);
    }
    const fixed = await runWith(8);
    expect(fixed.scale).toBe(8);
    for (const { range } of fixed.maps) expect(range).toEqual([0, 8]);
  });
});

describe.concurrent('a look that cannot be is refused before anything is written', () => {
  it.each([
    [['--scale', '0'], /map, image, minmax, signed or a number of logits above 0 for scale .*0/],
    [['--scale=-1'], /logits above 0 for scale .*-1/],
    [['--scale', 'Infinity'], /for scale/],
    [['--scale', 'max'], /for scale .*max/],
    [['--scale', 'signed', '--colormap', 'turbo'], /turbo has no colour for zero.*coolwarm/],
    [['--interpolation', 'lanczos'], /nearest"?, "?bilinear"?, "?bicubic/],
    [['--layout', 'grid'], /separate"?, "?strip/],
    [['--write', 'heatmap', '--caption'], /caption belongs to overlays; add overlay/],
    [['--write', 'map', '--layout', 'strip'], /strip belongs to overlays; add overlay/],
    [['--show', '--json'], /--show prints pictures where --json wants none/],
    [['--show', '--quiet'], /--show prints pictures where --quiet wants none/],
    [['--show', '--write', 'map'], /--show shows overlays; add --write overlay/],
  ])('%j', async (words, about) => {
    const output = join(temporaryFolder(), 'out');
    expectRefusal(await called([photo, ...small, '-o', output, ...words]), about);
    expect(existsSync(output)).toBe(false);
  });

  it('by the command', async () => {
    const output = join(temporaryFolder(), 'out');
    const words = ['--scale', 'signed', '--colormap', 'turbo'];
    expectRefusal(await gapcam([photo, ...small, '-o', output, ...words]), /turbo has no colour for zero.*coolwarm/);
    expect(existsSync(output)).toBe(false);
  });

  it('but the ends of a range are taken', async () => {
    expect((await called([photo, ...small, '-o', temporaryFolder(), '--scale', '1e-6'])).code).toBe(0);
    const explain = { scale: 'signed', colormap: 'coolwarm' } as const;
    expect(await runHere({ photos: [photo], output: temporaryFolder(), explain })).toMatchObject({ done: 1 });
  });
});

describe.concurrent('a picture in the terminal', () => {
  it('is left out with the reason where standard output is none', async () => {
    const output = temporaryFolder();
    const { code, stdout, stderr } = await gapcam([photo, ...small, '-o', output, '--show']);
    expect(code).toBe(0);
    expect(linesOf(stderr)[0]).toBe('--show is left out: standard output is no terminal.');
    expect(linesOf(stdout)).toHaveLength(1);
  });

  it('is printed below the lines of its photo', async () => {
    const output = temporaryFolder();
    await runHere({ photos: [photo], output, explain: { top: 2 } });
    const said: string[] = [];
    const terminal = terminalInto(said, { columns: 60, rows: 30, colors: true });
    const printer = printerOf(terminal, {
      output,
      displayPath: output,
      show: true,
      drawn: true,
      json: false,
      quiet: false,
    });
    printer.onLine(explainedOf(output)[0], { displayPath: 'cat.jpg' });
    await printer.end(0);
    expect(said).toHaveLength(4);
    expect(said[0]).toContain('cat.jpg: cat');
    expect(said[1]).toContain('cat.jpg: dog');
    for (const picture of said.slice(2)) {
      // 451 x 300 pixels in 60 columns: 40 high, half blocks of two a row, whatever the colours.
      const rows = picture.split('\n').map((row) => row.split('▀').length - 1);
      expect(rows).toEqual(Array(20).fill(60));
    }
  });

  it.runIf(hasScript)('has its colours on a real one, and is said not to be where it was done before', async () => {
    const output = temporaryFolder();
    const command = `'${process.execPath}' bin/gapcam.js '${photo}' -m nin-cifar10 -o '${output}' --show`;
    const run = (environment: Readonly<Record<string, string>>) =>
      execFileSync(SCRIPT, ['-qec', `stty cols 40 rows 30; ${command}`, '/dev/null'], {
        cwd: root,
        // Nothing else: many variables have a say in whether Node takes a terminal for one with colours.
        env: { PATH: process.env.PATH, TERM: 'xterm-256color', ...environment },
        encoding: 'utf8',
      });
    const shown = run({ COLORTERM: 'truecolor' });
    expect(shown.split('▀')).toHaveLength(40 * 13 + 1);
    // The colour of a letter, and of what is behind it.
    expect(shown).toMatch(/\[38;2;\d+;\d+;\d+m.*\[48;2;\d+;\d+;\d+m/);
    expect(run({ COLORTERM: 'truecolor' })).toContain('are not shown again; with --overwrite they are.');
    expect(run({ NO_COLOR: '1' })).toContain('--show is left out: the terminal shows no colours.');
  });
});
