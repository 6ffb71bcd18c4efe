import { boxOf, type Size } from '../../maps/box.js';
import { havePlaces } from '../../maps/feature-map.js';
import { answerOf, percent, unitOf, withUnit } from '../../maps/remarks.js';
import { rangesOf } from '../../maps/scale.js';
import type { ExplainedPhoto, MapEntry } from '../data.js';
import { drawBar } from './colour-bar.js';
import type { Report } from './data.js';
import { definitions, element } from './dom.js';
import { cellAt, drawnAt } from './heat.js';
import { measuresOf } from './measures.js';
import { photoFigure, seenStyle } from './photo-figure.js';
import { rangeWords } from './scale-words.js';
import type { Look } from './state.js';
import { marksForClass } from './truth-marks.js';
import { truthOfClass } from './truth-words.js';
import { className, inSight, inUnit, logits, measured, notLoaded, warningsOf } from './words.js';

const HINT = 'Point at or touch the photo for values; the outline is what the network saw';

/** One class's map of the photo, large, with all that is known of it. */
export interface Panel {
  readonly element: HTMLElement;
  readonly draw: (look: Look) => void;
  /** Shows the value at a point, given in shares of the photo's width and height; undefined: at no point. */
  readonly point: (at: readonly [number, number] | undefined) => void;
}

/** The cells as numbers, for those who cannot point at them. */
const cellTable = ({ grid: [rows, columns], ...map }: MapEntry, cells: Float32Array): HTMLElement =>
  element(
    'div',
    { className: 'table-box', tabIndex: 0, role: 'region', ariaLabel: `Values of the cells${inUnit(unitOf(map))}` },
    element(
      'table',
      {},
      Array.from({ length: rows }, (_, row) =>
        element(
          'tr',
          {},
          Array.from({ length: columns }, (_, column) =>
            element('td', {}, measured(cells[row * columns + column], unitOf(map))),
          ),
        ),
      ),
    ),
  );

/** The values of the cells, in a table that is made once it is opened: it may have thousands of cells. */
const cellValues = (map: MapEntry, loaded: Promise<Float32Array>): HTMLElement => {
  const title = `Values of the ${map.grid[0]} × ${map.grid[1]} cells${inUnit(unitOf(map))}`;
  const values = element('details', {}, element('summary', {}, title));
  loaded.then(
    (cells) => {
      const show = () => {
        if (values.open && values.childElementCount === 1) values.append(cellTable(map, cells));
      };
      values.addEventListener('toggle', show);
      show();
    },
    () => values.append(element('p', {}, notLoaded('values'))),
  );
  return values;
};

const heading = ({ classes }: Report['run'], map: MapEntry): HTMLElement =>
  element(
    'figcaption',
    {},
    element('h3', {}, className(classes, map.class), element('span', {}, answerOf(map))),
    element(
      'p',
      { className: 'full-label' },
      inSight(`${map.score === null ? 'output' : 'class'} ${map.class}: ${classes[map.class] ?? 'no label'}`),
    ),
  );

const factsOf = (map: MapEntry): HTMLElement => {
  const unit = unitOf(map);
  const [name, answer] =
    map.score === null ? ['Number', withUnit(measured(map.logit, unit), unit)] : ['Logit', logits(map.logit)];
  return definitions('facts', [
    [name, answer],
    ['Mean of the map', withUnit(measured(map.mean, unit), unit)],
    ['Bias', withUnit(measured(map.bias, unit), unit)],
    ['Smallest, largest', withUnit(`${measured(map.min, unit)}, ${measured(map.max, unit)}`, unit)],
    ['Residual', `${map.residual.toExponential(1).replace('-', '−')} of the ${name.toLowerCase()}`],
    ['In a tenth of the cells', percent(map.concentration)],
    ['Kind', map.held.length === 0 ? map.kind : `${map.kind}: ${map.held.join(', ')}`],
  ]);
};

/** Tells where the pointer is on the picture, in shares of its width and height, and when it leaves. */
const followPointer = (picture: HTMLElement, onPoint: Panel['point']): void => {
  // A finger that only touches does not move.
  for (const kind of ['pointerdown', 'pointermove'] as const) {
    picture.addEventListener(kind, ({ clientX, clientY }) => {
      const { left, top, width, height } = picture.getBoundingClientRect();
      onPoint([(clientX - left) / width, (clientY - top) / height]);
    });
  }
  picture.addEventListener('pointerleave', () => onPoint(undefined));
};

/** What the map says at a pixel of the photo. */
const valueWords = (
  photo: ExplainedPhoto,
  at: number,
  cells: Float32Array,
  look: Look,
  [x, y]: readonly [number, number],
): string => {
  const [left, top, width, height] = photo.seen;
  const inside = x >= left && x < left + width && y >= top && y < top + height;
  if (!inside) return 'not seen by the network';
  const [rows, columns] = photo.maps[at].grid;
  const [field, data] = [boxOf(photo.field), { rows, columns, data: cells }];
  const range = rangesOf(look.scale, photo.maps)[at];
  const unit = unitOf(photo.maps[at]);
  const drawn = range === null ? '' : `drawn ${measured(drawnAt(data, field, [x, y], range, look), unit)}, `;
  const cell = withUnit(measured(cellAt(data, field, [x, y]), unit), unit);
  return `${drawn}cell ${cell} at ${Math.floor(x)}, ${Math.floor(y)}`;
};

/**
 * Longer than other functions: what is drawn and what a point says need the same elements, cells and look.
 * @param at place of the map among the photo's maps.
 * @param box that the picture fits into, in pixels of the page.
 * @param onPoint called with where the pointer is, so that all panels can show their value there.
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
  const placed = havePlaces(report.run.head);
  const figure = photoFigure(report, index, photo, box);
  const cross = element('span', { className: 'cross', hidden: true });
  const readout = element('p', { className: 'readout' });
  const bar = element('canvas', { className: 'colours', ariaHidden: 'true' });
  const scale = element('p', { className: 'scale-words' });
  const remark = element('p', { className: 'mark' });
  const outline = element('span', { className: 'seen' });
  Object.assign(outline.style, seenStyle(photo));
  figure.element.append(marksForClass(photo, map.class) ?? '', outline, cross);
  if (placed) followPointer(figure.element, onPoint);

  let cells: Float32Array | undefined;
  let look: Look | undefined;
  const numbers = report.cellsOf(index);
  const loaded = numbers.then((maps) => {
    cells = maps[at];
    return cells;
  });
  const panel = element('figure', { className: 'panel' }, heading(report.run, map), figure.element, readout);
  if (placed) panel.append(bar, scale);
  panel.append(
    remark,
    truthOfClass(report.run.classes, photo, map.class),
    factsOf(map),
    measuresOf(photo, at, numbers) ?? '',
    cellValues(map, loaded),
  );
  return {
    element: panel,
    draw: (now) => {
      look = now;
      figure.draw({ map, at }, now);
      drawBar(bar, now);
      const range = rangesOf(now.scale, photo.maps)[at];
      scale.textContent = rangeWords(range, now.scale, unitOf(map));
      remark.textContent = warningsOf(map, range);
    },
    point: (where) => {
      cross.hidden = where === undefined || !placed;
      if (!placed) return;
      if (where === undefined || cells === undefined || look === undefined) {
        readout.textContent = HINT;
        return;
      }
      const [x, y] = where;
      Object.assign(cross.style, { left: `${x * 100}%`, top: `${y * 100}%` });
      readout.textContent = valueWords(photo, at, cells, look, [x * photo.width, y * photo.height]);
    },
  };
};
