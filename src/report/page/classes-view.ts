import { answerOf, percent, unitOf } from '../../maps/remarks.js';
import { rangesOf } from '../../maps/scale.js';
import type { MeansFile } from '../data.js';
import { explained, type Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
import { asksForClasses } from './initial-state.js';
import type { LargeView } from './large-view.js';
import { meanFigure } from './mean-figure.js';
import { photoFigure } from './photo-figure.js';
import { everything, type Look, type Store } from './state.js';
import type { ClassSummary, MapOfPhoto } from './summary.js';
import { type Cell, virtualGrid } from './virtual-grid.js';
import { className, count, counted, inSight, notLoaded, notShown, strengthOf, warningsOf } from './words.js';

const THUMB_EDGE = 96;
// Widths in pixels below which parts of a class's row go under each other; classes.css has them less the padding.
const ONE_ROW = 860;
const TWO_ROWS = 500;
/** Heights of a class's row: mean map and both strips side by side; the strips one below the other; all three so. */
const HEIGHTS = [264, 420, 580] as const;
/** How many of the strongest photos of each class are shown, and how many of the weakest. */
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

/** Small pictures of photos with one class's map; a click opens the photo large. */
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
    element: element('div', { className: 'strip' }, element('h3', {}, title), element('div', {}, thumbs)),
    draw: () => draws.forEach((draw) => draw()),
  };
};

/** Says which photos count for a class's mean map and its strongest and weakest photos. */
const ofWhichPhotos = ({ run }: Report): string => {
  if (asksForClasses(run)) return 'Mean, strongest and weakest are of all photos.';
  return run.ranks === 1
    ? 'Mean, strongest and weakest are of the photos whose best class it is; of others the run has no map.'
    : `Mean, strongest and weakest are of the photos that have the class among their ${run.ranks} best; of others the run has no map.`;
};

/** What is known of a class, in one line. */
const factsOf = ({ run, hasScores }: Report, summary: ClassSummary): string => {
  const { best, meanScore, inFolder, right, mistakenFor, maps } = summary;
  if (!hasScores) {
    const mean = answerOf({ logit: meanScore, score: null, unit: maps[0]?.map.unit });
    return best > 0 ? `${mean} on average of ${counted(best, 'photo')}` : '';
  }
  return [
    best > 0 ? `best of ${counted(best, 'photo')}, ${percent(meanScore)} on average` : 'best of no photo',
    inFolder > 0 ? `${count(right)} of ${count(inFolder)} in its folder right` : '',
    mistakenFor ? `most often taken for ${className(run.classes, mistakenFor[0])} (${count(mistakenFor[1])})` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
};

/** The class's name; a click leads to the photos whose best class it is. */
const nameButton = (report: Report, store: Store, summary: ClassSummary): HTMLButtonElement => {
  const name = element(
    'button',
    { type: 'button', className: 'class-name' },
    className(report.run.classes, summary.class),
  );
  name.addEventListener('click', () => {
    const { look } = store.get();
    const shown = summary.maps.length > 0 ? ({ by: 'class', class: summary.class } as const) : look.shown;
    const filter = report.hasScores && summary.best > 0 ? { ...everything, best: summary.class } : everything;
    store.set({ view: 'photos', look: { ...look, shown }, filter });
  });
  return name;
};

/** A class without maps: a folder is named after it, but it was not explained. */
const maplessItem = (report: Report, store: Store, summary: ClassSummary): HTMLElement =>
  element(
    'li',
    { className: 'mapless-item' },
    nameButton(report, store, summary),
    element('p', {}, factsOf(report, summary)),
  );

/** A class's mean map, where it has one, or why it cannot be shown. */
const meanOf = (means: MeansFile, index: number, look: Look, unit: string): readonly (HTMLElement | string)[] => {
  try {
    const found = means.find((one) => one.class === index);
    return found === undefined ? [] : [meanFigure(found, look, unit)];
  } catch (error) {
    return [notShown('mean map', error)];
  }
};

const classCell = (report: Report, store: Store, large: LargeView, summary: ClassSummary): Cell => {
  const name = nameButton(report, store, summary);
  const order = summary.maps.map(({ photo }) => photo);
  const mean = element('div', { className: 'mean-box' });
  const unit = summary.maps[0] === undefined ? '' : unitOf(summary.maps[0].map);
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
  cell.firstElementChild?.append(...strips.map((made) => made.element));
  const update = () => {
    strips.forEach((made) => made.draw());
    report.means().then(
      (means) => mean.replaceChildren(...meanOf(means, summary.class, store.get().look, unit)),
      () => mean.replaceChildren(notLoaded('mean map')),
    );
  };
  update();
  return { element: cell, focusable: name, update };
};

const sortChoices = ({ run, hasScores }: Report): Choices => [
  ...(hasScores
    ? ([
        ['photos', 'Most photos'],
        ['score', 'Highest mean score'],
      ] as const)
    : ([['score', 'Highest mean']] as const)),
  ...(run.folders.areClasses ? [['accuracy', 'Least often right'] as const] : []),
  ['name', 'Name'],
];

/** The classes in the order chosen; those that are equal in it by name. */
const sortedBy = (by: string, { run }: Report, classes: readonly ClassSummary[]): readonly ClassSummary[] => {
  const byName = (a: ClassSummary, b: ClassSummary) =>
    className(run.classes, a.class).localeCompare(className(run.classes, b.class), 'en');
  return [...classes].sort((a, b) => sortings[by]?.(a, b) || byName(a, b));
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
    heightOf: (width) => HEIGHTS[width >= ONE_ROW ? 0 : width >= TWO_ROWS ? 1 : 2],
    render: (item) => classCell(report, store, large, order[item]),
  });
  const mapless = element('ul', { className: 'mapless' });
  const sort = (by: string) => {
    const sorted = sortedBy(by, report, classes);
    order = sorted.filter(({ maps }) => maps.length > 0);
    grid.reset(order.length);
    const others = sorted.filter(({ maps }) => maps.length === 0);
    mapless.replaceChildren();
    for (const summary of others) mapless.append(maplessItem(report, store, summary));
  };
  const first = report.hasScores ? 'photos' : 'score';
  sort(first);
  store.subscribe((now, before) => {
    if (now.look !== before.look) grid.update();
  });
  return element(
    'section',
    { className: 'classes', ariaLabel: 'Classes' },
    element(
      'div',
      { className: 'bar' },
      element(
        'p',
        { className: 'status' },
        report.hasScores ? counted(classes.length, 'class', 'classes') : counted(classes.length, 'number'),
      ),
      field('Sort by', selectOf(sortChoices(report), first, sort)),
    ),
    element('p', { className: 'hint' }, ofWhichPhotos(report)),
    grid.element,
    element('h2', { className: 'mapless-title', hidden: !mapless.hasChildNodes() }, 'Without a map'),
    mapless,
  );
};
