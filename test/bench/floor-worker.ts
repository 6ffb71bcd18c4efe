import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { arrayPool } from '../../src/image/array-pool.js';
import { decode, type Rgb } from '../../src/image/decode.js';
import type { Placement } from '../../src/image/geometry.js';
import { toFeed } from '../../src/image/to-tensor.js';
import { placeIn } from '../../src/model/input/fit.js';
import { prepareModel } from '../../src/model/prepare.js';
import { encode } from '../../src/render/encode.js';
import { serve } from '../../src/run/workers/serve.js';
import type { PhotoTask, WorkerSetup } from '../../src/run/workers/worker.js';
import { openStore } from '../../src/stores/index.js';

/**
 * The floor that any tool of this kind stands on: the same decoder, sharp's own resize, the network's logits, the same
 * encoder and the same writing, in the same pool, but no class map, no check and no heatmap.
 */

const resizedBySharp = async (photo: Rgb, { resized, canvas, x, y }: Placement): Promise<Rgb> => {
  const { width, height } = photo;
  const data = await sharp(photo.data, { raw: { width, height, channels: 3 } })
    .resize(resized.width, resized.height, { fit: 'fill', kernel: 'cubic' })
    .extract({ left: -x, top: -y, ...canvas })
    .raw()
    .toBuffer();
  return { ...canvas, data };
};

serve(async ({ model: name, prepare, output }: WorkerSetup, _: object | undefined) => {
  const model = await prepareModel(name, prepare);
  const { input, session, head } = model;
  const arrays = arrayPool();
  const store = openStore(output);
  return {
    perform: async ({ photo, address }: PhotoTask) => {
      const decoded = await decode(await readFile(address));
      const picture = await resizedBySharp(decoded, placeIn(decoded, input));
      const feed = toFeed(picture, input, arrays);
      const [outputs] = await session.run([feed], [head.logits]);
      arrays.give(feed.data);
      await store.put(`${photo}.floor.jpg`, await encode(decoded, 'jpeg'));
      return { line: JSON.stringify({ photo, logits: outputs.get(head.logits)?.data.length }) };
    },
    handed: {},
  };
});
