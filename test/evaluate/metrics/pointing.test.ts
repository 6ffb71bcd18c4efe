import { describe, expect, it } from 'vitest';
import { resultOf } from '../../helpers/evaluated.js';
import { judgedLine, lineOfCase, objectAt, recordOf, reference, truthOf } from '../../helpers/evaluation-cases.js';

const size = [100, 100] as const;
/** A class's map whose largest pixel is 55, 55: of 10 x 10 cells the middle of one, a pixel past its centre's border. */
const peak = (index: number) =>
  recordOf(
    [100, 100],
    Array.from({ length: 10_000 }, (_, i) => Number(i === 5555)),
    { class: index },
  );

const line = (name: string, ...classes: readonly number[]) => judgedLine(name, size, classes.map(peak));
// The pixel 55, 55 is 15 from the box's first column at 70, and 14 from that at 69.
const [far, near, on] = [
  [70, 55, 80, 55],
  [69, 55, 80, 55],
  [50, 50, 60, 60],
];

describe('the pointing game', () => {
  const rights = (boxes: readonly (readonly number[])[]) => {
    const photos = boxes.map((box, i) => [line(`${i}.jpg`, 0), { objects: [objectAt(box)] }] as const);
    return [resultOf('pointing', photos).value, resultOf('pointing-strict', photos).value];
  };

  it('is won nearer than 15 pixels, and not at 15; without a tolerance on the object alone', () => {
    expect(rights([far])).toEqual([0, 0]);
    expect(rights([near])).toEqual([1, 0]);
    expect(rights([on])).toEqual([1, 1]);
  });

  it('is the mean of the classes, however many photos each has', () => {
    const photos = [
      [line('a.jpg', 0), { objects: [objectAt(on)] }],
      [line('b.jpg', 0), { objects: [objectAt(on)] }],
      [line('c.jpg', 0), { objects: [objectAt(on)] }],
      [line('d.jpg', 1), { objects: [objectAt(far, { class: 1 })] }],
    ] as const;
    const { value, n, classes } = resultOf('pointing', photos);
    expect([value, n]).toEqual([1 / 2, 4]);
    expect([classes.get(0)?.n, classes.get(1)?.value]).toEqual([3, 0]);
  });

  it('skips a class of a photo whose objects are all difficult, and counts difficult ones beside others', () => {
    const difficult = { difficult: true };
    const photos = [
      [line('a.jpg', 0, 1), { objects: [objectAt(far, difficult), objectAt(on, { ...difficult, class: 1 })] }],
      [line('b.jpg', 0), { objects: [objectAt(far), objectAt(on, difficult)] }],
    ] as const;
    const { value, n, leftOut } = resultOf('pointing', photos);
    expect([value, n, Object.fromEntries(leftOut)]).toEqual([1, 1, { difficult: 2 }]);
  });

  it("is that of the reference's 60 maps", () => {
    const photos = reference.cases.map((given) => [lineOfCase(given), truthOf(given)] as const);
    expect(resultOf('pointing', photos).value).toBeCloseTo(reference.pointing.within15, 4);
    expect(resultOf('pointing-strict', photos).value).toBeCloseTo(reference.pointing.inside, 4);
  });

  it('points to the middle in its baseline', () => {
    const at = (box: readonly number[]) =>
      resultOf('pointing-strict', [[line('a.jpg', 0), { objects: [objectAt(box)] }]], { source: 'centre' }).value;
    expect([at([49, 49, 49, 49]), at([50, 49, 60, 60])]).toEqual([1, 0]);
  });
});

describe('evidence inside', () => {
  it("is that of Score-CAM's energy-based pointing game for the reference's maps", () => {
    const photos = reference.cases.map((given) => [lineOfCase(given), truthOf(given)] as const);
    const mean = reference.cases.reduce((sum, { energy }) => sum + energy, 0) / reference.cases.length;
    expect(Math.abs((resultOf('inside', photos).value ?? 0) - mean)).toBeLessThan(1e-4);
  });

  it('counts boxes that overlap once, and masks instead of their boxes', () => {
    const even = recordOf([2, 2], [1, 1, 1, 1]);
    const mask = new Uint8Array(10_000).fill(1, 0, 1000);
    const value = (...objects: Parameters<typeof objectAt>[]) =>
      resultOf('inside', [[judgedLine('a.jpg', size, [even]), { objects: objects.map((given) => objectAt(...given)) }]])
        .value;
    expect(value([[0, 0, 49, 99]], [[25, 0, 49, 99]])).toBeCloseTo(0.5, 12);
    expect(value([[0, 0, 99, 99], { mask }])).toBeCloseTo(0.1, 12);
    expect(value([[0, 0, 99, 99], { mask }], [[0, 90, 99, 99]])).toBeCloseTo(0.2, 12);
  });

  it('is 0 of a map without evidence', () => {
    const photos = [[judgedLine('a.jpg', size, [recordOf([1, 2], [-1, -2])]), { objects: [objectAt(on)] }]] as const;
    expect(resultOf('inside', photos)).toMatchObject({ value: 0, n: 1 });
    expect(resultOf('GT-known', photos)).toMatchObject({ value: 0, n: 1 });
  });
});
