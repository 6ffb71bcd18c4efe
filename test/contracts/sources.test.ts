import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PhotoError } from '../../src/errors.js';
import { toText } from '../../src/results/line.js';
import { wholeLines } from '../../src/results/manifest.js';
import { readSettings } from '../../src/results/settings.js';
import { type RunPlan, runPhotos } from '../../src/run/run.js';
import { openSource, type RunPhotos, sourceOf, sources } from '../../src/run/sources/index.js';
import type { Discovery, SourceRequest } from '../../src/run/sources/source.js';
import { STANDARD_INPUT } from '../../src/run/sources/standard-input.js';
import { newTally } from '../../src/run/tally.js';
import { openStore, stores } from '../../src/stores/index.js';
import { listed, photosOfSource } from '../helpers/listed-source.js';
import { memory } from '../helpers/memory-store.js';
import { lineOf, settingsFor } from '../helpers/reports.js';
import { folderWith } from '../helpers/runs.js';

// Members that only this test has: what a new source, and a new store beside it, must do to be used by a run.
sources.listed = listed;
stores.memory = memory;

/** What a source is asked for so that it has these photos, and what takes one away or changes it. */
interface Example {
  readonly request: SourceRequest;
  readonly remove: (name: string) => void;
  /** Gives a photo another content of the same length. */
  readonly change: (name: string) => void;
}

const request = (inputs: readonly string[], stdin: Readable = Readable.from([])): SourceRequest => ({
  inputs,
  output: 'memory://nowhere',
  stdin,
});

const reversed = (text: string): string => [...text].reverse().join('');

/** Photos in a folder, each with its name in it. */
const filesOf = (names: readonly string[]) => {
  const folder = folderWith(Object.fromEntries(names.map((name) => [name, name])));
  for (const name of names) utimesSync(join(folder, name), 1, 1);
  return {
    folder,
    remove: (name: string) => rmSync(join(folder, name)),
    change: (name: string) => writeFileSync(join(folder, name), reversed(name)),
  };
};

/** Each source's way to have photos of some names. A member that is added says here how. */
const examples: Readonly<Record<string, (names: readonly string[]) => Example>> = {
  files: (names) => {
    const { folder, ...acts } = filesOf(names);
    return { request: request([folder]), ...acts };
  },
  stdin: (names) => {
    const { folder, ...acts } = filesOf(names);
    const paths = names.map((name) => `${join(folder, name)}\n`);
    return { request: request([STANDARD_INPUT], Readable.from(paths)), ...acts };
  },
  listed: (names) => {
    const change = (name: string) => void photosOfSource.set(`entry ${name}`, Buffer.from(reversed(name)));
    for (const name of names) photosOfSource.set(`entry ${name}`, Buffer.from(name));
    const remove = (name: string) => void photosOfSource.delete(`entry ${name}`);
    return { request: request([`listed:${names.join()}`]), remove, change };
  },
};

const names = ['a.jpg', 'b/c.png', 'b/d e.jpg'];

const listOf = async (photos: RunPhotos, signal = new AbortController().signal): Promise<Discovery[]> => {
  const list: Discovery[] = [];
  for await (const discovery of photos.list(signal)) list.push(discovery);
  return list;
};

const textOf = async (source: string, address: string): Promise<string> =>
  Buffer.from((await sources[source].read(address)).bytes).toString();

/** Stands in for the processes of a run: a photo's only prediction is called like the text in its file. */
const poolHere = (): RunPlan['pool'] => ({
  handed: new Promise(() => {}),
  run: async ({ photo, source, address }) => {
    const { bytes, state } = await sources[source].read(address);
    const line = lineOf({ photo, classes: [0] }, [Buffer.from(bytes).toString()]);
    return { line: toText({ ...line, source: state, explained: 1, maps: [], files: [] }) };
  },
  capacity: async () => {},
  forgetWaiting: () => {},
  close: () => {},
});

