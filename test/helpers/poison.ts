import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

const chunk = (type: string, data: Buffer): Buffer => {
  const content = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, sum]);
};

/** A PNG of a few bytes that declares itself to be of this size, 8-bit RGB. */
export const declaredPng = (width: number, height: number): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(100)));
  return Buffer.concat([signature, chunk('IHDR', header), pixels, chunk('IEND', Buffer.alloc(0))]);
};

/** Cut within the pixels, which every decoder must notice. */
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

/**
 * Puts everything into a folder that is called like a photo and is none.
 * @returns the code of the failure that each must be reported with, by name.
 */
export const poison = async (folder: string, photo: string): Promise<ReadonlyMap<string, string>> => {
  const codes = new Map<string, string>();
  const put = (name: string, code: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes);
    codes.set(name, code);
  };
  const image = sharp(photo).resize(300);
  put('cut.jpg', 'undecodable', half(await image.clone().jpeg().toBuffer()));
  put('cut.png', 'undecodable', half(await image.clone().png().toBuffer()));
  put('cut.webp', 'undecodable', half(await image.clone().webp().toBuffer()));
  put('cut.gif', 'undecodable', half(await image.clone().gif().toBuffer()));
  put('cut.tiff', 'undecodable', half(await image.clone().tiff().toBuffer()));
  put('cut.avif', 'undecodable', half(await image.clone().avif().toBuffer()));
  put('bomb.png', 'too-large', declaredPng(50_000, 50_000));
  put('liar.png', 'undecodable', declaredPng(12_000, 12_000));
  put('empty.jpg', 'empty', '');
  put('text.jpg', 'not-a-photo', 'just words');
  mkdirSync(join(folder, 'folder.jpg'));
  codes.set('folder.jpg', 'no-photos');
  symlinkSync('nowhere', join(folder, 'broken.jpg'));
  codes.set('broken.jpg', 'missing');
  symlinkSync('circle.jpg', join(folder, 'circle.jpg'));
  codes.set('circle.jpg', 'unreadable');
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    codes.set('pipe.jpg', 'not-a-file');
  }
  return codes;
};
