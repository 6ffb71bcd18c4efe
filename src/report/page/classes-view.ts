import type { ClassMap } from '../../cam/class-map.js';
import { summarize, verdictOf } from '../../cam/completeness.js';
import { rangesOf } from '../../cam/scale.js';
import { percent, verdictRemark } from '../../cam/words.js';
import type { MeanMap } from '../data.js';
import { decodeCells, explained, type Report } from './data.js';
import { element, field, selectOf } from './dom.js';
import { drawHeat } from './heat.js';
import { asksForClasses } from './initial-state.js';
import type { LargeView } from './large-view.js';
import { photoFigure } from './photo-figure.js';
import { rangeWords } from './scale-words.js';
import { everything, type Look, type Store } from './state.js';
import type { ClassSummary, MapOfPhoto } from './summary.js';
import { type Cell, virtualGrid } from './virtual-grid.js';
import { className, count, counted, inSight, logits, notLoaded, strengthOf, warningsOf } from './words.js';

const MEAN_EDGE = 112;
const THUMB_EDGE = 96;
// Widths below which the style breaks a class's row, too.
const ONE_ROW = 860;
const TWO_ROWS = 500;
/** Heights of a class's row with both strips beside its mean map, below each other, and all three below each other. */
const HEIGHTS = [264, 420, 580] as const;
/** What each strip needs more of approximate maps, whose photos all say how far off they are. */
const MORE_WORDS = 36;
/** Strongest and weakest photos of each class. */
const SHOWN = 3;

const sortings: Readonly<Record<string, (a: ClassSummary, b: ClassSummary) => number>> = {
  photos: (a, b) => b.best - a.best,
  score: (a, b) => b.meanScore - a.meanScore,
  accuracy: (a, b) =>
    // Classes without a folder, of which nothing is known, come last.
    Number(a.inFolder === 0) - Number(b.inFolder === 0) ||
    a.right / a.inFolder - b.right / b.inFolder ||
    b.inFolder - a.inFolder,
};

/** The mean map alone, over no photo that could shine through. */
const meanFigure = (mean: MeanMap, look: Look): HTMLElement => {
  const [rows, columns] = mean.grid;
  const map: ClassMap = { rows, columns, data: decodeCells(mean.map) };
  const summary = summarize(map);
  const scale = look.scale === 'image' ? 'map' : look.scale;
  const verdict = verdictOf(summary);
  const [range] = rangesOf(scale, [{ ...summary, verdict }]);
  const others = mean.others > 0 ? `; ${counted(mean.others, 'other')} on other grids left out` : '';
  const approximate = mean.kind === 'first-order' ? ', approximate' : '';
  const remark = verdictRemark({ verdict, range });
  const caption = element(
    'figcaption',
    {},
    remark === '' ? '' : element('p', { className: 'mark' }, remark),
    `Mean of ${counted(mean.photos, 'map')}${approximate}${others}: ${rangeWords(range, scale)}`,
  );
  if (range === null) return element('figure', { className: 'mean' }, caption);
  const ratio = MEAN_EDGE / Math.max(rows, columns);
  const canvas = element('canvas', {
    width: Math.max(1, Math.round(columns * ratio)),
    height: Math.max(1, Math.round(rows * ratio)),
    role: 'img',
    ariaLabel: `Mean map, ${logits(summary.min)} to ${logits(summary.max)} logits`,
  });
  const box = { x: 0, y: 0, width: columns, height: rows };
  drawHeat(canvas, map, { field: box, seen: box }, range, { ...look, scale, fade: false });
  return element('figure', { className: 'mean' }, canvas, caption);
};

/** Small pictures of photos with one class's map, each of which opens large. */
const strip = (
  report: Report,
  store: Store,
  title: string,
  maps: readonly MapOfPhoto[],
  open: (item: number) => void,
): { readonly element: HTMLElement; readonly draw: () => void } => {
  const draws: (() => void)[] = [];
  const thumbs = maps.map(({ photo: index, map, at }, item) => {
    const entry = report.photos[index];
    const photo = explained(entry);
    const name = inSight(entry.photo);
    const words = element('span', { className: 'thumb-words' });
    const button = element('button', { type: 'button', className: 'thumb', title: name }, words);
    if (photo !== undefined) {
      const figure = photoFigure(report, index, photo, { width: THUMB_EDGE, height: THUMB_EDGE });
      button.prepend(element('span', { className: 'picture' }, figure.element));
      draws.push(() => {
        const { look } = store.get();
        const warnings = warningsOf(map, rangesOf(look.scale, photo.maps)[at]);
        words.textContent = [strengthOf(map), warnings].filter((part) => part !== '').join(', ');
        button.ariaLabel = `${name}, ${words.textContent}`;
        figure.draw({ map, at }, look);
      });
    }
    button.addEventListener('click', () => open(item));
    return button;
  });
  return {
    element: element('div', { className: 'strip' }, element('h3', {}, title), element('div', {}, ...thumbs)),
    draw: () => draws.forEach((draw) => draw()),
  };
};

