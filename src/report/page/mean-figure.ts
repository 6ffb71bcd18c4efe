import type { ClassMap } from '../../maps/class-map.js';
import { verdictRemark, withUnit } from '../../maps/remarks.js';
import { summarize, verdictOf } from '../../maps/residual.js';
import { rangesOf } from '../../maps/scale.js';
import type { MeanMap } from '../data.js';
import { decodeCells } from './data.js';
import { element } from './dom.js';
import { drawHeat } from './heat.js';
import { rangeWords } from './scale-words.js';
import type { Look } from './state.js';
import { counted, measured } from './words.js';

/** Longer side in pixels. */
const MEAN_EDGE = 112;

/** The mean map alone, over no photo that could shine through; no picture where it has nothing to show. */
export const meanFigure = (mean: MeanMap, look: Look, unit: string): HTMLElement => {
  const [rows, columns] = mean.grid;
  const map: ClassMap = { rows, columns, data: decodeCells(mean.map) };
  const summary = summarize(map);
  const scale = look.scale === 'image' ? 'map' : look.scale;
  const verdict = verdictOf(summary);
  const [range] = rangesOf(scale, [{ ...summary, verdict }]);
  const others = mean.others > 0 ? `; ${counted(mean.others, 'other')} on other grids left out` : '';
  const remark = verdictRemark({ verdict, range });
  const caption = element(
    'figcaption',
    {},
    remark === '' ? '' : element('p', { className: 'mark' }, remark),
    `Mean of ${counted(mean.photos, 'map')}${others}: ${rangeWords(range, scale, unit)}`,
  );
  if (range === null) return element('figure', { className: 'mean' }, caption);
  const ratio = MEAN_EDGE / Math.max(rows, columns);
  const canvas = element('canvas', {
    width: Math.max(1, Math.round(columns * ratio)),
    height: Math.max(1, Math.round(rows * ratio)),
    role: 'img',
    ariaLabel: `Mean map, ${withUnit(`${measured(summary.min, unit)} to ${measured(summary.max, unit)}`, unit)}`,
  });
  const box = { x: 0, y: 0, width: columns, height: rows };
  drawHeat(canvas, map, { field: box, seen: box }, range, { ...look, scale, fade: false });
  return element('figure', { className: 'mean' }, canvas, caption);
};
