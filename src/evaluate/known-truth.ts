import { basename, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { RunSettings } from '../results/settings.js';
import { placeFrom } from '../stores/places.js';
import type { KnownEntry } from '../truth/entry.js';
import { type OpenedTruth, openTruth } from '../truth/index.js';
import { noneFound, remarksOf } from '../truth/remarks.js';

/** What a run is held against: a truth that was opened, or what the run itself noted of one. */
export interface KnownTruth {
  /** Whether the run's own lines say what is true. */
  readonly recorded: boolean;
  /** What it is, for evaluation.json. */
  readonly identity: OpenedTruth['identity'];
  /** As in `OpenedTruth`. Undefined, too, where the run did not note it. */
  readonly boxNumbers: string | undefined;
  /** Is told of each photo before any is asked for, so that no entry is taken for two of them. */
  readonly meet: (photo: string) => void;
  /** @throws UsageError `ambiguous-photo`, `bad-truth`. */
  readonly entryOf: (photo: string) => Promise<KnownEntry | undefined>;
  /**
   * @param isAnyKnown whether anything is known of any of the photos. @throws UsageError `no-truth` where none of those looked up
   * has an entry.
   */
  readonly requireSome: (isAnyKnown: boolean) => void;
  /** Sentences about what did not match, once all photos were looked up. */
  readonly remarks: () => readonly string[];
}

/** What the run noted. @param place of its folder. @throws UsageError `no-truth`. */
const recordedIn = ({ options }: RunSettings, place: string): KnownTruth => {
  const { truth, mapClasses } = options;
  if (typeof truth !== 'string') {
    const message = `The run in ${place} had no --truth, so it notes nothing of what is true of its photos; give evaluate a --truth.`;
    throw new UsageError('no-truth', message);
  }
  return {
    recorded: true,
    identity: { truth, ...(typeof mapClasses === 'string' && { mapClasses }) },
    boxNumbers: undefined,
    meet: () => {},
    entryOf: async () => undefined,
    requireSome: (isAnyKnown) => {
      if (isAnyKnown) return;
      const message = `The run in ${place} notes nothing of what is true of its photos, for which its --truth, ${truth}, had no entry; give evaluate a --truth that has.`;
      throw new UsageError('no-truth', message);
    },
    remarks: () => [],
  };
};

/**
 * Opens a truth for a run.
 * @param truth as a person named it. Undefined: what the run noted. @param place of the run's folder.
 * @throws UsageError `no-truth`; UsageError, ModelError as `openTruth`.
 */
export const knownTruth = async (
  truth: string | undefined,
  mapClasses: string | undefined,
  settings: RunSettings,
  place: string,
): Promise<KnownTruth> => {
  if (truth === undefined) {
    if (mapClasses === undefined) return recordedIn(settings, place);
    throw new UsageError('usage', '--map-classes says what names of a --truth mean; give that too.');
  }
  const { classes, wordnetIds, photos } = settings;
  const known = { labels: classes, wordnetIds };
  const opened = await openTruth(truth, known, { mapClasses, folder: placeFrom(place, photos) });
  return {
    recorded: false,
    identity: opened.identity,
    boxNumbers: opened.boxNumbers,
    meet: opened.meet,
    entryOf: opened.entryOf,
    requireSome: () => {
      const none = noneFound(opened);
      if (none !== undefined) throw none;
    },
    // They are written down, and whoever is sent them needs no path of this machine.
    remarks: () =>
      remarksOf({ ...opened, place: opened.place === truth ? basename(resolve(truth)) : opened.place }, true),
  };
};
