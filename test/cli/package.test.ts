import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, root, temporaryFolder } from '../helpers/folders.js';
import { cat, linesOf } from '../helpers/runs.js';

const run = promisify(execFile);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the repository, installed with npm ci', () => {
  it('runs no script of onnxruntime-node, which fetches libraries for GPUs', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    // npm 10 looks here; later versions in package.json too. Each npm install may write it again: take it out then.
    expect(packages['node_modules/onnxruntime-node'].hasInstallScript).toBeUndefined();
    expect(manifest.allowScripts['onnxruntime-node']).toBe(false);
  });
});

describe('the package, installed in an empty folder', () => {
  const packed = temporaryFolder();
  const folder = temporaryFolder();

  beforeAll(async () => {
    // Without scripts: "prepare" would rebuild dist under the other tests.
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], { cwd: root });
    const [tarball] = readdirSync(packed);
    const gapcam = `file:${join(packed, tarball)}`;
    const itself = { name: 'elsewhere', version: '1.0.0', dependencies: { gapcam } };
    // In the versions that the repository was tested with: npm has them, and need not ask a registry.
    const { lockfileVersion, packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const needed = Object.entries<{ readonly dev?: boolean }>(packages).filter(
      ([name, { dev }]) => name !== '' && !dev,
    );
    const { version, dependencies, bin, engines } = manifest;
    const lock = {
      ...itself,
      lockfileVersion,
      requires: true,
      packages: {
        '': itself,
        'node_modules/gapcam': { version, resolved: gapcam, dependencies, bin, engines },
        ...Object.fromEntries(needed),
      },
    };
    const own = { ...itself, private: true, allowScripts: manifest.allowScripts };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  });

  it('holds what it needs to run, and no tests or sources', () => {
    const tops = readdirSync(join(folder, 'node_modules/gapcam')).sort();
    const pages = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'];
    expect(tops).toEqual([...pages, 'bin', 'dist', 'docs', 'examples', 'fixtures', 'package.json']);
    expect(readdirSync(join(folder, 'node_modules/gapcam/fixtures'))).toEqual(['models']);
  });

  it('has the command gapcam', async () => {
    const { stdout } = await run('npx', ['--no-install', 'gapcam', fixture('photos', 'cat.jpg')], { cwd: folder });
    expect(linesOf(stdout)).toHaveLength(1);
    expect(stdout).toContain('cat.jpg: tiger cat');
    expect(readdirSync(join(folder, 'heatmaps'))).toContain('run.json');
  });

  it('has a library that explains a photo', async () => {
    writeFileSync(
      join(folder, 'use.mjs'),
      `import { explainPhoto, prepareExplainer, prepareModel } from 'gapcam';
       import { readFileSync } from 'node:fs';
       const explainer = prepareExplainer(await prepareModel('nin-cifar10'), { top: 2, format: 'png' });
       const { maps, pictures } = await explainPhoto(explainer, readFileSync('photo.jpg'));
       console.log(JSON.stringify([maps.map((map) => map.label), pictures.map((picture) => picture.ending)]));`,
    );
    writeFileSync(join(folder, 'photo.jpg'), cat);
    const { stdout } = await run(process.execPath, ['use.mjs'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([
      ['cat', 'dog'],
      ['.png', '.png'],
    ]);
  });

  describe('types', () => {
    const use = (
      lines: string,
    ) => `import { type Explanation, explainPhoto, prepareExplainer, prepareModel } from 'gapcam';
      const explainer = prepareExplainer(await prepareModel('nin-cifar10'), { top: 2, format: 'png' });
      const explanation: Explanation = await explainPhoto(explainer, new Uint8Array());
      ${lines}`;

    let said: string;
    beforeAll(() => {
      const uses = {
        'right.mts': use('export const grid: readonly number[] = explanation.maps[0].grid;'),
        'format.mts': use("prepareExplainer(explainer.model, { format: 'bmp' });"),
        'preset.mts': use("await prepareModel('nin-cifar10', { preset: 'nope' });"),
        'class.mts': use("prepareExplainer(explainer.model, { class: ['cat'] });"),
        'heatmap.mts': use('export const none = explanation.heatmap;'),
      };
      for (const [name, code] of Object.entries(uses)) writeFileSync(join(folder, name), code);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const options = ['--module', 'nodenext', '--strict', '--noEmit', '--target', 'es2023', '--types', 'node'];
      const types = ['--typeRoots', join(root, 'node_modules/@types')];
      const { stdout } = spawnSync(
        process.execPath,
        [tsc, ...options, ...types, '--pretty', 'false', ...Object.keys(uses)],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      said = stdout;
    });

    it('resolve', () => {
      expect(linesOf(said).filter((line) => !/^(format|preset|class|heatmap)\.mts/.test(line))).toEqual([]);
    });

    it('are not just any', () => {
      expect(said).toMatch(/^format\.mts.*"bmp"/m);
      expect(said).toMatch(/^preset\.mts.*"nope"/m);
      expect(said).toMatch(/^class\.mts.*'class'/m);
      expect(said).toMatch(/^heatmap\.mts.*'heatmap'/m);
    });
  });
});
