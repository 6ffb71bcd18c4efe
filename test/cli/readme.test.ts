import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { root, temporaryFolder } from '../helpers/folders.js';
import { hasFont } from '../helpers/fonts.js';
import { called } from '../helpers/in-process.js';
import { cat, filesBelow, folderWith, manifestOf, small } from '../helpers/runs.js';

const pages = ['README.md', 'SECURITY.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

const blocks = (page: string, language: string): readonly string[] =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]);

// Installing and testing are what runs this test; package.test.ts packs and installs. The rest is run as it stands.
const commandsOf = (block: string): readonly string[] =>
  block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').replace(/^npm ci && /, ''))
    .filter((line) => line !== '' && !/^npm (test|pack)/.test(line));

/** A folder in which the pages' lines work as in the repository, so that their results do not land there. */
const workplace = (): string => {
  const folder = temporaryFolder();
  for (const name of ['bin', 'dist', 'fixtures', 'package.json', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  return folder;
};

const outputOf = (line: string): string | undefined => {
  if (/gapcam export|^npx gapcam convert|--write none/.test(line)) return undefined;
  return /-o (\S+)/.exec(line)?.[1] ?? (/gapcam\S* fixtures\/photos/.test(line) ? 'heatmaps' : undefined);
};

/** Runs a line of a page in a shell. @throws where it ends with anything but 0. */
const runInShell = (line: string, folder: string): void => {
  const runnable = line.replaceAll('npx gapcam', `'${process.execPath}' bin/gapcam.js`);
  execFileSync('sh', ['-ec', runnable], { cwd: folder, stdio: 'pipe' });
};

/** Runs a line that is one command and no more: the shell makes its words, and no start of the command is waited for. */
const runHere = async (line: string, folder: string): Promise<void> => {
  const words = line.replace('npx gapcam', 'set --');
  const text = execFileSync('sh', ['-ec', `${words}; printf '%s\\0' "$@"`], { cwd: folder, encoding: 'utf8' });
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(await called(text.split('\0').slice(0, -1))).toMatchObject({ code: 0 });
  } finally {
    process.chdir(before);
  }
};

/** What README.md promises is the command in a shell. The other pages have many lines, and are about what it does. */
const isCommandAlone = (page: string, line: string): boolean =>
  page.startsWith('docs/') && /^npx gapcam [^|&;<>]*$/.test(line);

/** Headings as the links to them are written. */
const anchorsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(pages)('%s', (page) => {
  // Lines of one page may build on each other, and none is in the way of another.
  const folder = workplace();
  describe.for(
    blocks(page, 'sh')
      .map(commandsOf)
      .filter((lines) => lines.length > 0),
  )('has commands that work when pasted', (lines) => {
    it.for(lines)('%s', async (line, { skip }) => {
      skip(line.includes('--caption') && !hasFont, 'This system has no font.');
      if (isCommandAlone(page, line)) await runHere(line, folder);
      else runInShell(line, folder);
      const output = outputOf(line);
      if (output === undefined) return;
      const manifests = filesBelow(join(folder, output)).filter((name) => name.endsWith('manifest.jsonl'));
      expect(manifests).not.toEqual([]);
      for (const name of manifests) {
        expect(readFileSync(join(folder, output, name), 'utf8')).toMatch(/"verdict":"ok"/);
      }
    });
  });

  it.for(blocks(page, 'js').map((program, index) => [index + 1, program] as const))(
    'has library code that runs when pasted: block %i',
    ([, program]) => {
      mkdirSync(join(folder, 'code'), { recursive: true });
      writeFileSync(join(folder, 'code', 'example.mjs'), program);
      execFileSync(process.execPath, [join('code', 'example.mjs')], { cwd: folder, stdio: 'pipe' });
      const promised = [...program.matchAll(/writeFileSync/g)];
      const written = readdirSync(folder).filter((name) => /-explained\.(jpg|png)$/.test(name));
      expect(written.length).toBeGreaterThanOrEqual(promised.length - 1);
    },
  );

  it('links only to files and headings that are there', () => {
    const broken = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].filter(([, path, anchor]) => {
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

describe('docs/manifest.md', () => {
  // What is below these is a row of another page.
  const elsewhere = new Set(['origins', 'options', 'size', 'resize', 'crop']);
  const namesIn = (value: unknown): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap(namesIn);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, part]) => [name, ...(elsewhere.has(name) ? [] : namesIn(part))]);
  };
  const unnamed = (value: unknown, page: string): readonly string[] =>
    namesIn(value).filter((name) => !read(page).includes(`\`${name}\``));

  let lines: ReturnType<typeof manifestOf>;
  let settings: { readonly options: unknown };
  beforeAll(async () => {
    const folder = folderWith({ 'photos/cat.jpg': cat, 'photos/broken.jpg': 'no photo' });
    await gapcam(['photos', ...small, '--shard', '1/1', '-o', 'out'], { cwd: folder });
    const output = join(folder, 'out', '1-of-1');
    lines = manifestOf(output);
    settings = JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'));
  });

  it('names every field of a line, of a photo that failed and of run.json', () => {
    expect(lines).toHaveLength(2);
    expect(unnamed([lines, settings], 'docs/manifest.md')).toEqual([]);
  });

  it('leaves the options of run.json to docs/library.md, which names them all', () => {
    expect(unnamed(settings.options, 'docs/library.md')).toEqual([]);
  });

  it('shows lines whose fields the program writes, in the order in which it writes them', () => {
    const [explained, failed] = blocks('docs/manifest.md', 'json').map((text) => JSON.parse(text));
    const written = lines.find(({ photo }) => photo === 'cat.jpg');
    // Lines of versions that count their form begin with its number.
    const fields = (line: unknown) => namesIn(line).filter((name) => name !== 'version');
    expect(fields(explained)).toEqual(fields(written));
    expect(failed).toEqual(expect.objectContaining({ photo: 'broken.jpg', error: expect.anything() }));
    expect(lines.find(({ photo }) => photo === 'broken.jpg')).toMatchObject(failed);
  });
});

it('docs/security.md names only tests that are there, and some for each promise', () => {
  const rows = [...read('docs/security.md').matchAll(/^\| [^|]+\| (`[a-z-]+\/[a-z/-]+`.*) \|$/gm)];
  const named = rows.flatMap(([, tests]) => [...tests.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !existsSync(join(root, 'test', `${name}.test.ts`)))).toEqual([]);
});
