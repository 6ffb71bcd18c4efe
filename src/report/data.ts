import type { PhotoLine } from '../results/line.js';
import type { RunSettings } from '../results/settings.js';

/**
 * What the report page reads. `report.html` carries the `ReportRun`; all else lies beside it in scripts that a page may
 * load from the disk, each of which hands one value to the page: `gapcamData(name, value)`.
 */

/** A class's map without its cells, which are in a `MapsFile`; in logits but for `score` and `concentration`. */
export interface MapEntry extends Omit<PhotoLine['maps'][number], 'label' | 'range' | 'map' | 'files'> {
  /** Share of the evidence that lies in the strongest tenth of the cells, [0.1, 1]; 0 without evidence. */
  readonly concentration: number;
  /** The overlay as the run wrote it, below the output folder; where it wrote none, undefined. */
  readonly overlay?: string | undefined;
}

export interface ExplainedPhoto extends Pick<PhotoLine, 'width' | 'height' | 'seen' | 'field' | 'margin'> {
  readonly photo: string;
  readonly predictions: readonly Omit<PhotoLine['predictions'][number], 'label'>[];
  readonly maps: readonly MapEntry[];
  /** Classes that the photo's folder names; undefined where it names none. */
  readonly truth?: readonly number[] | undefined;
}

interface FailedPhoto {
  readonly photo: string;
  readonly error: { readonly code: string; readonly message: string };
}

export type PhotoEntry = ExplainedPhoto | FailedPhoto;

/** `photos-<n>`: some of the photos, in the order of the manifest. */
export type PhotosFile = readonly PhotoEntry[];

/** `maps-<n>`: for each of some photos its maps as base64 of float32, little-endian, row by row. */
export type MapsFile = readonly (readonly string[])[];

/** A class's maps, cell by cell, averaged over all photos that have one of this grid. */
export interface MeanMap {
  readonly class: number;
  /** Maps that went into the mean; further ones of the class lie on other grids. */
  readonly photos: number;
  readonly others: number;
  readonly grid: readonly [number, number];
  /** As in `MapsFile`. */
  readonly map: string;
}

/** `means`: one a class. */
export type MeansFile = readonly MeanMap[];

/** The run as a whole. */
export interface ReportRun extends Omit<RunSettings, 'labels'> {
  /** Folder of the data files, beside the page. */
  readonly data: string;
  /** When the report was made, ISO 8601. */
  readonly made: string;
  readonly explained: number;
  readonly failed: number;
  /** Lines of the manifest that cannot be read. */
  readonly torn: number;
  /** Of one photo, all work included; NaN never, 0 where none was explained. */
  readonly meanMilliseconds: number;
  /** Number of `photos-<n>` files. */
  readonly photoFiles: number;
  /** Index of the first photo in each `maps-<n>` file. */
  readonly mapFiles: readonly number[];
  /** Most maps of any photo. */
  readonly ranks: number;
  /** The largest value of all maps, in logits; 0 where none is above. */
  readonly largest: number;
  /** Whether the photos' folders name their classes. */
  readonly folders: FolderClasses;
}

/** How many of the folders that hold photos name a class. */
export interface FolderClasses {
  readonly named: number;
  readonly folders: number;
  /** Whether they are taken for classes: more than half of them are. */
  readonly areClasses: boolean;
}
