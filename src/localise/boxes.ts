import type { ShownMap } from '../maps/result.js';
import type { Part } from './localise.js';

/** A box around a connected part of a class's evidence. */
export interface FoundBox {
  /** x, y, width, height in photo pixels, real numbers: edges lie between pixels. */
  readonly box: readonly [number, number, number, number];
  /** What the part adds to the logit, in logits. The map's mean is that of all its boxes and of the rest. */
  readonly evidence: number;
  /** Of all positive evidence of the map, the share in the part, [0, 1]. */
  readonly share: number;
}

/** A map with its boxes, most evidence first. Undefined: none were asked for. */
export interface BoxedMap extends ShownMap {
  readonly boxes?: readonly FoundBox[] | undefined;
}

export const foundBox = ({ box: { x, y, width, height }, evidence, share }: Part): FoundBox => ({
  box: [x, y, width, height],
  evidence,
  share,
});
