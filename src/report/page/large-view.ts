import type { Size } from '../../maps/box.js';
import { answerOf, percent } from '../../maps/remarks.js';
import type { ExplainedPhoto, PhotoEntry } from '../data.js';
import { explained, type Report } from './data.js';
import { element } from './dom.js';
import { largePanel, type Panel } from './large-panel.js';
import { isRight } from './select.js';
import type { Store } from './state.js';
import { legend } from './truth-marks.js';
import { className, count, inSight, notShown } from './words.js';

/** One photo at a time, its classes side by side. */
export interface LargeView {
  readonly element: HTMLElement;
  /**
   * @param order photos to go through, and `item`, the one to start with.
   * @param onClose called with the item that was looked at last.
   */
  readonly open: (order: readonly number[], item: number, onClose: (item: number) => void) => void;
}

// In pixels: the largest width of all panels, and the gap between them.
const WIDEST = 1600;
const GAP = 24;
/** Least width of a panel; where there is less room, panels go under each other. */
const NARROWEST = 300;
/** Largest width of a picture. */
const LARGEST = 760;
/** Largest height of a picture, as a share of the window's, so that the values stay in sight. */
const HIGHEST = 0.6;

/** Box for each picture, so that all panels fit beside each other, or below each other on a narrow screen. */
const pictureBox = (panels: number): Size => {
  const available = Math.min(window.innerWidth, WIDEST) - 2 * GAP;
  const columns = Math.max(1, Math.min(panels, Math.floor(available / NARROWEST)));
  const width = Math.floor(Math.min(LARGEST, (available - (columns - 1) * GAP) / columns));
  return { width, height: Math.floor(Math.min(width, window.innerHeight * HIGHEST)) };
};

/** What the network said, and what the photo's folder says. */
const verdictLine = ({ classes, folders }: Report['run'], photo: ExplainedPhoto): HTMLElement => {
  const answers = photo.predictions.map((one) => `${className(classes, one.class)} ${answerOf(one)}`).join(', ');
  const { margin } = photo;
  const right = folders.areClasses ? isRight(photo) : undefined;
  const truth = photo.truth?.map((index) => className(classes, index)).join(' or ');
  return element(
    'p',
    { className: 'large-verdict' },
    margin === null ? `${answers}. ` : `Best: ${answers}; ahead of the next by ${percent(margin)}. `,
    right === undefined
      ? ''
      : element('span', { className: right ? 'mark right' : 'mark wrong' }, `${right ? '✓' : '✗'} folder: ${truth}`),
  );
};

const iconButton = (text: string, label: string, onClick: () => void): HTMLButtonElement => {
  const button = element('button', { type: 'button', className: 'icon', ariaLabel: label, title: label }, text);
  button.addEventListener('click', onClick);
  return button;
};

/** Gives what is below a class, and takes it away. */
const toggleOf = (words: string, body: HTMLElement, name: string): HTMLButtonElement => {
  const isOn = () => body.classList.contains(name);
  const toggle = element('button', { type: 'button', className: 'toggle', ariaPressed: String(isOn()) }, words);
  toggle.addEventListener('click', () => {
    toggle.ariaPressed = String(body.classList.toggle(name));
  });
  return toggle;
};

const dialogOf = (
  title: HTMLElement,
  place: HTMLElement,
  buttons: readonly HTMLButtonElement[],
  body: HTMLElement,
): HTMLDialogElement => {
  const bar = element('div', { className: 'buttons' }, buttons);
  const header = element('header', {}, element('div', {}, title, place), bar);
  const dialog = element('dialog', { className: 'large' }, header, body);
  dialog.setAttribute('aria-labelledby', title.id);
  return dialog;
};

/** In place of the panels of a photo that was not explained: why. */
const failure = (entry: PhotoEntry): HTMLElement => {
  const message = 'error' in entry ? inSight(`${entry.error.message} (${entry.error.code})`) : '';
  return element('p', { className: 'placeholder' }, message);
};

// Longer than other functions: opening, going on, drawing and closing all change which photo and panels are shown.
export const largeView = (report: Report, store: Store): LargeView => {
  let order: readonly number[] = [];
  let item = 0;
  let panels: readonly Panel[] = [];
  let closed: (item: number) => void = () => {};

  const title = element('h2', { id: 'large-title' });
  const place = element('p', { className: 'place', role: 'status' });
  const body = element('div', { className: 'large-body with-truth' });
  const previous = iconButton('←', 'Previous photo', () => go(item - 1));
  const next = iconButton('→', 'Next photo', () => go(item + 1));
  const close = iconButton('✕', 'Close', () => dialog.close());
  const toggles = [
    ...(typeof report.run.evaluation === 'object' ? [toggleOf('Truth', body, 'with-truth')] : []),
    // Takes the heat off the photos.
    toggleOf('Photo alone', body, 'bare'),
  ];
  const dialog = dialogOf(title, place, [...toggles, previous, next, close], body);

  const show = () => {
    const index = order[item];
    const entry = report.photos[index];
    const photo = explained(entry);
    title.textContent = inSight(entry.photo);
    place.textContent = `${count(item + 1)} of ${count(order.length)}`;
    previous.disabled = item === 0;
    next.disabled = item === order.length - 1;
    panels = [];
    if (photo === undefined) {
      body.replaceChildren(failure(entry));
      return;
    }
    try {
      showPanels(index, photo);
    } catch (error) {
      panels = [];
      body.replaceChildren(element('p', { className: 'placeholder' }, notShown('photo', error)));
    }
  };
  const showPanels = (index: number, photo: ExplainedPhoto) => {
    const box = pictureBox(photo.maps.length);
    const point: Panel['point'] = (at) => {
      for (const panel of panels) panel.point(at);
    };
    panels = photo.maps.map((_, at) => largePanel(report, index, photo, at, box, point));
    const row = element(
      'div',
      { className: 'panels' },
      panels.map((panel) => panel.element),
    );
    const { evaluation } = report.run;
    const masks = photo.judged?.some(({ outline }) => outline !== undefined) === true;
    const marks = typeof evaluation === 'object' && photo.judged ? legend(evaluation.threshold, masks) : '';
    body.replaceChildren(verdictLine(report.run, photo), marks, row);
    point(undefined);
    draw();
  };
  const draw = () => {
    for (const panel of panels) panel.draw(store.get().look);
  };
  const go = (to: number) => {
    if (to < 0 || to >= order.length) return;
    item = to;
    show();
    body.scrollTop = 0;
  };

  dialog.addEventListener('keydown', (event) => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: item - 1, ArrowRight: item + 1 };
    const to = steps[event.key];
    // In a table of values, arrows scroll.
    if (to === undefined || (event.target instanceof Element && event.target.closest('.table-box'))) return;
    event.preventDefault();
    go(to);
  });
  dialog.addEventListener('close', () => {
    body.replaceChildren();
    panels = [];
    closed(item);
  });
  store.subscribe((now, before) => {
    if (now.look !== before.look && dialog.open) draw();
  });
  return {
    element: dialog,
    open: (photos, first, onClose) => {
      order = photos;
      item = first;
      closed = onClose;
      dialog.showModal();
      show();
    },
  };
};
