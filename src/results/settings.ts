import { isDeepStrictEqual } from 'node:util';
import { reasonOf, UsageError } from '../errors.js';
import type { ModelDescription } from '../model/describe.js';
import { areImagenetIds } from '../model/labels/imagenet.js';
import { weightsWords } from '../model/weights-digest.js';
import type { ExplainOptions } from '../options/explain.js';
import { statedFrom } from '../stores/places.js';
import { bytesOf, type Store } from '../stores/store.js';
import { version } from '../version.js';
import { parseJson } from './json.js';
import { faultOf } from './settings-schema.js';
import { valueWords } from './value-words.js';

export const SETTINGS = 'run.json';

// Labels of 20,000 classes are a megabyte.
const LARGEST = 16 * 2 ** 20;

/** One of `count` parts of all photos, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What all photos of a run share. Written as run.json, in the manifest's folder. */
export interface RunSettings {
  readonly version: string;
  /** `weights` is also missing in runs of earlier versions. */
  readonly model: Pick<ModelDescription, 'name' | 'sha256' | 'weights'>;
  readonly head: ModelDescription['head'];
  /** Where the labels came from, with a digest of them. */
  readonly labels: string;
  /** Each class's label, in the order of the classes. */
  readonly classes: readonly string[];
  /** Each class's WordNet id. Undefined: they have none, or those that ImageNet's 1000 classes have. */
  readonly wordnetIds?: readonly string[] | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Common folder of the photos, as a path from the output folder; as an absolute one, where the output lies in a bucket. */
  readonly photos: string;
  /** The part of the photos that the run explains, such as 3/16. Undefined: all. */
  readonly shard?: string;
  /** Marks of the tars that are the run's own. Undefined: its pictures are files. */
  readonly packs?: readonly string[] | undefined;
  /** Whether the run reached its last photo. Some may have failed. */
  readonly complete?: boolean;
}

/** Everything that decides a run's results. */
export interface RunIdentity {
  readonly model: ModelDescription;
  /** Each class's label, in the order of the classes. */
  readonly classes: readonly string[];
  /** Each class's WordNet id. Undefined: they have none. */
  readonly wordnetIds?: readonly string[] | undefined;
  readonly options: ExplainOptions;
  /** What tells a truth from another, and the file that maps its classes. Undefined: none is given. */
  readonly truth?: { readonly truth: string; readonly mapClasses?: string | undefined } | undefined;
  /** Which photos are measured, in words. Undefined: all, if any. */
  readonly measureSample?: string | undefined;
  /** Absolute path of the photos' common folder. */
  readonly folder: string;
  /** Place of the store for the results. */
  readonly output: string;
  readonly shard: Shard | undefined;
  /** Whether pictures are packed in tars. */
  readonly pack: boolean;
}

