import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Explainer, type Explanation, explainPhoto, prepareExplainer } from '../src/explain.js';
import { decode } from '../src/image/decode.js';
import { networkPicture } from '../src/image/network-picture.js';
import { placeIn } from '../src/model/input/fit.js';
import { prepareModel } from '../src/model/prepare.js';
import { fixture } from './helpers/folders.js';
import { pixelsOf } from './helpers/pictures.js';

// Made with PyTorch and Pillow from the same networks: fixtures/README.md.
interface Reference {
  readonly photo: string;
  readonly geometry: { readonly resized: number[]; readonly crop: number[] };
  readonly classes: readonly { index: number; label: string; logit: number; bias: number; map: number[][] }[];
}

describe.each(
  readdirSync(fixture('reference'), { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name),
)('%s, held against PyTorch,', (model) => {
  const references = readdirSync(fixture('reference', model)).filter((name) => name.endsWith('.json'));

  describe.each(references)('for %s', (name) => {
    const reference: Reference = JSON.parse(readFileSync(fixture('reference', model, name), 'utf8'));
    const bytes = readFileSync(fixture('photos', reference.photo));
    let explainer: Explainer;
    let explanation: Explanation;
    beforeAll(async () => {
      const classes = reference.classes.map(({ index }) => String(index));
      explainer = prepareExplainer(await prepareModel(model, { threads: 1 }), { classes, top: 5 });
      explanation = await explainPhoto(explainer, bytes);
    });

    it("feeds the network Pillow's bytes", async () => {
      const { input } = explainer.model;
      const photo = await decode(bytes);
      const picture = networkPicture(photo, placeIn(photo, input), input);
      const expected = await pixelsOf(fixture('reference', model, name.replace('.json', '.crop.png')));
      expect([picture.width, picture.height]).toEqual([expected.width, expected.height]);
      expect(Buffer.compare(picture.data, expected.data)).toBe(0);
    });

    it('sees the region of the photo that was cropped there', () => {
      const { resized, crop } = reference.geometry;
      const [perColumn, perRow] = [explanation.width / resized[0], explanation.height / resized[1]];
      const seen = [crop[0] * perColumn, crop[1] * perRow, crop[2] * perColumn, crop[3] * perRow];
      explanation.seen.forEach((value, i) => expect(value).toBeCloseTo(seen[i], 9));
    });

    it('gives the same logits, biases and best classes', () => {
      expect(explanation.predictions.map((p) => p.class)).toEqual(reference.classes.map((c) => c.index));
      reference.classes.forEach(({ index, label, logit, bias }, i) => {
        const map = explanation.maps[i];
        expect(map.class).toBe(index);
        expect(map.label).toContain(label);
        // Sums of a thousand float32 products in another order.
        expect(Math.abs(map.logit - logit)).toBeLessThan(1e-3);
        expect(Math.abs(map.bias - bias)).toBeLessThan(1e-6);
      });
    });

    it('gives the same class maps, and they are complete', () => {
      reference.classes.forEach(({ map: expected }, i) => {
        const { map, grid, residual, verdict } = explanation.maps[i];
        const flat = expected.flat();
        const largest = Math.max(...flat.map(Math.abs));
        expect(grid).toEqual([expected.length, expected[0].length]);
        flat.forEach((value, cell) => expect(Math.abs(map[cell] - value)).toBeLessThan(1e-3 * largest));
        expect(residual).toBeLessThan(1e-4);
        expect(verdict).toBe('ok');
      });
    });
  });
});
