import { anyCase, type CaseOrder, isAnyCase, type TruthCase } from '../truth-cases.js';
import { type Choices, element, field, selectOf } from './dom.js';
import { sortControl } from './sort-control.js';
import type { Store, TruthState } from './state.js';
import { className, count } from './words.js';

const orders: Readonly<Record<CaseOrder, string>> = {
  iou: 'IoU',
  inside: 'Evidence inside',
  margin: 'Margin to the next class',
  score: 'Score of the true class',
  name: 'File name',
};

const classChoices = (labels: readonly string[], cases: readonly TruthCase[]): Choices => {
  const counts = new Map<number, number>();
  for (const { judged } of cases) counts.set(judged.class, (counts.get(judged.class) ?? 0) + 1);
  const named = [...counts].map(
    ([index, found]) => [String(index), `${className(labels, index)} (${count(found)})`] as const,
  );
  return [['', 'Any'], ...named.sort(([, a], [, b]) => a.localeCompare(b, 'en'))];
};

const yesOrNo = (value: string): boolean | undefined => (value === '' ? undefined : value === 'yes');
const asWord = (value: boolean | undefined): string => (value === undefined ? '' : value ? 'yes' : 'no');

/** Which true classes of photos are shown, and in which order. */
export const truthControls = (store: Store, labels: readonly string[], cases: readonly TruthCase[]): HTMLElement => {
  const change = (part: Partial<TruthState>) => store.set({ truth: { ...store.get().truth, ...part } });
  const name = element('input', { type: 'search', placeholder: 'part of a path' });
  name.addEventListener('input', () => change({ name: name.value }));
  const index = selectOf(classChoices(labels, cases), '', (value) =>
    change({ class: value === '' ? undefined : Number(value) }),
  );
  const right = selectOf(
    [
      ['', 'Any'],
      ['yes', 'The true class'],
      ['no', 'Another'],
    ],
    '',
    (value) => change({ right: yesOrNo(value) }),
  );
  const hit = selectOf(
    [
      ['', 'Anywhere'],
      ['yes', 'At it, or within 15 pixels'],
      ['no', 'Elsewhere'],
    ],
    '',
    (value) => change({ hit: yesOrNo(value) }),
  );
  const clear = element('button', { type: 'button', className: 'quiet' }, 'Clear filters');
  clear.addEventListener('click', () => change(anyCase));
  const follow = () => {
    const { truth } = store.get();
    name.value = truth.name;
    index.value = truth.class === undefined ? '' : String(truth.class);
    right.value = asWord(truth.right);
    hit.value = asWord(truth.hit);
    clear.hidden = isAnyCase(truth);
  };
  store.subscribe(follow);
  follow();
  const filters = element(
    'fieldset',
    {},
    element('legend', {}, 'Photos'),
    field('File name', name),
    field('True class', index),
    field('Best class', right),
    field('Its map points', hit),
    clear,
  );
  const sort = sortControl(store, Object.entries(orders), {
    of: ({ truth }) => truth,
    // The worst first.
    sortBy: (order) => change({ order: order as CaseOrder, descending: false }),
    turn: () => change({ descending: !store.get().truth.descending }),
  });
  return element('div', {}, filters, sort);
};
