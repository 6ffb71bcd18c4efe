import { type BoxRule, parseRule } from '../../localise/rule.js';
import { type Scale, scaleNames } from '../../maps/scale.js';
import { type Interpolation, kernels } from '../../maps/upsample.js';
import { type ColormapName, colormaps } from '../../render/colormaps/index.js';
import type { ReportRun } from '../data.js';
import { anyCase } from '../truth-cases.js';
import { explained, type Report } from './data.js';
import { everything, type Shown, type State } from './state.js';

const isScale = (value: unknown): value is Scale =>
  (typeof value === 'number' && Number.isFinite(value) && value > 0) || scaleNames.some((name) => name === value);

const isColormap = (value: unknown): value is ColormapName =>
  typeof value === 'string' && Object.hasOwn(colormaps, value);

const isInterpolation = (value: unknown): value is Interpolation =>
  typeof value === 'string' && Object.hasOwn(kernels, value);

/** The best class; where classes were asked for, which are the same in all photos, the first of them. */
const initiallyShown = ({ run, photos }: Report): Shown => {
  const [first] = photos.map((entry) => explained(entry)?.maps[0]).filter((map) => map !== undefined);
  return asksForClasses(run) && first ? { by: 'class', class: first.class } : { by: 'rank', rank: 0 };
};

/** Whether the run has the same classes of every photo, instead of each photo's best. Numbers that are no scores have no best. */
export const asksForClasses = ({ options, head }: ReportRun): boolean =>
  head.scoring === 'none' || (Array.isArray(options.classes) && options.classes.length > 0);

/** The rule by which the run drew boxes. Undefined: it drew none, or another program wrote something else there. */
const initialBoxes = ({ options: { boxes } }: ReportRun): BoxRule | undefined => {
  if (boxes === undefined) return undefined;
  try {
    return parseRule('boxes', boxes);
  } catch {
    return undefined;
  }
};

/** How the page starts: as the run's pictures look. A run that made no choice has the command's. */
export const initialState = (report: Report): State => {
  const { options } = report.run;
  return {
    look: {
      shown: initiallyShown(report),
      colormap: isColormap(options.colormap) ? options.colormap : 'turbo',
      scale: isScale(options.scale) ? options.scale : 'map',
      interpolation: isInterpolation(options.interpolation) ? options.interpolation : 'bicubic',
      fade: options.fade === true,
      boxes: initialBoxes(report.run),
    },
    opacity: typeof options.opacity === 'number' ? Math.min(1, Math.max(0, options.opacity)) : 0.6,
    filter: everything,
    order: 'name',
    descending: false,
    view: 'photos',
    truth: { ...anyCase, part: 'numbers', order: 'iou', descending: false },
  };
};
