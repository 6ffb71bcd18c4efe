import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGivenTruth } from '../../src/commands/given-truth.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import { cat, expectRefusal, folderWith, linesOf, small } from '../helpers/runs.js';
import { fileOf } from '../helpers/truths.js';

const truth = ['--truth', fixture('photos', 'truth.json')];

describe('gapcam photos --truth', () => {
  it('answers lines with the true classes beside the best, and says what did not match', async () => {
    const map = ['--map-classes', fileOf('space shuttle: airplane', 'map.yaml')];
    const input = [fixture('photos', 'astronaut.jpg'), join(folderWith({ 'other.jpg': cat }), 'other.jpg')].join('\n');
    const { code, stdout, stderr } = await gapcam([...truth, ...map, ...small, '--write', 'none', '--json', '-'], {
      input,
    });
    const answers = linesOf(stdout).map((text) => JSON.parse(text));
    const [line, other] = ['astronaut', 'other'].map((name) => answers.find((answer) => answer.in.includes(name)));
    expect(line.truth.objects).toEqual([{ name: 'space shuttle', class: 0, box: [354, 0, 105, 273] }]);
    expect(line.maps.map(({ class: index }: { class: number }) => index)).toContain(0);
    expect(other.truth).toBeNull();
    expect(stderr).toMatch(/1 photo, ".*other\.jpg", is not in .*truth\.json\.\n/);
    expect(code).toBe(0);
  });

  it('ends with 2 where the truth has no entry for any photo, and shows the names of both', async () => {
    const output = temporaryFolder();
    const { code, stderr } = await gapcam([
      join(folderWith({ 'x/other.jpg': cat }), 'x/other.jpg'),
      ...[...truth, ...small, '--no-report', '-o', output],
    ]);
    expect(linesOf(stderr).at(-1)).toMatch(
      /^gapcam: .*truth\.json has no entry for any of the photos: a photo is called "other\.jpg", an entry "astronaut\.jpg"; give --truth.* The run's pictures and numbers are kept: gapcam evaluate /,
    );
    expect(code).toBe(2);
  });

  it('is refused where the truth cannot be read, the model has no classes, or nothing is mapped', async () => {
    const output = ['-o', temporaryFolder()];
    const gone = ['--truth', '/nowhere/truth.json'];
    expectRefusal(
      await gapcam([fixture('photos'), ...gone, ...small, ...output]),
      /\/nowhere\/truth\.json is neither a file nor/,
    );
    const numbers = { labels: ['age'], wordnetIds: undefined, scoring: 'none' } as const;
    await expect(openGivenTruth({ truth: 'folders', mapClasses: undefined }, numbers, '/photos')).rejects.toThrow(
      '--truth names classes, and the model gives numbers instead of them; leave it out.',
    );
    const idle = [fixture('photos'), '--map-classes', 'map.csv', ...output];
    expectRefusal(
      await called(idle),
      /--map-classes says what the classes of a truth mean; add --truth, or leave it out/,
    );
  });
});
