import type { Scale, scaleNames } from '../../cam/scale.js';
import { type ColormapName, colormaps } from '../../render/colormaps/index.js';
import { colourBar } from './colour-bar.js';
import type { Report } from './data.js';
import { type Choices, element, field, selectOf } from './dom.js';
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

const rankNames = ['Best class', '2nd best', '3rd best'];

const shownText = (shown: Shown): string =>
  shown.by === 'rank' ? `rank ${shown.rank}` : shown.by === 'class' ? `class ${shown.class}` : 'folder';

const shownOf = (text: string): Shown => {
  const [by, number] = text.split(' ');
  if (by === 'rank') return { by, rank: Number(number) };
  return by === 'class' ? { by, class: Number(number) } : { by: 'folder' };
};

/** The k best classes where each photo has its own; else the classes asked for, which all photos have. */
const shownChoices = ({ run }: Report, classes: readonly ClassSummary[]): Choices => {
  const asked = Array.isArray(run.options.classes) && run.options.classes.length > 0;
  const ranks = Array.from({ length: asked ? 0 : run.ranks }, (_, rank) => [
    shownText({ by: 'rank', rank }),
    rankNames[rank] ?? `${rank + 1}th best`,
  ]) as unknown as Choices;
  const folder = run.folders.areClasses ? [[shownText({ by: 'folder' }), 'The folder’s class'] as const] : [];
  const single = classes
    .filter(({ maps }) => maps.length > 0)
    .map(({ class: index }) => [shownText({ by: 'class', class: index }), className(run.classes, index)] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, 'en'));
  return [...ranks, ...folder, ...single];
};

const colormapChoices = (scale: Scale): Choices =>
  Object.entries(colormaps)
    .filter(([, { diverging }]) => diverging === (scale === 'signed'))
    .map(([name]) => [name, name] as const);

/** The first colormap that fits a scale, unless the present one does: zero in the middle needs two directions. */
const colormapFor = (scale: Scale, colormap: ColormapName): ColormapName => {
  const fitting = colormapChoices(scale).map(([name]) => name);
  return fitting.includes(colormap) ? colormap : (fitting[0] as ColormapName);
};

/** What is shown of all photos, and how. */
export const lookControls = (report: Report, store: Store, classes: readonly ClassSummary[]): HTMLElement => {
  const change = (part: Partial<Look>) => store.set({ look: { ...store.get().look, ...part } });
  const { look, opacity } = store.get();

  const shown = selectOf(shownChoices(report, classes), shownText(look.shown), (text) =>
    change({ shown: shownOf(text) }),
  );
  const colormap = selectOf([], look.colormap, (name) => change({ colormap: name as ColormapName }));
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
  const names = Object.entries(scaleChoices);
  const scale = selectOf(names, typeof look.scale === 'number' ? 'shared' : look.scale, (name) => {
    const chosen = name === 'shared' ? Number(top.value) : (name as (typeof scaleNames)[number]);
    change({ scale: chosen, colormap: colormapFor(chosen, store.get().look.colormap) });
  });
  const fade = element('input', { type: 'checkbox', checked: look.fade });
  fade.addEventListener('change', () => change({ fade: fade.checked }));

  const shownField = field('Class shown', shown);
  const follow = () => {
    const { look: now, view } = store.get();
    shownField.hidden = view !== 'photos';
    topField.hidden = typeof now.scale !== 'number';
    colormap.replaceChildren(...colormapChoices(now.scale).map(([value]) => element('option', { value }, value)));
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
