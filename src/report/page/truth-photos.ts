import type { ReportEvaluation } from '../data.js';
import { anyCase, isAnyCase, selectCases, type TruthCase } from '../truth-cases.js';
import type { Report } from './data.js';
import { element } from './dom.js';
import type { LargeView } from './large-view.js';
import { photoFigure } from './photo-figure.js';
import type { Store } from './state.js';
import { legend, marksOfCase } from './truth-marks.js';
import { judgedLine } from './truth-words.js';
import { type Cell, virtualGrid } from './virtual-grid.js';
import { className, count, counted, inSight } from './words.js';

// Cards in the grid. With more, the page would be higher than browsers can scroll.
const MOST = 50_000;
/** In pixels: the title, lines of facts, of which a narrow card needs more, and the name. */
const captionHeight = (width: number): number => (width < 220 ? 140 : 122);
const PADDING = 8;
/** Height of a picture as a share of its width. */
const ASPECT = 0.8;

/** A true class of a photo: the photo with the class's heat, what is true, and what the map came to. */
const caseCell = (report: Report, store: Store, one: TruthCase, width: number, open: () => void): Cell => {
  const { photo, entry, judged, at } = one;
  const { classes } = report.run;
  const box = { width: width - 2 * PADDING, height: Math.round((width - 2 * PADDING) * ASPECT) };
  const picture = element('span', { className: 'picture' });
  picture.style.height = `${box.height}px`;
  const figure = photoFigure(report, photo, entry, box);
  figure.element.append(marksOfCase(entry, judged));
  picture.append(figure.element);
  const path = inSight(entry.photo);
  const button = element(
    'button',
    { type: 'button', className: 'card' },
    picture,
    element('span', { className: 'card-title' }, element('strong', {}, className(classes, judged.class))),
    element('span', { className: 'card-facts' }, judgedLine(classes, entry, judged)),
    element('span', { className: 'card-name', title: path }, path),
  );
  button.addEventListener('click', open);
  const update = () => {
    // The box that is judged is drawn beside what is true; others would be taken for it.
    const look = { ...store.get().look, boxes: undefined };
    figure.draw(at < 0 ? undefined : { map: entry.maps[at], at }, look);
  };
  update();
  return { element: element('li', {}, button), focusable: button, update };
};

/** The true classes of photos, the worst first, with what is true drawn over the heat. */
export const truthPhotos = (
  report: Report,
  store: Store,
  large: LargeView,
  cases: readonly TruthCase[],
  { threshold }: ReportEvaluation,
): HTMLElement => {
  let order: readonly TruthCase[] = [];
  const status = element('p', { className: 'status', role: 'status' });
  const open = (item: number) =>
    large.open(
      order.map(({ photo }) => photo),
      item,
      (last) => grid.focus(last),
    );
  const grid = virtualGrid({
    label: 'Photos with their true classes',
    narrowest: (available) => (available < 480 ? available / 2 : 200),
    heightOf: (width) => Math.round(width * ASPECT) + captionHeight(width),
    render: (item, width) => caseCell(report, store, order[item], width, () => open(item)),
  });
  const showAll = element('button', { type: 'button', className: 'quiet' }, 'Show all');
  showAll.addEventListener('click', () => store.set({ truth: { ...store.get().truth, ...anyCase } }));
  const empty = element('div', { className: 'empty' }, element('p', {}, 'No photo passes the filters.'), showAll);
  const refresh = () => {
    const { truth } = store.get();
    order = selectCases(cases, truth);
    const all = counted(cases.length, 'true class of a photo', 'true classes of photos');
    const found = order.length === cases.length ? all : `${count(order.length)} of ${all}`;
    const cut = order.length > MOST ? `; the first ${count(MOST)} are shown, filters bring up the others` : '';
    status.textContent = found + cut;
    empty.hidden = order.length > 0 || isAnyCase(truth);
    grid.reset(Math.min(order.length, MOST));
  };
  store.subscribe((now, before) => {
    if (now.truth !== before.truth) refresh();
    else if (now.look !== before.look) grid.update();
  });
  refresh();
  const hasMasks = cases.some(({ judged }) => judged.outline !== undefined);
  return element('section', { ariaLabel: 'Photos' }, status, legend(threshold, hasMasks), empty, grid.element);
};
