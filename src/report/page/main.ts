/*!
 * Parts of this page are d3-scale-chromatic, d3-color and d3-interpolate. Copyright 2010-2026 Mike Bostock
 *
 * Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
 * provided that the above copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
 * IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
 * INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
 * THIS SOFTWARE.
 */
import { havePlaces } from '../../maps/feature-map.js';
import type { ReportRun } from '../data.js';
import { casesOf } from '../truth-cases.js';
import { boxControls } from './box-controls.js';
import { classesView } from './classes-view.js';
import { openReport, type Report } from './data.js';
import { element } from './dom.js';
import { filterControls } from './filter-controls.js';
import { pageHeader } from './header.js';
import { initialState } from './initial-state.js';
import { largeView } from './large-view.js';
import { lookControls } from './look-controls.js';
import { photosView } from './photos-view.js';
import { runView } from './run-view.js';
import { createStore, type ViewName } from './state.js';
import { summarizeRun } from './summary.js';
import { truthControls } from './truth-controls.js';
import { truthView } from './truth-view.js';
import { count, counted, reasonOf } from './words.js';

/** Below this width the controls start folded. */
const NARROW = '(max-width: 60rem)';

const build = (report: Report): void => {
  const summary = summarizeRun(report.photos, report.run.folders.areClasses);
  const store = createStore(initialState(report));
  const large = largeView(report, store);
  const cases = casesOf(report.photos);
  const views: Readonly<Record<ViewName, HTMLElement | undefined>> = {
    photos: photosView(report, store, large),
    classes: classesView(report, store, large, summary.classes),
    truth: truthView(report, store, large, cases),
    run: runView(report, summary),
  };
  const filters = filterControls(report, store, summary);
  const evaluated = typeof report.run.evaluation === 'object';
  const truthFilters = evaluated ? truthControls(store, report.run.classes, cases) : element('div');
  const boxes = havePlaces(report.run.head) ? boxControls(store, report.run.largest) : element('div');
  const controls = element(
    'aside',
    { className: 'controls', ariaLabel: 'Heatmap, filters and order' },
    element(
      'details',
      { open: !window.matchMedia(NARROW).matches },
      element('summary', {}, 'Heatmap, filters and order'),
      lookControls(report, store, summary.classes),
      boxes,
      filters,
      truthFilters,
    ),
  );
  document.title = `${report.run.model.name} · gapcam`;
  const main = element('main', {});
  const show = () => {
    const { view, opacity, truth } = store.get();
    document.documentElement.style.setProperty('--opacity', String(opacity));
    filters.hidden = view !== 'photos';
    truthFilters.hidden = view !== 'truth';
    // Beside what is true only the box is drawn that was judged.
    boxes.hidden = view === 'truth';
    controls.hidden = view === 'run' || (view === 'truth' && truth.part !== 'photos');
    const shown = views[view];
    if (shown !== undefined && main.firstElementChild !== shown) main.replaceChildren(shown);
  };
  store.subscribe(show);
  show();
  document.body.append(
    pageHeader(report, store, summary),
    element('div', { className: 'layout' }, controls, main),
    large.element,
  );
};

/** Tells of an error above all else. Only the first: others mostly follow from it. */
const tell = (error: unknown): void => {
  if (document.querySelector('.fault') !== null) return;
  const words = `Something of this report cannot be shown. ${reasonOf(error)}`;
  document.body.prepend(element('p', { className: 'fault', role: 'alert' }, words));
};

const start = async (): Promise<void> => {
  const progress = element('p', { className: 'loading', role: 'status' }, 'Loading');
  document.body.append(progress);
  try {
    const run: ReportRun = JSON.parse(document.getElementById('run')?.textContent ?? '');
    const all = counted(run.explained + run.failed, 'photo');
    progress.textContent = `Loading ${all}`;
    const report = await openReport(run, (photos) => {
      progress.textContent = `Loading ${count(photos)} of ${all}`;
    });
    // Puts nothing into the page before all is made, so that a failure is not half a page.
    build(report);
    progress.remove();
  } catch (error) {
    progress.textContent = `The report cannot be shown. ${reasonOf(error)}`;
  }
};

// What nobody took care of, such as a defect of the page. Without it a part would be missing, and nothing would say so.
// Without an error of its own, an event is about a file that is missing or the browser's own, and told elsewhere.
window.addEventListener('error', ({ error }) => error && tell(error));
window.addEventListener('unhandledrejection', ({ reason }) => tell(reason));
start();
