import { element } from './dom.js';
import { notShown } from './words.js';

/** One cell of a grid that is in the page. */
export interface Cell {
  readonly element: HTMLElement;
  /** The one element in it that can have the focus. */
  readonly focusable: HTMLElement;
  /** Brings the cell up to date with how things are shown. */
  readonly update: () => void;
}

export interface GridPlan {
  /** Name of the list, for screen readers. */
  readonly label: string;
  /** Smallest width of a cell in pixels; cells share the width evenly. */
  readonly narrowest: (available: number) => number;
  readonly heightOf: (cellWidth: number) => number;
  /** @param item from 0; @param width of the cell in pixels. */
  readonly render: (item: number, width: number) => Cell;
}

/** A long list; only the cells in sight, and a few around them, are in the page. */
export interface VirtualGrid {
  readonly element: HTMLElement;
  /** Starts again at the first item, with that many items. */
  readonly reset: (count: number) => void;
  readonly update: () => void;
  readonly focus: (item: number) => void;
}

/** What stands in the place of an item that cannot be made of its data. */
const fault = (label: string, error: unknown): HTMLElement =>
  element('span', { className: 'placeholder' }, notShown(`one of the ${label.toLowerCase()}`, error));

/** A cell that says so where its data are not what a run writes: they must not keep the others from being shown. */
const soundCell = (render: GridPlan['render'], label: string, item: number, width: number): Cell => {
  try {
    const cell = render(item, width);
    const update = () => {
      try {
        cell.update();
      } catch (error) {
        cell.focusable.replaceChildren(fault(label, error));
      }
    };
    return { ...cell, update };
  } catch (error) {
    const focusable = element('button', { type: 'button', className: 'card' }, fault(label, error));
    return { element: element('li', {}, focusable), focusable, update: () => {} };
  }
};

/** Rows kept ready above and below those in sight. */
const SPARE_ROWS = 2;

/** How many items a key goes on; undefined: the key does not move the focus. */
const stepOf = (key: string, current: number, columns: number, count: number): number | undefined => {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -current,
    End: count - 1 - current,
  };
  return steps[key];
};

// Longer than other functions: scrolling, resizing and the focus all change the same cells and sizes.
export const virtualGrid = ({ label, narrowest, heightOf, render }: GridPlan): VirtualGrid => {
  const list = element('ul', { className: 'grid', ariaLabel: label });
  // Without it, Safari does not tell screen readers that a list without bullets is a list.
  list.role = 'list';
  const cells = new Map<number, Cell>();
  let [count, columns, width, height, current] = [0, 1, 0, 0, 0];

  const add = (item: number) => {
    const cell = soundCell(render, label, item, width);
    const { element: box, focusable } = cell;
    box.ariaPosInSet = String(item + 1);
    box.ariaSetSize = String(count);
    focusable.tabIndex = item === current ? 0 : -1;
    Object.assign(box.style, {
      width: `${width}px`,
      height: `${height}px`,
      transform: `translate(${(item % columns) * width}px, ${Math.floor(item / columns) * height}px)`,
    });
    focusable.addEventListener('focus', () => makeCurrent(item));
    cells.set(item, cell);
    // In the order of the items, so that a screen reader reads them in the order in which they are seen.
    const after = [...cells.keys()].filter((other) => other > item).sort((a, b) => a - b)[0];
    list.insertBefore(box, cells.get(after)?.element ?? null);
  };

  const makeCurrent = (item: number) => {
    const before = cells.get(current);
    if (before) before.focusable.tabIndex = -1;
    current = item;
    const now = cells.get(item);
    if (now) now.focusable.tabIndex = 0;
  };

  const show = () => {
    if (!list.isConnected || width === 0) return;
    const top = -list.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / height) - SPARE_ROWS) * columns;
    const end = Math.min(count, (Math.ceil((top + window.innerHeight) / height) + SPARE_ROWS) * columns);
    for (const [item, { element: box }] of cells) {
      // The cell that has the focus stays, or the keyboard would lose its place.
      if ((item >= first && item < end) || box.contains(document.activeElement)) continue;
      box.remove();
      cells.delete(item);
    }
    for (let item = first; item < end; item++) if (!cells.has(item)) add(item);
    if (!cells.has(current) && end > first) makeCurrent(first);
  };

  const clear = () => {
    for (const { element: box } of cells.values()) box.remove();
    cells.clear();
  };

  const measure = () => {
    const available = list.clientWidth;
    if (available === 0) return;
    columns = Math.max(1, Math.floor(available / narrowest(available)));
    width = Math.floor(available / columns);
    height = heightOf(width);
    list.style.height = `${Math.ceil(count / columns) * height}px`;
    clear();
    show();
  };

  const focus = (item: number) => {
    if (item < 0 || item >= count) return;
    if (!cells.has(item)) add(item);
    const cell = cells.get(item);
    cell?.element.scrollIntoView({ block: 'nearest' });
    cell?.focusable.focus({ preventScroll: true });
    show();
  };

  let asked = 0;
  const later = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(show);
  };
  window.addEventListener('scroll', later, { passive: true });
  window.addEventListener('resize', later);
  let available = 0;
  new ResizeObserver(() => {
    if (list.clientWidth !== available) measure();
    available = list.clientWidth;
  }).observe(list);

  list.addEventListener('keydown', (event) => {
    const step = stepOf(event.key, current, columns, count);
    if (step === undefined) return;
    event.preventDefault();
    focus(Math.min(count - 1, Math.max(0, current + step)));
  });

  return {
    element: list,
    reset: (items) => {
      count = items;
      current = 0;
      measure();
    },
    update: () => {
      for (const cell of cells.values()) cell.update();
    },
    focus,
  };
};
