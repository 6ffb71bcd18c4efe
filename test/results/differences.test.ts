import { describe, expect, it } from 'vitest';
import { differences, type RunSettings } from '../../src/results/settings.js';

const input = {
  resample: 'nearest',
  resize: { rule: 'shortest-edge', edge: 256 },
  crop: { width: 224, height: 224, rounding: 'floor', padding: 'near' },
  mean: [0.5, 0.5, 0.5],
  alpha: 'white',
  align: 'center',
  origins: { resample: 'assumed' },
  warnings: [],
};

const settings = (more: Partial<RunSettings> = {}): RunSettings => ({
  version: '1',
  model: { name: 'x.onnx', sha256: '12', weights: undefined },
  head: { kind: 'exact', output: 'logits' } as RunSettings['head'],
  labels: 'labels.txt (0123abcd)',
  classes: ['a', 'b'],
  input,
  options: { top: 1, classes: [] },
  photos: '../photos',
  ...more,
});

const told = (more: Partial<RunSettings>) => differences(settings(), settings(more));

describe('the settings of two runs', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ resample: 'bilinear' }, 'resample: was nearest, now bilinear'],
    [{ resize: { rule: 'exact', width: 32, height: 48 } }, 'resize: was shortest-edge, edge 256, now exact 32x48'],
    [{ mean: [0, 0, 1e-7] }, 'mean: was 0.5, 0.5, 0.5, now 0, 0, 1e-7'],
    [{ crop: undefined }, 'crop: was 224x224, rounding floor, padding near, now none'],
    [
      { crop: { ...input.crop, padding: 'far' } },
      'crop: was 224x224, rounding floor, padding near, now 224x224, rounding floor, padding far',
    ],
    [{ brightness: { width: 'x', rule: ['y', { z: 1 }] } }, 'brightness: was none, now y, z 1, width x'],
  ])('differ in what is fed, each value alone and in words: %j', (changed, words) => {
    expect(told({ input: { ...input, ...changed } })).toEqual([words]);
  });

  it('differ in options, photos, shard and labels', () => {
    const more = { options: { top: 2, classes: ['cat'] }, photos: '.', shard: '1/2', labels: 'b.txt (4567abcd)' };
    expect(told(more)).toEqual([
      'labels: was labels.txt (0123abcd), now b.txt (4567abcd)',
      'top: was 1, now 2',
      'classes: was none, now cat',
      'folder of the photos: was ../photos, now .',
      'shard: was none, now 1/2',
    ]);
  });

  it('differ in what was measured, and are the same where an earlier version could measure nothing', () => {
    const options = settings().options;
    expect(told({ options: { ...options, measure: [] } })).toEqual([]);
    const more = { measure: ['drop', 'insertion'], measureProfile: 'rise', measureSample: '1%' };
    expect(told({ options: { ...options, ...more } })).toEqual([
      'measure: was none, now drop, insertion',
      'measureProfile: was none, now rise',
      'measureSample: was none, now 1%',
    ]);
  });

  it('are the same where the same values and names are from another place, as from a saved file', () => {
    const origins = { resample: 'model.json: resample, from --resample' };
    expect(told({ input: { ...input, origins, warnings: ['x'] }, labels: 'model.json: labels (0123abcd)' })).toEqual(
      [],
    );
  });
});