/** Of which photos the maps are that a class's mean and its photos come from. */
const ofWhichPhotos = ({ run }: Report): string => {
  if (asksForClasses(run)) return 'Mean, strongest and weakest are of all photos.';
  return run.ranks === 1
    ? 'Mean, strongest and weakest are of the photos whose best class it is; of others the run has no map.'
    : `Mean, strongest and weakest are of the photos that have the class among their ${run.ranks} best; of others the run has no map.`;
};

/** What is known of a class, in one line. */
const factsOf = ({ run }: Report, { best, meanScore, inFolder, right, mistakenFor }: ClassSummary): string =>
  [
    best > 0 ? `best of ${counted(best, 'photo')}, ${percent(meanScore)} on average` : 'best of no photo',
    inFolder > 0 ? `${count(right)} of ${count(inFolder)} in its folder right` : '',
    mistakenFor ? `most often taken for ${className(run.classes, mistakenFor[0])} (${count(mistakenFor[1])})` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');

const classCell = (report: Report, store: Store, large: LargeView, summary: ClassSummary): Cell => {
  const name = element(
    'button',
    { type: 'button', className: 'class-name' },
    className(report.run.classes, summary.class),
  );
  name.addEventListener('click', () => {
    const { look } = store.get();
    const shown = summary.maps.length > 0 ? ({ by: 'class', class: summary.class } as const) : look.shown;
    const filter = summary.best > 0 ? { ...everything, best: summary.class } : everything;
    store.set({ view: 'photos', look: { ...look, shown }, filter });
  });
  const order = summary.maps.map(({ photo }) => photo);
  const mean = element('div', { className: 'mean-box' });
  const cell = element(
    'li',
    {},
    element(
      'article',
      { className: 'class-row' },
      element('header', {}, element('h2', {}, name), element('p', {}, factsOf(report, summary))),
      mean,
    ),
  );
  const weakest = summary.maps.slice(SHOWN).slice(-SHOWN);
  const open = (offset: number) => (item: number) => large.open(order, offset + item, () => name.focus());
  const strips = [
    strip(report, store, 'Strongest evidence', summary.maps.slice(0, SHOWN), open(0)),
    strip(report, store, 'Weakest evidence', weakest, open(order.length - weakest.length)),
  ].filter((_, i) => i === 0 || weakest.length > 0);
  cell.firstElementChild?.append(...(order.length > 0 ? strips.map((made) => made.element) : []));
  const update = () => {
    strips.forEach((made) => made.draw());
    report.means().then(
      (means) => {
        const found = means.find((one) => one.class === summary.class);
        mean.replaceChildren(found === undefined ? 'No map of this class' : meanFigure(found, store.get().look));
      },
      () => mean.replaceChildren(notLoaded('mean map')),
    );
  };
  update();
  return { element: cell, focusable: name, update };
};

/** For each class its mean map and the photos with the strongest and the weakest evidence. */
export const classesView = (
  report: Report,
  store: Store,
  large: LargeView,
  classes: readonly ClassSummary[],
): HTMLElement => {
  let order: readonly ClassSummary[] = [];
  const grid = virtualGrid({
    label: 'Classes',
    narrowest: (available) => available,
    heightOf: (width) => {
      const strips = width >= ONE_ROW ? 1 : 2;
      const height = HEIGHTS[width >= ONE_ROW ? 0 : width >= TWO_ROWS ? 1 : 2];
      return report.run.head.kind === 'first-order' ? height + strips * MORE_WORDS : height;
    },
    render: (item) => classCell(report, store, large, order[item]),
  });
  const byName = (a: ClassSummary, b: ClassSummary) =>
    className(report.run.classes, a.class).localeCompare(className(report.run.classes, b.class), 'en');
  const sort = (by: string) => {
    order = [...classes].sort((a, b) => sortings[by]?.(a, b) || byName(a, b));
    grid.reset(order.length);
  };
  const choices = [
    ['photos', 'Most photos'],
    ['score', 'Highest mean score'],
    ...(report.run.folders.areClasses ? [['accuracy', 'Least often right'] as const] : []),
    ['name', 'Name'],
  ] as const;
  sort('photos');
  store.subscribe((now, before) => {
    if (now.look !== before.look) grid.update();
  });
  return element(
    'section',
    { className: 'classes', ariaLabel: 'Classes' },
    element(
      'div',
      { className: 'bar' },
      element('p', { className: 'status' }, counted(classes.length, 'class', 'classes')),
      field('Sort by', selectOf(choices, 'photos', sort)),
    ),
    element('p', { className: 'hint' }, ofWhichPhotos(report)),
    grid.element,
  );
};
