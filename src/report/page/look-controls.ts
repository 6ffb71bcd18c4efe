import type { Scale, scaleNames } from '../../maps/scale.js';
import { type ColormapName, colormaps } from '../../render/colormaps/index.js';
import { colourBar } from './colour-bar.js';
import type { Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
import { asksForClasses } from './initial-state.js';
import type { Look, Shown, State, Store } from './state.js';
import type { ClassSummary } from './summary.js';
import { className, inUnit } from './words.js';

const scaleChoices: Readonly<Record<(typeof scaleNames)[number] | 'shared', string>> = {
  map: 'Each map its own',
  image: 'Each photo its own',
  shared: 'Shared by all photos',
  signed: 'Signed: for and against',
  minmax: 'Stretched (min–max)',
};

const rankName = (rank: number): string => ['Best class', '2nd best', '3rd best'][rank] ?? `No. ${rank + 1}`;

const shownText = (shown: Shown): string =>
  shown.by === 'rank' ? `rank ${shown.rank}` : shown.by === 'class' ? `class ${shown.class}` : 'folder';

const shownOf = (text: string): Shown => {
  const [by, number] = text.split(' ');
  if (by === 'rank') return { by, rank: Number(number) };
  return by === 'class' ? { by, class: Number(number) } : { by: 'folder' };
};

/** The ranks, unless the run was asked for classes alone; the folder's class; and each class that has maps. */
const shownChoices = ({ run }: Report, classes: readonly ClassSummary[]): Choices => {
  const ranks = Array.from(
    { length: asksForClasses(run) && run.ranks > 0 ? 0 : Math.max(1, run.ranks) },
    (_, rank): Choices[number] => [shownText({ by: 'rank', rank }), rankName(rank)],
  );
  const folder = run.folders.areClasses ? [[shownText({ by: 'folder' }), 'The folder’s class'] as const] : [];
  const single = classes
    .filter(({ maps }) => maps.length > 0)
    .map(({ class: index }) => [shownText({ by: 'class', class: index }), className(run.classes, index)] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, 'en'));
  return [...ranks, ...folder, ...single];
};

/**
 * The signed scale has zero in its middle and needs a diverging colormap. In any other scale, the middle colour of such
 * a colormap would mean half the evidence, not none.
 */
const fits = (name: ColormapName, scale: Scale): boolean => (scale === 'signed') === colormaps[name].diverging;

const colormapNames = Object.keys(colormaps) as ColormapName[];

/** Keeps the colormaps used last for the signed scale and for the others, so that each comes back with its scale. */
const rememberColormaps = ({ scale, colormap }: Look) => {
  const firstFor = (scale: Scale) => colormapNames.find((name) => fits(name, scale)) ?? colormap;
  const used = { signed: firstFor('signed'), other: firstFor('map') };
  const kindOf = (scale: Scale) => (scale === 'signed' ? 'signed' : 'other');
  used[kindOf(scale)] = colormap;
  return {
    use: (scale: Scale, name: ColormapName) => {
      used[kindOf(scale)] = name;
    },
    of: (scale: Scale): ColormapName => used[kindOf(scale)],
  };
};

/** A part of the controls, and how it follows the state. */
interface Control {
  readonly fields: readonly HTMLElement[];
  readonly follow: (state: State) => void;
}

type Change = (part: Partial<Look>) => void;

const shownControl = (report: Report, classes: readonly ClassSummary[], look: Look, change: Change): Control => {
  const shown = selectOf(shownChoices(report, classes), shownText(look.shown), (text) =>
    change({ shown: shownOf(text) }),
  );
  const shownField = field(report.hasScores ? 'Class shown' : 'Number shown', shown);
  return {
    fields: [shownField],
    follow: ({ look: now, view }) => {
      shownField.hidden = view !== 'photos';
      shown.value = shownText(now.shown);
    },
  };
};

/** @param colormapOf the colormap to go on with in a scale. */
const scaleControl = (
  { run, unit }: Report,
  look: Look,
  colormapOf: (scale: Scale) => ColormapName,
  change: Change,
): Control => {
  const shared = typeof look.scale === 'number';
  const top = element('input', { type: 'number', min: '0', step: 'any' });
  const topField = field(`Full colour at${inUnit(unit)}`, top);
  top.value = String(shared ? look.scale : Number(run.largest.toPrecision(3)));
  top.addEventListener('input', () => {
    if (Number(top.value) > 0) change({ scale: Number(top.value) });
  });
  const scale = selectOf(Object.entries(scaleChoices), shared ? 'shared' : String(look.scale), (name) => {
    const chosen = name === 'shared' ? Number(top.value) : (name as (typeof scaleNames)[number]);
    change({ scale: chosen, colormap: colormapOf(chosen) });
  });
  return {
    fields: [field('Scale', scale), topField],
    follow: ({ look: now }) => {
      topField.hidden = typeof now.scale !== 'number';
    },
  };
};

const colormapControl = (look: Look, onChange: (name: ColormapName) => void): Control => {
  const colormap = selectOf([], look.colormap, (name) => onChange(name as ColormapName));
  return {
    fields: [field('Colours', colormap)],
    follow: ({ look: now }) => {
      // The colormap of the run is offered even where it does not fit: the page starts as the run's pictures look.
      const names = colormapNames.filter((name) => fits(name, now.scale) || name === now.colormap);
      colormap.replaceChildren(...names.map((value) => element('option', { value }, value)));
      colormap.value = now.colormap;
    },
  };
};

const opacityField = (store: Store): HTMLElement => {
  const slider = element('input', { type: 'range', min: '0', max: '100', step: '1' });
  slider.value = String(store.get().opacity * 100);
  const words = element('output', {}, `${slider.value} %`);
  slider.addEventListener('input', () => {
    words.textContent = `${slider.value} %`;
    store.set({ opacity: Number(slider.value) / 100 });
  });
  return field('Opacity', slider, words);
};

/** What is shown of all photos, and how. */
export const lookControls = (report: Report, store: Store, classes: readonly ClassSummary[]): HTMLElement => {
  const change: Change = (part) => store.set({ look: { ...store.get().look, ...part } });
  const { look } = store.get();
  const used = rememberColormaps(look);
  const shown = shownControl(report, classes, look, change);
  const scale = scaleControl(report, look, used.of, change);
  const colormap = colormapControl(look, (name) => {
    used.use(store.get().look.scale, name);
    change({ colormap: name });
  });
  const fade = element('input', { type: 'checkbox', checked: look.fade });
  fade.addEventListener('change', () => change({ fade: fade.checked }));

  const follow = () => {
    for (const control of [shown, scale, colormap]) control.follow(store.get());
  };
  store.subscribe((now, before) => {
    if (now.look !== before.look || now.view !== before.view) follow();
  });
  follow();
  return element(
    'fieldset',
    {},
    element('legend', {}, 'Heatmap'),
    ...shown.fields,
    ...scale.fields,
    ...colormap.fields,
    colourBar(store, report.unit),
    opacityField(store),
    element('label', { className: 'check' }, fade, ' Clear where there is no evidence'),
  );
};
