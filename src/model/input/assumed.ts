import type { Size } from '../../photo/geometry.js';
import type { InputSpec } from './input.js';

// What most ImageNet classifiers were trained with: torchvision's evaluation transform at its most common.
const EDGE = 224;
const CROP_SHARE = 0.875;

/**
 * How photos are fed where nothing says so.
 * @param fixed the network's own input size, where it has one.
 */
export const assumeInput = (fixed: Size | undefined): InputSpec => {
  const normalization = { rescale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const size = fixed ?? { width: EDGE, height: EDGE };
  const common = { resample: 'bilinear', normalization } as const;
  if (size.width !== size.height) return { ...common, resize: { rule: 'exact', ...size }, crop: undefined };
  const edge = Math.floor(size.width / CROP_SHARE);
  return { ...common, resize: { rule: 'shortest-edge', edge }, crop: { ...size, rounding: 'half-even' } };
};
