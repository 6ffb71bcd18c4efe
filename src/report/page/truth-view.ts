import type { TruthCase } from '../truth-cases.js';
import type { Report } from './data.js';
import { element } from './dom.js';
import type { LargeView } from './large-view.js';
import type { Store, TruthPart } from './state.js';
import { truthClasses } from './truth-classes.js';
import { truthNumbers } from './truth-numbers.js';
import { truthPhotos } from './truth-photos.js';

const names: Readonly<Record<TruthPart, string>> = { numbers: 'Numbers', classes: 'Classes', photos: 'Photos' };

const problems = {
  stale:
    'The run went on after it was evaluated, so what it was evaluated to is not shown. Give gapcam evaluate again.',
  damaged:
    'evaluation.json or evaluation.jsonl is damaged, or of another version of gapcam, so it is not shown. Give gapcam evaluate again.',
} as const;

/** A button for each part. */
const partsBar = (store: Store): HTMLElement => {
  const buttons = (Object.keys(names) as TruthPart[]).map((part) => {
    const button = element('button', { type: 'button' }, names[part]);
    button.addEventListener('click', () => store.set({ truth: { ...store.get().truth, part } }));
    return { part, button };
  });
  const mark = () => {
    for (const { part, button } of buttons) button.ariaPressed = String(store.get().truth.part === part);
  };
  store.subscribe(mark);
  mark();
  return element(
    'div',
    { className: 'parts', role: 'group', ariaLabel: 'Parts of the evaluation' },
    buttons.map(({ button }) => button),
  );
};

/** What the run was evaluated to: the metrics, each class, and each photo. Undefined: it was not evaluated. */
export const truthView = (
  report: Report,
  store: Store,
  large: LargeView,
  cases: readonly TruthCase[],
): HTMLElement | undefined => {
  const { evaluation } = report.run;
  if (evaluation === undefined) return undefined;
  if (typeof evaluation === 'string') return element('p', { className: 'intro', role: 'status' }, problems[evaluation]);
  const made: Partial<Record<TruthPart, HTMLElement>> = {};
  const make: Readonly<Record<TruthPart, () => HTMLElement>> = {
    numbers: () => truthNumbers(evaluation),
    classes: () => truthClasses(report, store, evaluation),
    photos: () => truthPhotos(report, store, large, cases, evaluation),
  };
  const view = element('div', { className: 'truth' }, partsBar(store));
  const show = () => {
    const { part } = store.get().truth;
    // The others may be long; they are made once somebody asks for them.
    const shown = made[part] ?? make[part]();
    made[part] = shown;
    if (view.lastElementChild === shown) return;
    if (view.childElementCount > 1) view.lastElementChild?.remove();
    view.append(shown);
    if (view.getBoundingClientRect().top < 0) view.scrollIntoView();
  };
  store.subscribe((now, before) => {
    if (now.truth.part !== before.truth.part) show();
  });
  show();
  return view;
};
