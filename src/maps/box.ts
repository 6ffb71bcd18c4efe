export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Left, top, width, height; real numbers where in photo pixels. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** A box as results write it. */
export type FourNumbers = readonly [x: number, y: number, width: number, height: number];

export const fourNumbers = ({ x, y, width, height }: Box): FourNumbers => [x, y, width, height];

export const boxOf = ([x, y, width, height]: FourNumbers): Box => ({ x, y, width, height });
