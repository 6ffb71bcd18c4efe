import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { argumentOf, searchesOutput, statOf } from '../run/sources/arguments.js';
import { searchesOutputMessage } from '../run/sources/discover.js';
import { insideOutput } from '../run/sources/inside-output.js';
import { refuseSearchOf } from '../run/sources/storage/s3-output.js';
import { placeOf } from '../stores/index.js';
import { isRemote } from '../stores/places.js';
import { isSameFile } from '../stores/same-file.js';

/** Words that cannot be photos, told before a model is read. */

/** @throws UsageError where a folder or pattern would find pictures of the run. @param given the --output, of all shards. */
export const refuseOutput = (words: readonly string[], output: string, given: string): void => {
  const outputs = [output, placeOf(given)];
  for (const place of outputs) refuseSearchOf(words, place, given);
  const photos = words.filter((word) => !isRemote(word));
  if (photos.some((photo) => outputs.some((folder) => isSameFile(resolve(photo), folder)))) {
    throw new UsageError('usage', `${given} is both a folder of photos and the --output; choose another --output.`);
  }
  const inside = outputs.map(insideOutput);
  const found = photos.find((photo) => inside.some((place) => searchesOutput(argumentOf(photo), place)));
  if (found !== undefined) throw new UsageError('usage', searchesOutputMessage(found, given));
};

/** @throws UsageError where a model is named among the photos. */
export const refuseModel = (photos: readonly string[]): void => {
  const found = photos.find((photo) => /\.onnx$/i.test(photo) && !statOf(resolve(photo))?.isDirectory());
  if (found === undefined) return;
  throw new UsageError('usage', `${found} is a model, not a photo; did you mean -m ${found}?`);
};
