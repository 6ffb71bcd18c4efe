import { expect, it } from 'vitest';
import { toText } from '../../src/results/line.js';
import { removeRun } from '../../src/run/pictures.js';
import { openStore } from '../../src/stores/index.js';
import type { Store } from '../../src/stores/store.js';
import { lineOf } from '../helpers/reports.js';
import { filesBelow, folderWith } from '../helpers/runs.js';

const photos = ['a.jpg', 'b.jpg', 'c.jpg'];
const pictures = photos.map((photo) => `${photo}.0.jpg`);

/** A run of three photos, and a file of somebody's that its manifest names too. */
const sketchedRun = (): string => {
  const lines = photos.map((photo) => toText({ ...lineOf({ photo }, ['cat']), files: ['notes.txt'] }));
  const named = Object.fromEntries(pictures.map((name) => [name, 'a picture']));
  return folderWith({ ...named, 'notes.txt': 'mine', 'manifest.jsonl': `${lines.join('\n')}\n` });
};

it('removing a run takes its pictures and its manifest, and nothing else that the manifest names', async () => {
  const output = sketchedRun();
  await removeRun(openStore(output), new AbortController().signal);
  expect(filesBelow(output)).toEqual(['notes.txt']);
});

it('removing a run ends at once where it is interrupted, and leaves the manifest to tell what is left', async () => {
  const output = sketchedRun();
  const interruption = new AbortController();
  const store: Store = openStore(output);
  const remove = async (name: string) => {
    await store.remove(name);
    interruption.abort();
  };
  await removeRun({ ...store, remove }, interruption.signal);
  expect(filesBelow(output)).toEqual([...pictures.slice(1), 'manifest.jsonl', 'notes.txt']);
});
