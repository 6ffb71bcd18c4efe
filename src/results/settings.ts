import { relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { reasonOf, UsageError } from '../errors.js';
import type { ModelDescription } from '../model/describe.js';
import { weightsWords } from '../model/weights-digest.js';
import type { ExplainOptions } from '../options/explain.js';
import { bytesOf, type Store } from '../stores/store.js';
import { version } from '../version.js';

export const SETTINGS = 'run.json';

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
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Common folder of the photos, as a path from the output folder. */
  readonly photos: string;
  /** The part of the photos that the run explains, such as 3/16. Undefined: all. */
  readonly shard?: string;
  /** Whether the run reached its last photo. Some may have failed. */
  readonly complete?: boolean;
}

/** Everything that decides a run's results. */
export interface RunIdentity {
  readonly model: ModelDescription;
  /** Each class's label, in the order of the classes. */
  readonly classes: readonly string[];
  readonly options: ExplainOptions;
  /** Absolute path of the photos' common folder. */
  readonly folder: string;
  /** Absolute path of the output folder. */
  readonly output: string;
  readonly shard: Shard | undefined;
}

export const settingsOf = ({ model, classes, options, folder, output, shard }: RunIdentity): RunSettings => ({
  version,
  model: { name: model.name, sha256: model.sha256, weights: model.weights },
  head: model.head,
  labels: model.labels.origin,
  classes,
  input: { ...model.input },
  options: { ...options, format: options.format ?? 'as the photo' },
  photos: relative(output, folder).split(sep).join('/') || '.',
  ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` }),
});

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that run.json must hold for a run to be resumed. */
const parts: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: isRecord,
  head: isRecord,
  classes: Array.isArray,
  input: isRecord,
  options: isRecord,
  photos: (value) => typeof value === 'string',
};

/**
 * Reads run.json.
 * @returns undefined where there is none.
 * @throws UsageError `damaged-run`.
 */
export const readSettings = async (store: Store): Promise<RunSettings | undefined> => {
  if (!(await store.has(SETTINGS))) return undefined;
  try {
    const settings: unknown = JSON.parse((await bytesOf(store, SETTINGS)).toString());
    const found = typeof settings === 'object' && settings !== null ? settings : {};
    const missing = Object.entries(parts).find(([part, isRight]) => !isRight((found as Record<string, unknown>)[part]));
    if (missing === undefined) return found as RunSettings;
    throw new Error(`it holds no ${missing[0]}`);
  } catch (error) {
    const file = store.pathOf(SETTINGS) ?? `${store.place}/${SETTINGS}`;
    const message = `${file} is no longer readable (${reasonOf(error)}); choose another --output, or --overwrite.`;
    throw new UsageError('damaged-run', message, error);
  }
};

const asText = (value: unknown): string =>
  Array.isArray(value) && value.length === 0 ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** Where one of the runs does not state its weights, they count as equal: the model's file is the same. */
const weightsDiffer = ({ weights: before }: RunSettings['model'], { weights: now }: RunSettings['model']): boolean =>
  before !== undefined && now !== undefined && before.sha256 !== now.sha256;

/** The differences between two runs' settings, in words. Empty where `now` may resume `before`. */
export const differences = (before: RunSettings, now: RunSettings): string[] => {
  const differ: string[] = [];
  const compare = (name: string, old: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(old, wanted)) differ.push(`${name} ${asText(old)}, not ${asText(wanted)}`);
  };
  if (before.model.sha256 !== now.model.sha256) {
    const [old, wanted] = [before.model, now.model];
    differ.push(
      old.name === wanted.name ? `an earlier file of model ${old.name}` : `model ${old.name}, not ${wanted.name}`,
    );
  } else {
    if (weightsDiffer(before.model, now.model)) {
      const files = weightsWords(now.model.weights?.files ?? []);
      differ.push(
        `earlier weights of model ${now.model.name} (the weights in ${files} beside the model have changed since), not the same`,
      );
    }
    compare('output', before.head.output, now.head.output);
    // Earlier versions also made maps that do not sum to their logits.
    if (before.head.kind !== 'exact' && before.head.kind !== 'frozen') {
      differ.push(`maps of kind ${asText(before.head.kind)} by gapcam ${before.version}, not ${now.head.kind} ones`);
    }
    compare('labels from', before.labels, now.labels);
    compare('input', before.input, JSON.parse(JSON.stringify(now.input)));
  }
  for (const name of new Set([...Object.keys(before.options), ...Object.keys(now.options)])) {
    compare(name, before.options[name], now.options[name]);
  }
  compare('photos from', before.photos, now.photos);
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
    `${store.place} holds a run with ${differ.join('; ')}. Choose another --output, or --overwrite to replace it.`,
  );
};

/** Writes run.json. */
export const writeSettings = (store: Store, settings: RunSettings): Promise<void> =>
  store.put(SETTINGS, `${JSON.stringify(settings, undefined, 2)}\n`);
