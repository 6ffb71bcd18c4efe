import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from '../../helpers/repository.js';
import { spoiled } from './hostile.js';
import { mutateJson } from './mutate-json.js';
import { putInstead } from './put-instead.js';
import type { Random } from './random.js';

const spoilSettings = (run: string, random: Random, folder: string): void => {
  const path = join(run, 'run.json');
  writeFileSync(path, mutateJson(readFileSync(path, 'utf8'), random, folder));
};

/** Lines changed, said twice, of other photos, without their ends. */
const spoilLines = (run: string, random: Random, folder: string): void => {
  const path = join(run, 'manifest.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const pieces: Uint8Array[] = [];
  for (const line of lines) {
    if (random.chance(0.1)) pieces.push(Buffer.from(`${line}\n`));
    const changed = random.chance(0.6) ? mutateJson(line, random, folder) : Buffer.from(line);
    pieces.push(changed, Buffer.from(random.chance(0.97) ? '\n' : ''));
  }
  const bytes = Buffer.concat(pieces);
  writeFileSync(path, random.chance(0.1) ? spoiled(bytes, random) : bytes);
};

/** Other things in the place of files, and things where files will be. */
const spoilFiles = (run: string, random: Random, folder: string): void => {
  const there = readdirSync(run).sort();
  const coming = ['report-data', 'report.html', '.gapcam', '.gapcam/run', 'photo.png.3-cat.png'];
  const path = join(run, random.pick([...there, ...coming]));
  const scratch = join(run, '.gapcam');
  if (path.startsWith(`${scratch}/`) && !existsSync(scratch)) mkdirSync(scratch);
  if (path.startsWith(`${scratch}/`) && !lstatSync(scratch).isDirectory()) return;
  if (random.chance(0.8)) putInstead(path, random, folder);
  else {
    putInstead(path, random, folder, 'nothing');
    writeFileSync(path, spoiled(Buffer.from('1 elsewhere 2\n'), random));
  }
};

/** Tars and tables that are changed, cut off, or something else; with others beside them. */
const spoilPack = (run: string, random: Random, folder: string): void => {
  const pictures = join(run, 'pictures');
  const names = ['00000.tar', '00000.parquet'];
  if (random.chance(0.1)) putInstead(pictures, random, folder);
  if (!existsSync(pictures) || !lstatSync(pictures).isDirectory()) return;
  for (const name of names) {
    const path = join(pictures, name);
    if (random.chance(0.3) && lstatSync(path, { throwIfNoEntry: false })?.isFile())
      writeFileSync(path, spoiled(readFileSync(path), random));
    if (random.chance(0.1)) putInstead(path, random, folder);
  }
  if (random.chance(0.2)) {
    const content = random.chance(0.5) ? readFileSync(fixture('heads', 'input.png')) : Buffer.alloc(1024);
    writeFileSync(join(pictures, random.pick(['00001.tar', '00001.parquet', '99999999.tar'])), content);
  }
};

/** Changes the files of an earlier run as a hostile person would. */
export const spoilRun = (run: string, random: Random, folder: string): void => {
  if (random.chance(0.5)) spoilSettings(run, random, folder);
  if (random.chance(0.5)) spoilLines(run, random, folder);
  if (random.chance(0.4)) spoilFiles(run, random, folder);
};

/** As `spoilRun`, of one that was evaluated. */
export const spoilEvaluatedRun = (run: string, random: Random, folder: string): void => {
  for (const name of ['evaluation.json', 'evaluation.jsonl']) {
    const path = join(run, name);
    if (random.chance(0.1)) putInstead(path, random, folder);
    else if (random.chance(0.4)) {
      const [text, ...lines] = readFileSync(path, 'utf8').split(/(?<=\n)(?=\{)/);
      writeFileSync(path, Buffer.concat([mutateJson(text, random, folder), Buffer.from(`\n${lines.join('')}`)]));
    }
  }
  spoilRun(run, random, folder);
};

/** As `spoilRun`, of one whose pictures are packed. */
export const spoilPackedRun = (run: string, random: Random, folder: string): void => {
  spoilPack(run, random, folder);
  spoilRun(run, random, folder);
};
