import { UsageError } from '../../errors.js';
import { usableLine } from '../../results/latest.js';
import { isError, isUnread, type PhotoLine } from '../../results/line.js';
import type { KnownEntry } from '../../truth/entry.js';
import { placed } from '../../truth/place.js';
import type { JudgedPhoto } from '../judged.js';
import { profiles } from '../profiles/index.js';
import type { Wanted } from '../profiles/profile.js';
import { judger } from './judge.js';

/** What a process is told once, to judge a run's photos. */
export interface JudgeSetup {
  readonly profile: keyof typeof profiles;
  readonly wanted: Wanted;
  /** Share of a map's largest value at which its box ends. */
  readonly threshold: number;
  /** Number of the network's classes. */
  readonly classes: number;
}

/** A line of the manifest, with what the truth says of its photo. Undefined: nothing. */
export interface JudgeTask {
  readonly text: string;
  readonly entry: KnownEntry | undefined;
}

/** `unreadable`: the line is damaged. `passed-over`: the file is no photo that is read. */
export type Judgement = JudgedPhoto | 'unreadable' | 'passed-over';

/** Photo pixels by which cells may miss the photo's border and still cover all of it. */
const BORDER = 0.5;

/** @throws UsageError `cropped`: the network saw a part of the photo, or more than it. */
const requireWhole = ({ photo, width, height, field, seen }: PhotoLine): void => {
  const isWhole = ([x, y, w, h]: readonly number[]) =>
    [x, y, w - width, h - height].every((value) => Math.abs(value) <= BORDER);
  if (isWhole(field) && isWhole(seen)) return;
  const [x, y, w, h] = field.map(Math.round);
  const message = `Cells cover ${w} x ${h} pixels at ${x}, ${y} of ${photo}, which has ${width} x ${height}, and wsolevaluation's maps cover whole photos; leave out --profile wsol, or explain the photos with --resize to the input's size and --crop none.`;
  throw new UsageError('cropped', message);
};

/**
 * Prepares to judge lines of a manifest.
 * @throws UsageError as `placed` of the truth; `cropped`.
 */
export const textJudger = ({
  profile: name,
  wanted,
  threshold,
  classes,
}: JudgeSetup): ((task: JudgeTask) => Promise<Judgement>) => {
  const profile = profiles[name];
  const judge = judger(profile, wanted, threshold, classes);
  return async ({ text, entry }) => {
    const line = usableLine(text, classes);
    if (line === undefined) return 'unreadable';
    const { photo } = line;
    if (isUnread(line)) return 'passed-over';
    if (isError(line)) return { photo, leftOut: 'failed', classes: [] };
    if (entry === undefined) return { photo, leftOut: 'no-truth', classes: [] };
    if (profile.whole) requireWhole(line);
    return judge(line, await placed(entry, line));
  };
};