const runInto = async (output: string, photos: RunPhotos) => {
  const tally = newTally();
  const { model, head, classes } = settingsFor(['cat']) as { model: object; head: object; classes: string[] };
  const description = { ...model, head, labels: { origin: 'a test' }, input: {} };
  await runPhotos({
    model: description as unknown as RunPlan['model'],
    classes,
    options: {} as RunPlan['options'],
    folder: photos.folder,
    output,
    shard: undefined,
    pack: false,
    pool: poolHere(),
    photos,
    overwrite: false,
    signal: new AbortController().signal,
    ready: async () => {},
    onLine: () => {},
    tally,
  });
  return tally;
};

describe('the examples', () => {
  it('are of every source', () => {
    expect(Object.keys(examples).sort()).toEqual(Object.keys(sources).sort());
  });
});

describe.each(Object.keys(sources))('the source %s', (source) => {
  it('has the arguments that name its photos, and no other has them', () => {
    const { request } = examples[source](names);
    expect(sourceOf(request.inputs)).toBe(source);
    expect(openSource(request).source).toBe(source);
  });

  it('lists each photo under a name of its own, and reads it by its address', async () => {
    const photos = openSource(examples[source](names).request);
    const found = await listOf(photos);
    for (const { photo, address } of found) expect(await photos.addressOf(photo)).toBe(address);
    expect(found.map(({ problem }) => problem)).toEqual(names.map(() => undefined));
    // The common folder may be above them.
    const ends = found.map(({ photo }) => names.find((name) => photo === name || photo.endsWith(`/${name}`)));
    expect(ends.sort()).toEqual([...names].sort());
    for (const { photo, address } of found) expect(photo.endsWith(await textOf(source, address))).toBe(true);
  });

  it('says what it knows of their number', async () => {
    const photos = openSource(examples[source](names).request);
    expect([undefined, names.length]).toContain(photos.count);
    if (photos.repeatable) expect(await listOf(photos)).toEqual(await listOf(photos));
  });

  it('gives addresses that a message between processes can carry', async () => {
    for (const { address } of await listOf(openSource(examples[source](names).request))) {
      expect(JSON.parse(JSON.stringify(address))).toBe(address);
    }
  });

  it('says that a photo is gone which was listed', async () => {
    const { request, remove } = examples[source](names);
    const [first] = (await listOf(openSource(request))).filter(({ photo }) => photo.endsWith('a.jpg'));
    remove('a.jpg');
    const reading = sources[source].read(first.address);
    await expect(reading).rejects.toBeInstanceOf(PhotoError);
    await expect(reading).rejects.toMatchObject({ code: 'missing' });
  });

  it('tells the state of a photo as it is read, which is another once the photo has changed', async () => {
    const { request, change, remove } = examples[source](names);
    const { stateOf, read } = sources[source];
    const [{ address }] = (await listOf(openSource(request))).filter(({ photo }) => photo.endsWith('a.jpg'));
    const { state } = await read(address);
    expect(state).toEqual(await stateOf(address));
    expect(state.size).toBe('a.jpg'.length);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    change('a.jpg');
    expect(await stateOf(address)).not.toEqual(state);
    expect((await read(address)).state).toEqual(await stateOf(address));
    remove('a.jpg');
    expect(await stateOf(address)).toBe(undefined);
  });

  it('feeds a run, whose output is no folder, and one that goes on with it', async () => {
    const output = `memory://run of ${source}`;
    const { request, change } = examples[source](names);
    const photos = openSource(request);
    expect(await runInto(output, photos)).toMatchObject({ done: 3, skipped: 0 });
    const labels: string[] = [];
    for await (const line of wholeLines(openStore(output))) labels.push(JSON.parse(line).predictions[0].label);
    expect(labels.sort()).toEqual([...names].sort());
    expect(await readSettings(openStore(output))).toMatchObject({ complete: true });
    if (!photos.repeatable) return;
    expect(await runInto(output, photos)).toMatchObject({ done: 0, skipped: 3, changed: 0 });
    change('a.jpg');
    expect(await runInto(output, photos)).toMatchObject({ done: 1, skipped: 2, changed: 1 });
    expect(await runInto(output, photos)).toMatchObject({ done: 0, skipped: 3, changed: 0 });
  });
});

describe('arguments of several sources', () => {
  it('are refused where one of them is standard input', () => {
    expect(() => sourceOf([STANDARD_INPUT, 'a.jpg'])).toThrow(/either from the command line or, with -,/);
  });
});
