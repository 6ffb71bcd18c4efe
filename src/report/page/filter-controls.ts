import type { Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
import { sortControl } from './sort-control.js';
import { everything, type Filter, isEverything, type Order, type Store } from './state.js';
import type { Summary } from './summary.js';
import { className, count, inUnit } from './words.js';

const verdictNames: Readonly<Record<string, string>> = {
  ok: 'Shows evidence',
  'no-evidence': 'No evidence',
  flat: 'Flat',
  'mostly-elsewhere': 'Mostly elsewhere',
  'damaged-photo': 'Damaged photo',
};

const orders: Readonly<Record<Order, string>> = {
  name: 'File name',
  score: 'Score',
  margin: 'Margin to the next class',
  evidence: 'Largest value of the map',
  residual: 'Residual',
  concentration: 'Concentration of the map',
  run: 'Order of the run',
};

const any: Choices = [['', 'Any']];

const bestChoices = ({ run }: Report, { classes }: Summary): Choices => [
  ...any,
  ...classes
    .filter(({ best }) => best > 0)
    .map(({ class: index, best }) => [String(index), `${className(run.classes, index)} (${count(best)})`] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, 'en')),
];

/** Verdicts that this run has, and failures. */
const verdictChoices = ({ run }: Report, { verdicts }: Summary): Choices => [
  ...any,
  ...Object.entries(verdictNames).filter(([verdict]) => verdicts.has(verdict)),
  ...(run.failed > 0 ? [['failed', `Failed (${count(run.failed)})`] as const] : []),
];

const rightChoices: Choices = [...any, ['right', 'Right'], ['wrong', 'Wrong']];

/** What bounds are given in. */
interface Measure {
  /** Of 1 in this measure. */
  readonly times: number;
  readonly words: string;
  /** What an open end stands for; empty: any number. */
  readonly ends: readonly [low: string, high: string];
}

const percents: Measure = { times: 100, words: 'percent', ends: ['0', '100'] };

/** A bound of a score in percent, or of a number in its unit; an empty field leaves that end open. */
interface Bound {
  readonly input: HTMLInputElement;
  readonly show: (value: number) => void;
}

/** @param open value that leaves the end open. */
const bound = (label: string, { times, ends }: Measure, open: number, onChange: (value: number) => void): Bound => {
  const [min, max] = ends;
  const placeholder = open < 0 ? min : max;
  const input = element('input', { type: 'number', min, max, step: 'any', placeholder, ariaLabel: label });
  const typed = () => (input.value === '' ? open : Number(input.value) / times);
  input.addEventListener('input', () => {
    if (input.validity.valid) onChange(typed());
  });
  return {
    input,
    // A number that is being typed is left as it is.
    show: (value) => {
      if (typed() !== value) input.value = value === open ? '' : String(Math.round(value * times * 1e4) / 1e4);
    },
  };
};

/** The lowest and the highest score of the class shown, or of the number. */
const scoreControl = ({ hasScores, unit }: Report, change: (part: Partial<Filter>) => void) => {
  const measure: Measure = hasScores ? percents : { times: 1, words: unit, ends: ['', ''] };
  const named = (end: string) => `${end} ${hasScores ? 'score' : 'number'}${inUnit(measure.words)}`;
  const lowest = bound(named('Lowest'), measure, everything.lowest, (value) => change({ lowest: value }));
  const highest = bound(named('Highest'), measure, everything.highest, (value) => change({ highest: value }));
  const range = element(
    'div',
    { className: 'range' },
    lowest.input,
    ' to ',
    highest.input,
    hasScores ? ' %' : ` ${unit}`,
  );
  const title = hasScores ? 'Score of the class shown' : 'The number shown';
  return {
    element: element(
      'div',
      { className: 'field', role: 'group', ariaLabel: title },
      element('span', { className: 'field-name' }, title),
      range,
    ),
    show: (filter: Filter) => {
      lowest.show(filter.lowest);
      highest.show(filter.highest);
    },
  };
};

const photoFilters = (report: Report, store: Store, summary: Summary): HTMLElement => {
  const change = (part: Partial<Filter>) => store.set({ filter: { ...store.get().filter, ...part } });
  const name = element('input', { type: 'search', placeholder: 'part of a path' });
  name.addEventListener('input', () => change({ name: name.value }));
  const best = selectOf(bestChoices(report, summary), '', (value) =>
    change({ best: value === '' ? undefined : Number(value) }),
  );
  const verdict = selectOf(verdictChoices(report, summary), '', (value) => change({ verdict: value || undefined }));
  const right = selectOf(rightChoices, '', (value) => change({ right: value === '' ? undefined : value === 'right' }));
  const score = scoreControl(report, change);
  const clear = element('button', { type: 'button', className: 'quiet' }, 'Clear filters');
  clear.addEventListener('click', () => store.set({ filter: everything }));

  const follow = () => {
    const { filter } = store.get();
    name.value = filter.name;
    best.value = filter.best === undefined ? '' : String(filter.best);
    verdict.value = filter.verdict ?? '';
    right.value = filter.right === undefined ? '' : filter.right ? 'right' : 'wrong';
    score.show(filter);
    clear.hidden = isEverything(filter);
  };
  store.subscribe(follow);
  follow();
  return element(
    'fieldset',
    {},
    element('legend', {}, 'Photos'),
    field('File name', name),
    report.hasScores ? field('Best class', best) : '',
    field('A map of the photo', verdict),
    report.run.folders.areClasses ? field('Against the folder', right) : '',
    score.element,
    clear,
  );
};

const orderChoices = ({ hasScores }: Report): Choices =>
  hasScores
    ? Object.entries(orders)
    : Object.entries({ ...orders, score: 'The number shown' }).filter(([order]) => order !== 'margin');

const sortControls = (report: Report, store: Store): HTMLElement =>
  sortControl(store, orderChoices(report), {
    of: (state) => state,
    sortBy: (value) => store.set({ order: value as Order, descending: value !== 'name' && value !== 'run' }),
    turn: () => store.set({ descending: !store.get().descending }),
  });

/** Which photos are shown, and in which order. */
export const filterControls = (report: Report, store: Store, summary: Summary): HTMLElement =>
  element('div', {}, photoFilters(report, store, summary), sortControls(report, store));
