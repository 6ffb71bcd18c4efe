import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { pixelsOf } from '../helpers/pictures.js';
import {
  cat,
  explainedOf,
  filesBelow,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';

const COUNT = 60;

describe.each([
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGKILL', code: null },
] as const)('$signal in the middle of a folder', ({ signal, code }) => {
  const photos = folderWith(Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [`${100 + i}.jpg`, cat])));
  const output = temporaryFolder();
  // As many as the machine has cores could do all photos at once.
  const args = [photos, ...small, '-k', '4', '--jobs', '2', '-o', output];
  let done = 0;

  beforeAll(async () => {
    const { child, outcome } = start(args);
    let printed = '';
    child.stdout?.on('data', (text) => {
      printed += text;
      if (linesOf(printed).length >= 20 && !child.killed) child.kill(signal);
    });
    const ended = await outcome;
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toContain('    at ');
    if (code === 130) {
      expect(ended.stderr).toMatch(/^Interrupted: \d+ photos explained(, \d+\.\d photos\/s)?; results in .*$/m);
      expect(existsSync(join(output, '.gapcam'))).toBe(false);
      // Who interrupts does not wait for a report.
      expect(existsSync(join(output, 'report.html'))).toBe(false);
    }
    done = explainedOf(output).length;
  });

  it('leaves whole pictures and whole lines', async () => {
    // In the middle, or nothing was tried here.
    expect(done).toBeGreaterThanOrEqual(5);
    expect(done).toBeLessThan(COUNT);
    expect(manifestOf(output)).toHaveLength(done);
    const pictures = picturesBelow(output).filter((name) => !name.startsWith('.gapcam/'));
    expect(pictures.length).toBeGreaterThanOrEqual(done * 4);
    for (const name of pictures) expect(await pixelsOf(join(output, name))).toMatchObject({ width: 451, height: 300 });
    for (const { files } of explainedOf(output).flatMap(({ maps }) => maps)) expect(pictures).toContain(files[0]);
  });

  it('is made good by the next run, which does the rest', async () => {
    const before = explainedOf(output).length;
    const { code: rerun, stderr } = await gapcam(args);
    expect(stderr).toContain(`${COUNT - before} photos explained, ${before} done before, `);
    expect(stderr).toContain(`; results in ${output}\n`);
    expect(rerun).toBe(0);
    expect(new Set(manifestOf(output).map(({ photo }) => photo)).size).toBe(COUNT);
    expect(explainedOf(output)).toHaveLength(COUNT);
    expect(picturesBelow(output)).toHaveLength(COUNT * 4);
    expect(filesBelow(output).some((name) => name.startsWith('.gapcam'))).toBe(false);
  });
});
