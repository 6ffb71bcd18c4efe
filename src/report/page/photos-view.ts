import { answerOf } from '../../maps/remarks.js';
import { rangesOf } from '../../maps/scale.js';
import type { ExplainedPhoto } from '../data.js';
import { explained, type PlacedMap, type Report } from './data.js';
import { element } from './dom.js';
import type { LargeView } from './large-view.js';
import { photoFigure } from './photo-figure.js';
import { isRight, select, shownMap } from './select.js';
import { everything, type Look, type Store } from './state.js';
import { type Cell, virtualGrid } from './virtual-grid.js';
import { className, count, counted, inSight, strengthOf, warningsOf } from './words.js';

// Photos in the grid. With more, the page would be higher than browsers can scroll.
const MOST = 50_000;
/** In pixels: the title, two lines of facts, and the name. */
const CAPTION_HEIGHT = 105;
const PADDING = 8;
/** Height of a picture as a share of its width: most photos are wider than high. */
const ASPECT = 0.8;

/** Whether the best class is the folder's; names the best class where another class is shown. */
const folderMark = ({ classes }: Report['run'], photo: ExplainedPhoto, shown: number): HTMLElement | string => {
  const right = isRight(photo);
  const best = photo.predictions[0]?.class;
  if (right === undefined || best === undefined) return '';
  const words = right ? 'right' : 'wrong';
  // A green tick below another class would speak of that class.
  return best === shown
    ? element('span', { className: `mark ${words}` }, `${right ? '✓' : '✗'} ${words}`)
    : element('span', { className: 'mark' }, `best: ${className(classes, best)} (${words})`);
};

/** Whether the folder's class was found, what to be warned of, and how strong the evidence is. */
const factsOf = (
  { run }: Report,
  photo: ExplainedPhoto,
  { map, at }: PlacedMap,
  look: Look,
): readonly (HTMLElement | string)[] => {
  const warnings = warningsOf(map, rangesOf(look.scale, photo.maps)[at]);
  return [
    run.folders.areClasses ? folderMark(run, photo, map.class) : '',
    ' ',
    warnings === '' ? '' : element('span', { className: 'mark' }, warnings),
    ' ',
    strengthOf(map),
  ];
};

/** A photo of the grid: its picture, the class shown with its score, the facts about it, and its name. */
const photoCell = (report: Report, store: Store, index: number, width: number, open: () => void): Cell => {
  const entry = report.photos[index];
  const photo = explained(entry);
  const picture = element('span', { className: 'picture' });
  const title = element('span', { className: 'card-title' });
  const facts = element('span', { className: 'card-facts' });
  const path = inSight(entry.photo);
  const name = element('span', { className: 'card-name', title: path }, path);
  const button = element('button', { type: 'button', className: 'card' }, picture, title, facts, name);
  button.addEventListener('click', open);
  const cell = element('li', {}, button);
  const box = { width: width - 2 * PADDING, height: Math.round((width - 2 * PADDING) * ASPECT) };
  picture.style.height = `${box.height}px`;
  if (photo === undefined) {
    picture.append(element('span', { className: 'placeholder' }, 'error' in entry ? inSight(entry.error.message) : ''));
    title.append(element('strong', {}, 'Failed'));
    return { element: cell, focusable: button, update: () => {} };
  }
  const figure = photoFigure(report, index, photo, box);
  picture.append(figure.element);
  const update = () => {
    const { look } = store.get();
    const shown = shownMap(photo, look.shown);
    figure.draw(shown, look);
    if (shown === undefined) {
      title.replaceChildren('no map of this class');
      facts.replaceChildren();
      return;
    }
    const { map } = shown;
    title.replaceChildren(element('strong', {}, className(report.run.classes, map.class)), ` ${answerOf(map)}`);
    facts.replaceChildren(...factsOf(report, photo, shown, look));
  };
  update();
  return { element: cell, focusable: button, update };
};

/** The grid of photos, and above it how many of them are shown. */
export const photosView = (report: Report, store: Store, large: LargeView): HTMLElement => {
  let order: readonly number[] = [];
  const status = element('p', { className: 'status', role: 'status' });
  const grid = virtualGrid({
    label: 'Photos',
    narrowest: (available) => (available < 480 ? available / 2 : 200),
    heightOf: (width) => Math.round(width * ASPECT) + CAPTION_HEIGHT,
    render: (item, width) =>
      photoCell(report, store, order[item], width, () => large.open(order, item, (last) => grid.focus(last))),
  });
  const showAll = element('button', { type: 'button', className: 'quiet' }, 'Show all photos');
  showAll.addEventListener('click', () => store.set({ filter: everything }));
  const empty = element(
    'div',
    { className: 'empty', hidden: true },
    element('p', {}, 'No photo passes the filters.'),
    showAll,
  );
  const refresh = () => {
    order = select(report.photos, store.get());
    const all = report.photos.length;
    const photos = counted(all, 'photo');
    const found = order.length === all ? photos : `${count(order.length)} of ${photos}`;
    const cut = order.length > MOST ? `; the first ${count(MOST)} are shown, filters bring up the others` : '';
    status.textContent = found + cut;
    empty.hidden = order.length > 0;
    grid.reset(Math.min(order.length, MOST));
  };
  store.subscribe((now, before) => {
    const sameShown = now.look.shown === before.look.shown;
    const sameSelection =
      now.filter === before.filter && now.order === before.order && now.descending === before.descending;
    if (!sameSelection || !sameShown) refresh();
    else if (now.look !== before.look) grid.update();
  });
  refresh();
  return element('section', { className: 'photos', ariaLabel: 'Photos' }, status, empty, grid.element);
};
