import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, temporaryFolder } from '../helpers/folders.js';
import { hasFont } from '../helpers/fonts.js';
import { filesBelow } from '../helpers/runs.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]);

// Installing and testing is what runs this test; the rest is run as it stands.
const commandsOf = (block: string) =>
  block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').replace(/^npm ci && /, ''))
    .filter((line) => line !== '' && !/^npm (test|run)/.test(line));

/** A folder in which the README's lines work as in the repository, so that their results do not land there. */
const workplace = (): string => {
  const folder = temporaryFolder();
  for (const name of ['bin', 'dist', 'fixtures', 'package.json', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  return folder;
};

describe('the README', () => {
  // Lines of one block may build on each other.
  describe.each(
    blocks('sh')
      .map(commandsOf)
      .filter((lines) => lines.length > 0),
  )('has commands that work', (...lines) => {
    const folder = workplace();
    it.for(lines)('%s', (line, { skip }) => {
      skip(line.includes('--caption') && !hasFont, 'This system has no font.');
      const runnable = line.replaceAll('npx gapcam', `'${process.execPath}' bin/gapcam.js`);
      execFileSync('sh', ['-ec', runnable], { cwd: folder, stdio: 'pipe' });
      const output = /-o (\S+)/.exec(line)?.[1] ?? (line.includes('fixtures/photos') ? 'heatmaps' : undefined);
      if (output === undefined || output.endsWith('.onnx')) return;
      const manifests = filesBelow(join(folder, output)).filter((name) => name.endsWith('manifest.jsonl'));
      expect(manifests).not.toEqual([]);
      for (const name of manifests) {
        expect(readFileSync(join(folder, output, name), 'utf8')).toMatch(/"verdict":"ok"/);
      }
    });
  });

  it('has library code that works', () => {
    const folder = workplace();
    mkdirSync(join(folder, 'code'));
    writeFileSync(join(folder, 'code', 'example.mjs'), blocks('js')[0]);
    execFileSync(process.execPath, [join('code', 'example.mjs')], { cwd: folder, stdio: 'pipe' });
    expect(existsSync(join(folder, 'cat-explained.jpg'))).toBe(true);
  });
});
