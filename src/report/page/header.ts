import { percent } from '../../maps/remarks.js';
import type { Report } from './data.js';
import { element } from './dom.js';
import { everything, type Store, type ViewName } from './state.js';
import type { Summary } from './summary.js';
import { count, inSight } from './words.js';

/** Last part of a path. */
const baseOf = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

const views: Readonly<Record<ViewName, string>> = {
  photos: 'Photos',
  classes: 'Classes',
  truth: 'Truth',
  run: 'The run',
};

/** One number of the run, large, which may lead somewhere. @param title where. */
const figure = (value: string, name: string, title = '', lead?: () => void): HTMLElement => {
  const parts = [element('strong', {}, value), element('span', {}, name)];
  if (lead === undefined) return element('li', {}, element('span', { className: 'number' }, parts));
  const button = element('button', { type: 'button', className: 'number', title }, parts);
  button.addEventListener('click', lead);
  return element('li', {}, button);
};

/** The run at a glance; numbers that are failures lead to the photos. */
const numbers = (
  { run, hasScores }: Report,
  store: Store,
  { classes, verdicts, judged, right }: Summary,
): HTMLElement => {
  const show = (filter: Partial<typeof everything>) => () =>
    store.set({ view: 'photos', filter: { ...everything, ...filter } });
  const best = classes.filter((one) => one.best > 0).length;
  const maps = (verdict: string, one: string, many: string) => {
    const found = verdicts.get(verdict) ?? 0;
    const title = 'Show the photos that have such a map, be it the one shown or another';
    return found > 0 ? figure(count(found), found === 1 ? one : many, title, show({ verdict })) : '';
  };
  return element(
    'ul',
    { className: 'numbers' },
    figure(
      count(run.explained),
      run.explained === 1 ? 'photo explained' : 'photos explained',
      'Show all photos',
      show({}),
    ),
    run.explained === 0 || !hasScores
      ? ''
      : figure(count(best), best === 1 ? 'class came out best' : 'classes came out best', 'Show the classes', () =>
          store.set({ view: 'classes' }),
        ),
    judged > 0
      ? figure(percent(right / judged), 'right by folder', 'Show the photos that are wrong', show({ right: false }))
      : '',
    maps('no-evidence', 'map without evidence', 'maps without evidence'),
    maps('flat', 'flat map', 'flat maps'),
    maps('mostly-elsewhere', 'map with less than half of it in cells', 'maps with less than half of it in cells'),
    maps('damaged-photo', 'map of a damaged photo', 'maps of damaged photos'),
    run.failed > 0
      ? figure(count(run.failed), 'failed', 'Show the photos that failed', show({ verdict: 'failed' }))
      : '',
    run.explained === 0 ? '' : figure(`${run.meanMilliseconds.toFixed(0)} ms`, 'a photo'),
  );
};

/** Light, dark, or what the system has. */
const themeSwitch = (): HTMLElement => {
  const select = element(
    'select',
    { ariaLabel: 'Light or dark' },
    [
      ['light dark', 'System'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ].map(([value, text]) => element('option', { value }, text)),
  );
  select.addEventListener('change', () => {
    document.documentElement.style.colorScheme = select.value;
  });
  return select;
};

export const pageHeader = (report: Report, store: Store, summary: Summary): HTMLElement => {
  const { run } = report;
  const shown = (Object.keys(views) as ViewName[]).filter((view) => view !== 'truth' || run.evaluation !== undefined);
  const tabs = shown.map((view) => {
    const button = element(
      'button',
      { type: 'button' },
      !report.hasScores && view === 'classes' ? 'Numbers' : views[view],
    );
    button.addEventListener('click', () => store.set({ view }));
    return { view, button };
  });
  const mark = () => {
    for (const { view, button } of tabs) button.ariaCurrent = store.get().view === view ? 'page' : null;
  };
  store.subscribe(mark);
  mark();
  return element(
    'header',
    { className: 'page-header' },
    element(
      'div',
      { className: 'top' },
      element('p', { className: 'brand' }, 'gapcam'),
      element(
        'nav',
        { ariaLabel: 'Views' },
        tabs.map(({ button }) => button),
      ),
      themeSwitch(),
    ),
    element(
      'h1',
      {},
      'Where ',
      element('em', {}, inSight(baseOf(run.model.name))),
      report.hasScores ? ' saw its classes' : ' saw its numbers',
    ),
    element('p', { className: 'sub' }, `${inSight(run.photos)} · ${run.head.kind} maps · ${run.made.slice(0, 10)}`),
    numbers(report, store, summary),
  );
};
