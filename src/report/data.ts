import type { Evaluation, MetricResult } from '../evaluate/evaluation.js';
import type { JudgedClass, LeftOut, Located, Pointed } from '../evaluate/judged.js';
import type { Interval } from '../evaluate/statistics/interval.js';
import type { FourNumbers } from '../maps/box.js';
import type { PhotoLine } from '../results/line.js';
import type { RunSettings } from '../results/settings.js';
import type { FolderClasses } from '../truth/folders/folder-classes.js';

/**
 * What the report page reads. `report.html` holds the `ReportRun`. All other data are scripts in a folder next to it,
 * which a page may load from the disk. Each hands one value to the page: `gapcamData(name, value)`.
 */

/** What was measured of a map, and of two maps that know nothing of the photo. */
export interface MeasureEntry {
  readonly measure: string;
  readonly profile: string;
  readonly score: number;
  readonly random: number;
  readonly centre: number;
  /** Number of points of its curve, which a `MapsFile` holds. Undefined: it has none. */
  readonly points?: number | undefined;
}

/** A class's map without its cells, which a `MapsFile` holds. In logits, except `score` and `concentration`. */
export interface MapEntry extends Omit<PhotoLine['maps'][number], 'label' | 'range' | 'map' | 'files' | 'measures'> {
  /** Undefined: nothing was measured. */
  readonly measures?: readonly MeasureEntry[] | undefined;
  /** Share of the evidence in the strongest tenth of the cells, [0.1, 1]. 0 without evidence. */
  readonly concentration: number;
  /** Path of the overlay below the output folder. Undefined: the run wrote none. */
  readonly overlay?: string | undefined;
}

/** What an evaluation says of a true class of a photo. Boxes and the point are in photo pixels. */
export interface JudgedEntry extends Pick<JudgedClass, 'class' | 'first' | 'truth'> {
  /** Borders of its masks, as the data of an SVG path. Undefined: the truth has none. */
  readonly outline?: string;
  /** Number of true boxes that are not among these. Undefined: none. */
  readonly more?: number;
  /** Why there is no map. */
  readonly leftOut?: LeftOut;
  /** What its map came to. `box` null: it has none. */
  readonly map?: Pick<Located, 'iou'> & Pointed & { readonly box: FourNumbers | null };
}

export interface ExplainedPhoto extends Pick<PhotoLine, 'width' | 'height' | 'seen' | 'field' | 'margin'> {
  readonly photo: string;
  readonly predictions: readonly Omit<PhotoLine['predictions'][number], 'label'>[];
  readonly maps: readonly MapEntry[];
  /** Classes that the photo's folder names. Undefined: it names none. */
  readonly truth?: readonly number[] | undefined;
  /** Of each true class. Undefined: the evaluation has none, or there is no evaluation. */
  readonly judged?: readonly JudgedEntry[] | undefined;
  /** The photo's file was written since, so no heat is laid over it. */
  readonly changed?: boolean | undefined;
}

interface FailedPhoto {
  readonly photo: string;
  readonly error: { readonly code: string; readonly message: string };
}

export type PhotoEntry = ExplainedPhoto | FailedPhoto;

/** `photos-<n>`: a part of the photos, in the order of the manifest. */
export type PhotosFile = readonly PhotoEntry[];

/**
 * `maps-<n>`: for each photo of a part, its maps as base64 of float32, little-endian, row by row. After them, in the order of maps and
 * measures, the curves: the map's own, that of chance and that of the centre, one after the other.
 */
export type MapsFile = readonly (readonly string[])[];

/** The mean, cell by cell, of a class's maps on one grid. */
export interface MeanMap {
  readonly class: number;
  /** Number of maps in the mean. `others`: number of the class's maps on other grids. */
  readonly photos: number;
  readonly others: number;
  readonly grid: readonly [number, number];
  /** As in `MapsFile`. */
  readonly map: string;
}

/** `means`: one for each class that has a map. */
export type MeansFile = readonly MeanMap[];

/** What a class's metrics came to. Its interval may be missing, and the centre's value. */
export interface ClassEntry {
  readonly class: number;
  readonly metrics: Readonly<
    Record<string, readonly [value: number, n: number, ci95: Interval | null, centre?: number]>
  >;
}

/** `classes-<n>`: a part of the classes of an evaluation. */
export type ClassesFile = readonly ClassEntry[];

/** A metric by its name. */
export interface NamedMetric extends MetricResult {
  readonly name: string;
}

/** What the run was evaluated to. */
export interface ReportEvaluation
  extends Pick<Evaluation, 'truth' | 'profile' | 'threshold' | 'photos' | 'unreadable' | 'remarks'> {
  readonly metrics: readonly NamedMetric[];
  /** Number of `classes-<n>` files. */
  readonly classFiles: number;
  /** Number of lines of evaluation.jsonl that cannot be read, or are of no photo. */
  readonly lost: number;
}

/** The run as a whole. */
export interface ReportRun extends Omit<RunSettings, 'labels' | 'wordnetIds'> {
  /** Path of the folder of the data files, from the page. */
  readonly data: string;
  /** When the report was made, ISO 8601. */
  readonly made: string;
  readonly explained: number;
  readonly failed: number;
  /** Files that were passed over, as their format is not read. They are not among the photos. */
  readonly unread: number;
  /** Number of lines of the manifest that cannot be read. */
  readonly torn: number;
  /** Mean time of a photo, with all its work. 0 where none was explained. */
  readonly meanMilliseconds: number;
  /** Number of `photos-<n>` files. */
  readonly photoFiles: number;
  /** Index of the first photo in each `maps-<n>` file. */
  readonly mapFiles: readonly number[];
  /** Largest number of maps of a photo. */
  readonly ranks: number;
  /** The largest value of all maps, in logits, or 0 where none is above 0. */
  readonly largest: number;
  /** A word: there is one that is not shown, as the run went on since, or as its files are damaged. Undefined: there is none. */
  readonly evaluation?: ReportEvaluation | 'stale' | 'damaged' | undefined;
  /** Whether the photos' folders name their classes. */
  readonly folders: FolderClasses;
}
