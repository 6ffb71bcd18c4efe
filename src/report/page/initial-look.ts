import { type Scale, scaleNames } from '../../cam/scale.js';
import { type Interpolation, kernels } from '../../cam/upsample.js';
import { type ColormapName, colormaps } from '../../render/colormaps/index.js';
import type { ReportRun } from '../data.js';
import { everything, type State } from './state.js';

const isScale = (value: unknown): value is Scale =>
  typeof value === 'number' || scaleNames.some((name) => name === value);

const isColormap = (value: unknown): value is ColormapName => typeof value === 'string' && value in colormaps;

const isInterpolation = (value: unknown): value is Interpolation => typeof value === 'string' && value in kernels;

/** How the page starts: as the run's pictures look. A run that made no choice has the command's. */
export const initialState = ({ options, failed, explained }: ReportRun): State => ({
  look: {
    shown: { by: 'rank', rank: 0 },
    colormap: isColormap(options.colormap) ? options.colormap : 'turbo',
    scale: isScale(options.scale) ? options.scale : 'map',
    interpolation: isInterpolation(options.interpolation) ? options.interpolation : 'bicubic',
    fade: options.fade === true,
  },
  opacity: typeof options.opacity === 'number' ? options.opacity : 0.5,
  filter: everything,
  order: 'name',
  descending: false,
  view: failed > 0 && explained === 0 ? 'run' : 'photos',
});
