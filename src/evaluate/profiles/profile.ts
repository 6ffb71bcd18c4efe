import type { Extent } from '../../localise/plane.js';
import type { Box } from '../../maps/box.js';
import type { MapRecord } from '../../results/line.js';
import type { PhotoTruth, TruthObject } from '../../truth/truth.js';
import type { Located } from '../judged.js';

/** What of a map is wanted. */
export interface Wanted {
  /** Boxes at all thresholds, and whether all boxes of each map count or one alone. */
  readonly sweep: boolean;
  readonly any: boolean;
  /** Scores of pixels. */
  readonly scores: boolean;
}

/** The true places of a class in a photo. */
export interface Places {
  /** In photo pixels. At least one. */
  readonly boxes: readonly Box[];
  /** Objects with masks. None: the truth has no masks of the class. */
  readonly masked: readonly Pick<TruthObject, 'mask' | 'scaled'>[];
  /** Pixels that count nowhere. */
  readonly nothing: Pick<PhotoTruth, 'ignored' | 'ignoredScaled'>;
}

/** A class's map and where it lies. */
export interface PlacedMap {
  readonly map: MapRecord;
  readonly extent: Extent;
  /** How the photo's pixels are stored, 1 to 8 as in EXIF. */
  readonly orientation: number;
}

/** How maps become boxes and scores, and how these are held against true ones. */
export interface Profile {
  /** Number of thresholds that differ. */
  readonly levels: number;
  /** The least threshold of a level, a share of the map's largest value. */
  readonly thresholdOf: (level: number) => number;
  /** How boxes are found and held against true ones, in words: at one threshold, at all, and how scores are. */
  readonly words: { readonly box: string; readonly sweep: string; readonly scores: string };
  /** Whether the profile is of whole photos alone. */
  readonly whole: boolean;
  /** Prepares to judge maps. @param threshold share of the map's largest value at which a box ends. */
  readonly locator: (
    wanted: Wanted,
    threshold: number,
  ) => {
    readonly map: (placed: PlacedMap, places: Places) => Located;
    /** A bright spot in the photo's middle, in place of the map. */
    readonly centre: (placed: PlacedMap, places: Places) => Located;
  };
}
