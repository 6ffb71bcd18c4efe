export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Left, top, width, height; real numbers where in photo pixels. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}
