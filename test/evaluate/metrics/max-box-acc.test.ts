import { describe, expect, it } from 'vitest';
import { resultOf } from '../../helpers/evaluated.js';
import { lineOfCase, reference, truthOf } from '../../helpers/evaluation-cases.js';

const photos = reference.cases.map((given) => [lineOfCase(given), truthOf(given)] as const);

describe.each(['MaxBoxAcc', 'MaxBoxAccV2'] as const)('%s of the wsol profile', (name) => {
  const { at, value, n, ci95 } = resultOf(name, photos, { profile: 'wsol' });

  it.each([30, 50, 70] as const)("is wsolevaluation's at an overlap of %i %%, with its threshold", (overlap) => {
    const { best, threshold } = reference[name][`iou${overlap}`];
    expect(at?.[overlap].value).toBeCloseTo(best / 100, 6);
    expect(at?.[overlap].threshold).toBeCloseTo(threshold, 9);
  });

  it('is at 50 % alone, and in its second version the mean of the three', () => {
    const wanted = name === 'MaxBoxAcc' ? reference.MaxBoxAcc.iou50.best : reference.MaxBoxAccV2.mean;
    expect(value).toBeCloseTo(wanted / 100, 5);
    expect(n).toBe(60);
  });

  it('lies in its interval', () => {
    const [low, high] = ci95 ?? [];
    expect(low).toBeLessThan(value ?? 0);
    expect(high).toBeGreaterThan(value ?? 1);
  });
});

describe('MaxBoxAcc of the photo profile', () => {
  it('is as good as one threshold for all maps can be', () => {
    const { value = 0 } = resultOf('MaxBoxAcc', photos);
    const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(
      (threshold) => resultOf('GT-known', photos, { threshold }).value ?? 0,
    );
    // Boxes at one threshold are finer by a pixel of 256: of these maps that turns none.
    expect(value).toBeGreaterThanOrEqual(Math.max(...shares));
  });
});
