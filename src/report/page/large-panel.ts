import type { Size } from '../../maps/box.js';
import { percent } from '../../maps/remarks.js';
import { type LogitRange, rangesOf } from '../../maps/scale.js';
import type { ExplainedPhoto } from '../data.js';
import { drawBar } from './colour-bar.js';
import type { Report } from './data.js';
import { definitions, element } from './dom.js';
import { boxOf, cellAt, drawnAt } from './heat.js';
import { photoFigure, seenStyle } from './photo-figure.js';
import { rangeWords } from './scale-words.js';
import type { Look } from './state.js';
import { className, inSight, logits, notLoaded, warningsOf } from './words.js';

/** One class's map of the photo, large, with all that is known of it. */
export interface Panel {
  readonly element: HTMLElement;
  readonly draw: (look: Look) => void;
  /** Says the value at a point, in shares of the photo's width and height; undefined: at none. */
  readonly point: (at: readonly [number, number] | undefined) => void;
}

/** The cells as numbers, for whoever cannot point at them. */
const cellTable = ([rows, columns]: readonly [number, number], cells: Float32Array): HTMLElement =>
  element(
    'div',
    { className: 'table-box', tabIndex: 0, role: 'region', ariaLabel: 'Values of the cells, in logits' },
    element(
      'table',
      {},
      ...Array.from({ length: rows }, (_, row) =>
        element(
          'tr',
          {},
          ...Array.from({ length: columns }, (_, column) => element('td', {}, logits(cells[row * columns + column]))),
        ),
      ),
    ),
  );

/**
 * @param at place of the map among the photo's maps.
 * @param box that the picture fits into, in pixels of the page.
 * @param onPoint called where the pointer is, so that all panels may say their value there.
 */
export const largePanel = (
  report: Report,
  index: number,
  photo: ExplainedPhoto,
  at: number,
  box: Size,
  onPoint: Panel['point'],
): Panel => {
  const map = photo.maps[at];
  const [rows, columns] = map.grid;
  const figure = photoFigure(report, index, photo, box);
  const cross = element('span', { className: 'cross', hidden: true });
  const readout = element('p', { className: 'readout' });
  const bar = element('canvas', { className: 'colours', ariaHidden: 'true' });
  const scale = element('p', { className: 'scale-words' });
  const remark = element('p', { className: 'mark' });
  const outline = element('span', { className: 'seen' });
  Object.assign(outline.style, seenStyle(photo));
  figure.element.append(outline, cross);
  const values = element('details', {}, element('summary', {}, `Values of the ${rows} × ${columns} cells, in logits`));
  let cells: Float32Array | undefined;
  let look: Look | undefined;
  let range: LogitRange = null;
  const showValues = () => {
    if (values.open && values.childElementCount === 1 && cells) values.append(cellTable(map.grid, cells));
  };
  values.addEventListener('toggle', showValues);
  report.cellsOf(index).then(
    (maps) => {
      cells = maps[at];
      showValues();
    },
    () => values.append(element('p', {}, notLoaded('values'))),
  );

  // A finger that only touches does not move.
  for (const kind of ['pointerdown', 'pointermove'] as const) {
    figure.element.addEventListener(kind, ({ clientX, clientY }) => {
      const { left, top, width, height } = figure.element.getBoundingClientRect();
      onPoint([(clientX - left) / width, (clientY - top) / height]);
    });
  }
  figure.element.addEventListener('pointerleave', () => onPoint(undefined));

  const facts = definitions('facts', [
    ['Logit', logits(map.logit)],
    ['Mean of the map', `${logits(map.mean)} logits`],
    ['Bias', `${logits(map.bias)} logits`],
    ['Smallest, largest', `${logits(map.min)}, ${logits(map.max)} logits`],
    ['Residual', `${map.residual.toExponential(1).replace('-', '−')} of the logit`],
    ['In a tenth of the cells', percent(map.concentration)],
    ['Kind', map.held.length === 0 ? map.kind : `${map.kind}: ${map.held.join(', ')}`],
  ]);
  return {
    element: element(
      'figure',
      { className: 'panel' },
      element(
        'figcaption',
        {},
        element('h3', {}, className(report.run.classes, map.class), element('span', {}, percent(map.score))),
        element('p', { className: 'full-label' }, inSight(`class ${map.class}: ${report.run.classes[map.class]}`)),
      ),
      figure.element,
      readout,
      bar,
      scale,
      remark,
      facts,
      values,
    ),
    draw: (now) => {
      look = now;
      figure.draw({ map, at }, now);
      drawBar(bar, now);
      range = rangesOf(now.scale, photo.maps)[at];
      scale.textContent = rangeWords(range, now.scale);
      remark.textContent = warningsOf(map, range);
    },
    point: (where) => {
      cross.hidden = where === undefined;
      if (where === undefined || cells === undefined || look === undefined) {
        readout.textContent = 'Point at or touch the photo for values; the outline is what the network saw';
        return;
      }
      cross.style.left = `${where[0] * 100}%`;
      cross.style.top = `${where[1] * 100}%`;
      const [x, y] = [where[0] * photo.width, where[1] * photo.height];
      const [left, top, width, height] = photo.seen;
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      if (!inside) {
        readout.textContent = 'not seen by the network';
        return;
      }
      const [field, data] = [boxOf(photo.field), { rows, columns, data: cells }];
      const drawn = range === null ? '' : `drawn ${logits(drawnAt(data, field, [x, y], range, look))}, `;
      const cell = logits(cellAt(data, field, [x, y]));
      readout.textContent = `${drawn}cell ${cell} logits at ${Math.floor(x)}, ${Math.floor(y)}`;
    },
  };
};
