import { isOfWhole } from '../../convert/formats/wsol.js';
import { UsageError } from '../../errors.js';
import { extentOf } from '../../localise/plane.js';
import { usableLine } from '../../results/latest.js';
import { isError, isUnread, type PhotoLine } from '../../results/line.js';
import type { KnownEntry } from '../../truth/entry.js';
import { placed } from '../../truth/place.js';
import type { PhotoTruth } from '../../truth/truth.js';
import type { JudgedPhoto } from '../judged.js';
import { profiles } from '../profiles/index.js';
import type { Profile, Wanted } from '../profiles/profile.js';
import { judger, measuredOf } from './judge.js';
import { recordedTruth } from './recorded.js';

/** What a process is told once, to judge a run's photos. */
export interface JudgeSetup {
  readonly profile: keyof typeof profiles;
  readonly wanted: Wanted;
  /** Share of a map's largest value at which its box ends. */
  readonly threshold: number;
  /** Number of the network's classes. */
  readonly classes: number;
  /** Whether the truth is what the lines themselves note. */
  readonly recorded: boolean;
}

/** A line of the manifest, with what the truth says of its photo. Undefined: nothing. */
export interface JudgeTask {
  readonly text: string;
  readonly entry: KnownEntry | undefined;
  /** Why the truth cannot say anything of the photo. */
  readonly fault?: string | undefined;
}

/** `unreadable`: the line is damaged. `passed-over`: the file is no photo that is read. */
export type Judgement = JudgedPhoto | 'unreadable' | 'passed-over';

/** @throws UsageError `cropped`: the network saw a part of the photo, or more than it. */
const requireWhole = (line: PhotoLine): void => {
  const { photo, width, height, field } = line;
  if (isOfWhole(extentOf(line))) return;
  const [x, y, w, h] = field.map(Math.round);
  const message = `Cells cover ${w} x ${h} pixels at ${x}, ${y} of ${photo}, which has ${width} x ${height}, and wsolevaluation's maps cover whole photos; leave out --profile wsol, or explain the photos with --resize to the input's size and --crop none.`;
  throw new UsageError('cropped', message);
};

/** What is true of a photo. Undefined: nothing is known. @throws UsageError `bad-truth`. */
const truthOf = async (
  line: PhotoLine,
  { entry }: JudgeTask,
  { recorded }: JudgeSetup,
): Promise<PhotoTruth | undefined> => {
  if (recorded) return line.truth ? recordedTruth(line.truth, line) : undefined;
  return entry && placed(entry, line);
};

/**
 * Prepares to judge lines of a manifest. Where the truth of a photo is damaged, or is that of another, the photo is left out.
 * @throws UsageError `cropped`.
 */
export const textJudger = (setup: JudgeSetup): ((task: JudgeTask) => Promise<Judgement>) => {
  const profile: Profile = profiles[setup.profile];
  const judge = judger(profile, setup.wanted, setup.threshold, setup.classes);
  return async (task) => {
    const line = usableLine(task.text, setup.classes);
    if (line === undefined) return 'unreadable';
    const { photo } = line;
    if (isUnread(line)) return 'passed-over';
    if (isError(line)) return { photo, leftOut: 'failed', classes: [] };
    if (profile.whole) requireWhole(line);
    try {
      if (task.fault !== undefined) throw new UsageError('bad-truth', task.fault);
      const truth = await truthOf(line, task, setup);
      // What was measured asks for no truth.
      return truth === undefined
        ? { photo, leftOut: 'no-truth', classes: [], ...measuredOf(line) }
        : {
            ...judge(line, truth),
            entry: setup.recorded ? line.truth?.entry : task.entry?.name,
            // Last, since masks are read as they are judged.
            reach: truth.reach?.(),
          };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { photo, leftOut: 'bad-truth', message: error.message, classes: [], ...measuredOf(line) };
    }
  };
};
