import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { irn } from '../../../src/convert/formats/irn.js';
import { crc32 } from '../../../src/render/crc.js';
import { converted, runOfLines } from '../../helpers/converted.js';
import { fixture } from '../../helpers/folders.js';
import { readNpy } from '../../helpers/npy.js';
import { lineOf } from '../../helpers/reports.js';
import { filesBelow } from '../../helpers/runs.js';

const labels = ['cat', 'dog', 'ship'];

/** Files of an archive, found from its end as unzip does. Each must be whole and stored as it is. */
const unzipped = (bytes: Buffer): Readonly<Record<string, Buffer>> => {
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
  const files: Record<string, Buffer> = {};
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    expect(bytes.readUInt32LE(at)).toBe(0x02014b50);
    const [method, sum, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 24)];
    const [length, local] = [bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const name = bytes.toString('latin1', at + 46, at + 46 + length);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + size);
    expect(bytes.readUInt32LE(local)).toBe(0x04034b50);
    expect(bytes.toString('latin1', local + 30, local + 30 + length)).toBe(name);
    expect([method, sum]).toEqual([0, crc32(content)]);
    files[name] = content;
    at += 46 + length;
  }
  expect(at).toBe(end);
  return files;
};

const arraysIn = (path: string) => {
  const { 'keys.npy': keys, 'cam.npy': cam, 'high_res.npy': high, ...others } = unzipped(readFileSync(path));
  expect(others).toEqual({});
  return { keys: readNpy(keys), cam: readNpy(cam), high: readNpy(high) };
};

const expected = JSON.parse(readFileSync(fixture('whole-photo', 'expected.json'), 'utf8'));
const { width, height, field } = expected;

const line = (() => {
  const made = lineOf(
    { photo: 'JPEGImages/2007_000032.jpg', classes: [2, 0], cells: [expected.map, [-1, -2]] },
    labels,
  );
  const maps = made.maps.map((map, i) => (i === 0 ? { ...map, grid: expected.grid } : map));
  return { ...made, width, height, field, seen: field, maps };
})();

const arraysOf = async (orientation = 1) => {
  const folder = await converted(
    runOfLines(() => [{ ...line, orientation }], labels),
    irn,
  );
  return arraysIn(join(folder, 'JPEGImages/2007_000032.npz'));
};

describe('maps for IRN', () => {
  it('are the positive values at the size of the photo and a quarter of it, divided by the largest and a little', async () => {
    const { keys, cam, high } = await arraysOf();
    expect([keys.type, keys.values]).toEqual(['<i8', [2, 0]]);
    expect([cam.type, cam.shape, high.type, high.shape]).toEqual(['<f4', [2, 10, 15], '<f4', [2, 40, 60]]);
    const largest = Math.max(...expected.values);
    expected.values.forEach((value: number, at: number) => {
      expect(Math.abs(high.values[at] - Math.max(0, value) / (largest + 1e-5))).toBeLessThan(1e-5);
    });
    // A map without evidence stays nothing.
    expect(new Set(high.values.slice(40 * 60))).toEqual(new Set([0]));
    expect(Math.max(...cam.values)).toBeLessThan(1);
    expect(Math.max(...cam.values)).toBeGreaterThan(0.999);
  });

  it('have a quarter of each side, rounded up', async () => {
    const odd = { ...line, width: 61, height: 37 };
    const folder = await converted(
      runOfLines(() => [odd], labels),
      irn,
    );
    expect(arraysIn(join(folder, 'JPEGImages/2007_000032.npz')).cam.shape).toEqual([2, 10, 16]);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])(
    'lie in the pixels of the file: turned as orientation %i says, they are those of the upright photo',
    async (orientation) => {
      const [upright, stored] = [(await arraysOf()).high, (await arraysOf(orientation)).high];
      const [, rows, columns] = stored.shape;
      const gray = Uint8Array.from(stored.values.slice(0, rows * columns), (value) => Math.round(value * 255));
      const file = await sharp(gray, { raw: { width: columns, height: rows, channels: 1 } })
        .withMetadata({ orientation })
        .webp({ lossless: true })
        .toBuffer();
      const seen = await sharp(file).autoOrient().toColourspace('b-w').raw().toBuffer();
      expect([...seen]).toEqual(upright.values.slice(0, rows * columns).map((value) => Math.round(value * 255)));
    },
  );

  it('come with the script that makes pickles of them', async () => {
    const folder = await converted(
      runOfLines(() => [line], labels),
      irn,
    );
    expect(filesBelow(folder)).toEqual(['JPEGImages/2007_000032.npz', 'to_irn.py']);
    expect(readFileSync(join(folder, 'to_irn.py'), 'utf8')).toContain('np.save(target, content)');
  });

  it('of two photos that differ in their endings alone are refused', async () => {
    const both = [line, { ...line, photo: 'JPEGImages/2007_000032.png' }];
    await expect(
      converted(
        runOfLines(() => both, labels),
        irn,
      ),
    ).rejects.toMatchObject({ code: 'unfit-name' });
  });
});

describe('the check sum', () => {
  it.skipIf(!('crc32' in zlib))("is that of Node's versions that have it", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37) % 256);
    expect(crc32(bytes)).toBe((zlib as unknown as { crc32: (bytes: Uint8Array) => number }).crc32(bytes));
  });

  it('of the nine digits is the one that its description gives', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });
});
