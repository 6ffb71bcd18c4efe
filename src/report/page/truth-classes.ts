import type { ClassEntry, NamedMetric, ReportEvaluation } from '../data.js';
import { anyCase } from '../truth-cases.js';
import type { Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
import type { Store } from './state.js';
import { valueWords } from './truth-words.js';
import { type Cell, virtualGrid } from './virtual-grid.js';
import { className, count, counted, notLoaded } from './words.js';

/** Heights of a row: with name and bar side by side, or one above the other. */
const [ROW, TALL_ROW] = [38, 60];
const SIDE_BY_SIDE = 560;

const sortChoices: Choices = [
  ['worst', 'Worst first'],
  ['best', 'Best first'],
  ['n', 'Most photos'],
  ['name', 'Name'],
];

/** A class with its value of the metric that is shown. */
interface Row {
  readonly class: number;
  readonly value: number;
  readonly n: number;
  readonly centre: number | undefined;
}

const rowsOf = (classes: readonly ClassEntry[], metric: string): readonly Row[] =>
  classes.flatMap(({ class: index, metrics }) => {
    const [value, n, , centre] = metrics[metric] ?? [];
    return value === undefined || n === undefined ? [] : [{ class: index, value, n, centre }];
  });

const sorted = (rows: readonly Row[], by: string, { isError }: NamedMetric, labels: readonly string[]) => {
  const nameOf = new Map(rows.map((row) => [row.class, className(labels, row.class)]));
  const byName = (a: Row, b: Row) => (nameOf.get(a.class) ?? '').localeCompare(nameOf.get(b.class) ?? '', 'en');
  const worst = (a: Row, b: Row) => (isError ? b.value - a.value : a.value - b.value);
  const orders: Readonly<Record<string, (a: Row, b: Row) => number>> = {
    worst,
    best: (a, b) => worst(b, a),
    n: (a, b) => b.n - a.n,
  };
  return [...rows].sort((a, b) => orders[by]?.(a, b) || (by === 'name' ? 0 : b.n - a.n) || byName(a, b));
};

const share = (value: number): string => `${Math.min(1, Math.max(0, value)) * 100}%`;

/** A class's bar; a click leads to its photos. */
const classRow = (name: string, metric: NamedMetric, row: Row, lead: () => void): Cell => {
  const fill = element('span', { className: 'fill' });
  fill.style.width = share(row.value);
  const track = element('span', { className: 'track', ariaHidden: 'true' }, fill);
  if (row.centre !== undefined) {
    const tick = element('span', { className: 'tick' });
    tick.style.left = share(row.centre);
    track.append(tick);
  }
  const value = valueWords(metric, row.value);
  const button = element(
    'button',
    { type: 'button', className: 'class-bar', title: name },
    element('span', { className: 'bar-name' }, name),
    track,
    element('span', { className: 'bar-value' }, value),
    element('span', { className: 'bar-n' }, `of ${count(row.n)}`),
  );
  button.addEventListener('click', lead);
  return { element: element('li', {}, button), focusable: button, update: () => {} };
};

/** The metrics that classes have, by name. */
const metricChoices = (metrics: readonly NamedMetric[], classes: readonly ClassEntry[]): readonly NamedMetric[] => {
  const named = new Set(classes.flatMap((one) => Object.keys(one.metrics)));
  return metrics.filter(({ name }) => named.has(name));
};

const build = (
  { run }: Report,
  store: Store,
  { metrics }: ReportEvaluation,
  classes: readonly ClassEntry[],
): readonly HTMLElement[] => {
  const choices = metricChoices(metrics, classes);
  let metric = choices.find(({ name }) => name === 'GT-known') ?? choices[0];
  if (metric === undefined) return [element('p', { className: 'hint' }, 'No class has a value of its own.')];
  let [by, rows]: [string, readonly Row[]] = ['worst', []];
  const lead = (row: Row) => () =>
    store.set({
      truth: {
        ...store.get().truth,
        ...anyCase,
        part: 'photos',
        class: row.class,
        order: metric?.name === 'inside' ? 'inside' : 'iou',
        descending: false,
      },
    });
  const grid = virtualGrid({
    label: 'Classes',
    narrowest: (available) => available,
    heightOf: (width) => (width >= SIDE_BY_SIDE ? ROW : TALL_ROW),
    render: (item) => classRow(className(run.classes, rows[item].class), metric, rows[item], lead(rows[item])),
  });
  const status = element('p', { className: 'status', role: 'status' });
  const rule = element('p', { className: 'hint' });
  const refresh = () => {
    rows = sorted(rowsOf(classes, metric.name), by, metric, run.classes);
    status.textContent = counted(rows.length, 'class', 'classes');
    const ticks = rows.some(({ centre }) => centre !== undefined) ? ' The line: a bright spot in the middle.' : '';
    rule.textContent = `${metric.rule}${metric.isError ? '; less is better' : ''}.${ticks} A click shows a class’s photos.`;
    grid.reset(rows.length);
  };
  const ofMetric = selectOf(
    choices.map(({ name }) => [name, name]),
    metric.name,
    (name) => {
      metric = choices.find((one) => one.name === name) ?? metric;
      refresh();
    },
  );
  const sort = selectOf(sortChoices, by, (value) => {
    by = value;
    refresh();
  });
  refresh();
  const bar = element(
    'div',
    { className: 'bar' },
    status,
    element('div', { className: 'chosen' }, field('Metric', ofMetric), field('Sort by', sort)),
  );
  return [bar, rule, grid.element];
};

/** For each class its value of a metric, as bars. */
export const truthClasses = (report: Report, store: Store, evaluation: ReportEvaluation): HTMLElement => {
  const section = element('section', { className: 'class-bars', ariaLabel: 'Classes' }, 'Loading');
  report.classResults().then(
    (classes) => section.replaceChildren(...build(report, store, evaluation, classes)),
    () => section.replaceChildren(notLoaded('classes')),
  );
  return section;
};