/** What run.json says of a run that has not reached its last photo. */
export const settingsOf = ({
  model,
  classes,
  wordnetIds,
  options,
  truth,
  measureSample,
  folder,
  output,
  shard,
  pack,
}: RunIdentity): RunSettings => ({
  version,
  model: { name: model.name, sha256: model.sha256, weights: model.weights },
  head: model.head,
  labels: model.labels.origin,
  classes,
  ...(wordnetIds !== undefined && !areImagenetIds(wordnetIds) && { wordnetIds }),
  input: { ...model.input },
  options: {
    ...options,
    format: options.format ?? 'as the photo',
    measureSample,
    ...truth,
    ...(pack && { pack }),
  },
  photos: statedFrom(output, folder),
  ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` }),
});

/** The error for a run.json that cannot be used. */
const damaged = (store: Store, reason: string, cause?: unknown): UsageError => {
  const file = store.pathOf(SETTINGS) ?? `${store.place}/${SETTINGS}`;
  const message = `${file} is no longer readable (${reason}); name another folder, or move it away.`;
  return new UsageError('damaged-run', message, cause);
};

/**
 * Reads run.json.
 * @returns undefined where there is none.
 * @throws UsageError `damaged-run` where it is not what a run writes.
 */
export const readSettings = async (store: Store): Promise<RunSettings | undefined> => {
  if (!(await store.has(SETTINGS))) return undefined;
  const size = await store.sizeOf(SETTINGS);
  if (size === undefined) throw damaged(store, 'it is no regular file');
  if (size > LARGEST) throw damaged(store, `it is larger than ${LARGEST / 2 ** 20} MiB`);
  try {
    const settings = parseJson((await bytesOf(store, SETTINGS)).toString());
    const fault = faultOf(settings);
    if (fault !== undefined) throw new Error(fault);
    return settings as RunSettings;
  } catch (error) {
    throw damaged(store, reasonOf(error), error);
  }
};

/** Options in which files are told by a digest, with the earlier words where the digest is the same: a file may be called otherwise. */
const withSameFiles = (before: RunSettings['options'], now: RunSettings['options']): RunSettings['options'] => {
  const isSame = (name: string) => {
    const [old, wanted] = [before[name], now[name]];
    return typeof old === 'string' && typeof wanted === 'string' && digestOf(old) === digestOf(wanted);
  };
  return Object.fromEntries(Object.entries(now).map(([name, value]) => [name, isSame(name) ? before[name] : value]));
};

/** Of the labels' words, the digest at their end. The same names from another place are the same labels. */
const digestOf = (labels: string): string => /\([0-9a-f]{8}\)$/.exec(labels)?.[0] ?? labels;

// Of an input, what is said of it: where its values come from does not change what is fed. `fixed` are sizes that the model
// itself takes, which its digest stands for.
const SAID: ReadonlySet<string> = new Set(['origins', 'warnings', 'fixed']);

/** Where one of the runs does not state its weights, they count as equal: the model's file is the same. */
const weightsDiffer = ({ weights: before }: RunSettings['model'], { weights: now }: RunSettings['model']): boolean =>
  before !== undefined && now !== undefined && before.sha256 !== now.sha256;

/** Values of an input that earlier versions did not have, as they then were; and options. */
const addedInput: RunSettings['input'] = { alpha: 'white', align: 'center' };
const addedOptions: RunSettings['options'] = {
  acceptDamaged: false,
  cropBoxes: false,
  margin: 0,
  measure: [],
  pack: false,
};

/** The differences between two runs' settings, in words. Empty where `now` may resume `before`. */
export const differences = (before: RunSettings, now: RunSettings): string[] => {
  const differ: string[] = [];
  const compare = (name: string, old: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(old, wanted)) differ.push(`${name}: was ${valueWords(old)}, now ${valueWords(wanted)}`);
  };
  const compareAll = (old: RunSettings['input'], wanted: RunSettings['input'], added: RunSettings['input']) => {
    for (const name of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
      if (!SAID.has(name)) compare(name, old[name] ?? added[name], wanted[name] ?? added[name]);
    }
  };
  if (before.model.sha256 !== now.model.sha256) {
    const [old, wanted] = [before.model, now.model];
    differ.push(
      old.name === wanted.name ? `another file of model ${old.name}` : `model: was ${old.name}, now ${wanted.name}`,
    );
  } else {
    if (weightsDiffer(before.model, now.model)) {
      const files = weightsWords(now.model.weights?.files ?? []);
      differ.push(`other weights of model ${now.model.name} (those in ${files} beside the model)`);
    }
    compare('output', before.head.output, now.head.output);
    // Earlier versions also made maps that do not sum to their logits.
    if (before.head.kind !== 'exact' && before.head.kind !== 'frozen') {
      differ.push(
        `kind of maps: was ${valueWords(before.head.kind)} by gapcam ${before.version}, now ${now.head.kind}`,
      );
    }
    if (digestOf(before.labels) !== digestOf(now.labels)) compare('labels', before.labels, now.labels);
    if (before.head.scoring !== undefined) compare('scores by', before.head.scoring, now.head.scoring);
    compare('units', before.head.units ?? 'none', now.head.units ?? 'none');
    compareAll(before.input, JSON.parse(JSON.stringify(now.input)), addedInput);
  }
  compareAll(before.options, withSameFiles(before.options, now.options), addedOptions);
  compare('folder of the photos', before.photos, now.photos);
  compare('shard', before.shard ?? 'none', now.shard ?? 'none');
  return differ;
};

/**
 * @returns true where the store holds a run with the same settings, false where it holds none.
 * @throws UsageError `other-run`.
 */
export const continuesRun = async (store: Store, now: RunSettings): Promise<boolean> => {
  const before = await readSettings(store);
  if (before === undefined) return false;
  const differ = differences(before, now);
  if (differ.length === 0) return true;
  throw new UsageError(
    'other-run',
    `${store.place} holds a run of other settings (${differ.join('; ')}); choose another --output, or --overwrite to replace it.`,
  );
};

/** Writes run.json. */
export const writeSettings = (store: Store, settings: RunSettings): Promise<void> =>
  store.put(SETTINGS, `${JSON.stringify(settings, undefined, 2)}\n`);
