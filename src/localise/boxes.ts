import { type FourNumbers, fourNumbers } from '../maps/box.js';
import type { ShownMap } from '../maps/result.js';
import type { Part } from './localise.js';

/** A box around a connected part of a class's evidence. */
export interface FoundBox {
  /** x, y, width, height in photo pixels, real numbers: edges lie between pixels. */
  readonly box: FourNumbers;
  /** What the part adds to the logit, in logits. The map's mean is that of all its boxes and of the rest. */
  readonly evidence: number;
  /** Of all positive evidence of the map, the share in the part, [0, 1]. */
  readonly share: number;
}

/** A map with what is found and written of it beside its overlay. */
export interface BoxedMap extends ShownMap {
  /** Most evidence first. Undefined: none were asked for. */
  readonly boxes?: readonly FoundBox[] | undefined;
  /** Logits that 0 and 65535 stand for in its picture of 16 bits. Undefined: none was asked for. */
  readonly range16?: readonly [low: number, high: number] | undefined;
}

export const foundBox = ({ box, evidence, share }: Part): FoundBox => ({
  box: fourNumbers(box),
  evidence,
  share,
});
