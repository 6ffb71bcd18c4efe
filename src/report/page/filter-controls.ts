import type { Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
import { everything, type Filter, type Order, type Store } from './state.js';
import type { Summary } from './summary.js';
import { className, count } from './words.js';

const verdictNames: Readonly<Record<string, string>> = {
  ok: 'Shows evidence',
  'no-evidence': 'No evidence',
  flat: 'Flat',
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

/** Leaves a number alone that is being typed. */
const showBound = (input: HTMLInputElement, share: number): void => {
  if (input.value === '' || Number(input.value) / 100 !== share) input.value = String(Math.round(share * 1e6) / 1e4);
};

/** Which photos are shown, and in which order. */
export const filterControls = (report: Report, store: Store, summary: Summary): HTMLElement => {
  const change = (part: Partial<Filter>) => store.set({ filter: { ...store.get().filter, ...part } });
  const name = element('input', { type: 'search', placeholder: 'part of a path' });
  name.addEventListener('input', () => change({ name: name.value }));
  const best = selectOf(bestChoices(report, summary), '', (value) =>
    change({ best: value === '' ? undefined : Number(value) }),
  );
  const verdict = selectOf(verdictChoices(report, summary), '', (value) => change({ verdict: value || undefined }));
  const right = selectOf(rightChoices, '', (value) => change({ right: value === '' ? undefined : value === 'right' }));
  const bound = (label: string, onChange: (share: number) => void) => {
    const input = element('input', { type: 'number', min: '0', max: '100', step: 'any', ariaLabel: label });
    input.addEventListener('input', () => {
      if (input.validity.valid && input.value !== '') onChange(Number(input.value) / 100);
    });
    return input;
  };
  const lowest = bound('Lowest score, in percent', (share) => change({ lowest: share }));
  const highest = bound('Highest score, in percent', (share) => change({ highest: share }));
  const range = element('div', { className: 'range' }, lowest, ' to ', highest, ' %');

  const clear = element('button', { type: 'button', className: 'quiet' }, 'Clear filters');
  clear.addEventListener('click', () => store.set({ filter: everything }));

  const order = selectOf(Object.entries(orders), store.get().order, (value) =>
    store.set({ order: value as Order, descending: value !== 'name' && value !== 'run' }),
  );
  const direction = element('button', { type: 'button', className: 'icon' });
  direction.addEventListener('click', () => store.set({ descending: !store.get().descending }));

  const follow = () => {
    const { filter, descending } = store.get();
    name.value = filter.name;
    best.value = filter.best === undefined ? '' : String(filter.best);
    verdict.value = filter.verdict ?? '';
    right.value = filter.right === undefined ? '' : filter.right ? 'right' : 'wrong';
    showBound(lowest, filter.lowest);
    showBound(highest, filter.highest);
    clear.hidden = filter === everything;
    direction.textContent = descending ? '↓' : '↑';
    direction.ariaLabel = descending ? 'Largest first' : 'Smallest first';
    direction.title = direction.ariaLabel;
  };
  store.subscribe(follow);
  follow();
  return element(
    'div',
    {},
    element(
      'fieldset',
      {},
      element('legend', {}, 'Photos'),
      field('File name', name),
      field('Best class', best),
      field('Map', verdict),
      report.run.folders.areClasses ? field('Against the folder', right) : '',
      element(
        'div',
        { className: 'field', role: 'group', ariaLabel: 'Score of the class shown' },
        element('span', { className: 'field-name' }, 'Score of the class shown'),
        range,
      ),
      clear,
    ),
    element(
      'fieldset',
      {},
      element('legend', {}, 'Sort'),
      element('div', { className: 'sort' }, field('Sort by', order), direction),
    ),
  );
};
