import type { Scale, scaleNames } from '../../maps/scale.js';
import { type ColormapName, colormaps } from '../../render/colormaps/index.js';
import { colourBar } from './colour-bar.js';
import type { Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
import { asksForClasses } from './initial-state.js';
import type { Look, Shown, Store } from './state.js';
import type { ClassSummary } from './summary.js';
import { className } from './words.js';

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

/** The k best classes where each photo has its own; else the classes asked for, which all photos have. */
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

/** Zero in the middle needs a colormap with a colour for it, which would mean half the evidence in any other scale. */
const fits = (name: ColormapName, scale: Scale): boolean => (scale === 'signed') === colormaps[name].diverging;

const colormapNames = Object.keys(colormaps) as ColormapName[];

/** The colormap used last for signed maps and for others, so that going there and back changes nothing. */
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

/** What is shown of all photos, and how. */
export const lookControls = (report: Report, store: Store, classes: readonly ClassSummary[]): HTMLElement => {
  const change = (part: Partial<Look>) => store.set({ look: { ...store.get().look, ...part } });
  const { look, opacity } = store.get();

  const shown = selectOf(shownChoices(report, classes), shownText(look.shown), (text) =>
    change({ shown: shownOf(text) }),
  );
  const used = rememberColormaps(look);
  const colormap = selectOf([], look.colormap, (name) => {
    used.use(store.get().look.scale, name as ColormapName);
    change({ colormap: name as ColormapName });
  });
  const opacitySlider = element('input', { type: 'range', min: '0', max: '100', step: '1' });
  opacitySlider.value = String(opacity * 100);
  const opacityWords = element('output', {}, `${opacitySlider.value} %`);
  opacitySlider.addEventListener('input', () => {
    opacityWords.textContent = `${opacitySlider.value} %`;
    store.set({ opacity: Number(opacitySlider.value) / 100 });
  });

  const top = element('input', { type: 'number', min: '0', step: 'any' });
  const topField = field('Full colour at, in logits', top);
  top.value = String(typeof look.scale === 'number' ? look.scale : Number(report.run.largest.toPrecision(3)));
  top.addEventListener('input', () => {
    if (Number(top.value) > 0) change({ scale: Number(top.value) });
  });
  const scale = selectOf(
    Object.entries(scaleChoices),
    typeof look.scale === 'number' ? 'shared' : look.scale,
    (name) => {
      const chosen = name === 'shared' ? Number(top.value) : (name as (typeof scaleNames)[number]);
      change({ scale: chosen, colormap: used.of(chosen) });
    },
  );
  const fade = element('input', { type: 'checkbox', checked: look.fade });
  fade.addEventListener('change', () => change({ fade: fade.checked }));

  const shownField = field('Class shown', shown);
  const follow = () => {
    const { look: now, view } = store.get();
    shownField.hidden = view !== 'photos';
    topField.hidden = typeof now.scale !== 'number';
    // A run may have chosen another one, and the page starts as its pictures look.
    const names = colormapNames.filter((name) => fits(name, now.scale) || name === now.colormap);
    colormap.replaceChildren(...names.map((value) => element('option', { value }, value)));
    colormap.value = now.colormap;
    shown.value = shownText(now.shown);
  };
  store.subscribe((now, before) => {
    if (now.look !== before.look || now.view !== before.view) follow();
  });
  follow();
  return element(
    'fieldset',
    {},
    element('legend', {}, 'Heatmap'),
    shownField,
    field('Scale', scale),
    topField,
    field('Colours', colormap),
    colourBar(store),
    field('Opacity', opacitySlider, opacityWords),
    element('label', { className: 'check' }, fade, ' Clear where there is no evidence'),
  );
};
