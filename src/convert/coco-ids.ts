import { quoted, UsageError } from '../errors.js';
import { wordnetIdsOf } from '../model/labels/imagenet.js';
import { pathOfPhoto } from '../results/photo-name.js';
import { readClassMap } from '../truth/class-map.js';
import type { CocoCategory, CocoDataSet, CocoImage } from '../truth/coco/data-set.js';
import { otherFoldersWords, photosWords } from '../truth/words.js';
import type { ConvertOptions, FoundPhoto, FoundRun } from './format.js';
import { classNames } from './names.js';
import { frameOf, type Pixels } from './orientation.js';
import { categoryFinder, imageFinder } from './truth.js';

/** What COCO's files call photos and classes. */
export interface CocoIds {
  /** By the photo's name in the results. Undefined: it is left out. */
  readonly imageOf: (photo: string) => { readonly id: number; readonly file_name: string } | undefined;
  /** By the class's index. */
  readonly categoryOf: (index: number) => number;
  readonly categories: readonly CocoCategory[];
  readonly pixels: Pixels;
  /** In words, where the ids are from. */
  readonly origin: string;
}

/** The pixels that boxes lie in where nothing says it. */
const USUAL: Pixels = 'stored';

/** Ids of our own: the same photos have the same ids in each run of them. */
const ownIds = async ({ settings, photos }: FoundRun, pixels: Pixels): Promise<CocoIds> => {
  const names: string[] = [];
  for await (const { line } of photos()) names.push(line.photo);
  const ids = new Map(names.sort().map((name, i) => [name, i + 1]));
  return {
    imageOf: (photo) => {
      const id = ids.get(photo);
      return id === undefined ? undefined : { id, file_name: pathOfPhoto(photo) };
    },
    categoryOf: (index) => index + 1,
    categories: classNames(settings.classes).map((name, i) => ({ id: i + 1, name, supercategory: '' })),
    pixels,
    origin:
      "The id of a category is the class's index + 1; that of an image is the place of its name among all, in order.",
  };
};

/** Tells from the images' sizes whether a data set's boxes lie in stored or in upright pixels. */
const pixelJudge = ({ place }: CocoDataSet) => {
  const seen: { stored?: string; upright?: string } = {};
  return {
    /** @throws UsageError `other-photo` where the image has the size of neither. */
    look: ({ line, orientation }: FoundPhoto, { width, height }: CocoImage): void => {
      if (typeof width !== 'number' || typeof height !== 'number') return;
      const fits = (pixels: Pixels) => {
        const { size } = frameOf(line, orientation, pixels);
        return size.width === width && size.height === height;
      };
      const [stored, upright] = [fits('stored'), fits('upright')];
      if (!stored && !upright) {
        const message = `${quoted(line.photo)} has ${line.width} x ${line.height} pixels, and ${width} x ${height} in ${place}; give --truth the data set of these photos.`;
        throw new UsageError('other-photo', message);
      }
      if (!upright) seen.stored ??= line.photo;
      if (!stored) seen.upright ??= line.photo;
    },
    /** @throws UsageError `mixed-pixels`. */
    found: (): Pixels | undefined => {
      if (seen.stored === undefined && seen.upright === undefined) return undefined;
      if (seen.stored === undefined) return 'upright';
      if (seen.upright === undefined) return 'stored';
      const message = `${place} has ${quoted(seen.stored)} as it is stored, and ${quoted(seen.upright)} as EXIF turns it; choose with --pixels.`;
      throw new UsageError('mixed-pixels', message);
    },
  };
};

/** Ids of a data set that results are to be held against. */
const idsOfTruth = async (
  { settings, photos }: FoundRun,
  truth: CocoDataSet,
  { pixels: wanted, mapClasses }: Pick<ConvertOptions, 'pixels' | 'mapClasses'>,
  note: (sentence: string) => void,
): Promise<CocoIds> => {
  const [find, judge] = [imageFinder(truth), pixelJudge(truth)];
  const images = new Map<string, CocoImage>();
  const classes = new Set<number>();
  const missing: string[] = [];
  const elsewhere: (readonly [photo: string, theirs: string])[] = [];
  for await (const photo of photos()) {
    const { line } = photo;
    const found = await find(pathOfPhoto(line.photo));
    if (found === undefined) missing.push(line.photo);
    else {
      const { image, likeness } = found;
      judge.look(photo, image);
      images.set(line.photo, image);
      if (likeness === 'name') elsewhere.push([line.photo, image.file_name]);
      for (const { class: index } of line.maps) classes.add(index);
    }
  }
  const { classes: labels, wordnetIds } = settings;
  const known = { labels, wordnetIds: wordnetIdsOf({ labels, wordnetIds }) };
  const mapped = mapClasses === undefined ? undefined : readClassMap(mapClasses, known).indices;
  const categoryOf = categoryFinder(truth, mapped);
  const categories = new Map([...classes].map((index) => [index, categoryOf(index, settings.classes[index]).id]));
  const pixels = wanted ?? judge.found() ?? USUAL;
  if (missing.length > 0) {
    note(`${photosWords(missing.length, missing[0])} not in ${truth.place}, and left out.`);
  }
  const [first] = elsewhere;
  if (first !== undefined) note(otherFoldersWords(truth.place, elsewhere.length, first[0], first[1]));
  return {
    imageOf: (photo) => images.get(photo),
    categoryOf: (index) => categories.get(index) ?? 0,
    categories: truth.categories,
    pixels,
    origin: 'The ids of images and categories are those of the data set that was given as truth.',
  };
};

/** @throws UsageError for what cannot be matched without doubt; see `imageFinder`, `categoryFinder`. */
export const cocoIds = (
  run: FoundRun,
  { truth, ...options }: Pick<ConvertOptions, 'truth' | 'pixels' | 'mapClasses'>,
  note: (sentence: string) => void,
): Promise<CocoIds> =>
  truth === undefined ? ownIds(run, options.pixels ?? USUAL) : idsOfTruth(run, truth, options, note);
