import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { cropped, fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { expectRefusal, explainedOf } from '../helpers/runs.js';

const photo = fixture('photos', 'rocket.jpg');

/** A 1x1 convolution to a logit for red and one for green, then the average; an exporter wrote the batch into it. */
const classifierOf = (batch: number, last?: object): string => {
  const model = buildModel({
    input: [batch, 3, 8, 8],
    nodes: [
      { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Reshape', in: ['pooled', 'shape'], out: 'rows' },
      { op: 'Identity', in: ['rows'], out: 'logits', ...last },
    ],
    weights: { weight: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } },
    integers: { shape: [batch, -1] },
  });
  return writeModelFolder(join(temporaryFolder(), 'model'), {
    model,
    labels: ['red', 'green'],
    preprocessor: cropped(8),
  });
};

describe.concurrent('a model that takes four pictures at a time', () => {
  it('is fed with the photo in every place, and gives the maps of one that takes it alone', async () => {
    const [one, four] = await Promise.all(
      [1, 4].map(async (batch) => {
        const output = join(temporaryFolder(), 'out');
        const { code, stderr } = await gapcam([photo, '-m', classifierOf(batch), '-k', '2', '-q', '-o', output]);
        expect(stderr).toBe('');
        expect(code).toBe(0);
        const [{ predictions, maps }] = explainedOf(output);
        return { predictions, maps };
      }),
    );
    // The sums over three channels and 64 cells may be added up in another order.
    four.maps.forEach(({ map, logit }, i) => {
      map.forEach((value, cell) => expect(value).toBeCloseTo(one.maps[i].map[cell], 5));
      expect(logit).toBeCloseTo(one.maps[i].logit, 5);
    });
    expect(four.predictions.map(({ label }) => label)).toEqual(one.predictions.map(({ label }) => label));
  });

  it('is refused where its logits do not lie one picture after the other', async () => {
    const turned = classifierOf(4, { op: 'Transpose', with: { perm: [1, 0] } });
    expectRefusal(
      await gapcam(['inspect', turned]),
      /takes 4 pictures at a time and does not say the same of the same picture in each place; save it with batch 1/,
    );
  });

  it('is not exported', async () => {
    const file = join(temporaryFolder(), 'with-maps.onnx');
    expectRefusal(
      await gapcam(['export', classifierOf(4), '-o', file]),
      /takes 4 pictures at a time, .*; save it with batch 1 or a free batch/,
    );
    expect(existsSync(file)).toBe(false);
  });
});

it('a hostile model that takes a billion pictures at a time is refused before it takes the memory for them', async () => {
  expectRefusal(
    await gapcam(['inspect', classifierOf(1_000_000_000)]),
    /takes 1000000000 pictures at a time, .* are not fed; save it with batch 1 or a free batch/,
  );
});
