import { type BoxRule, ruleWords } from '../../localise/rule.js';
import { element, field, selectOf } from './dom.js';
import type { Store } from './state.js';

/** A kind of rule with the numbers that its slider goes through. */
interface Slider {
  readonly text: string;
  readonly start: number;
  /** The rule at a place of the slider, 1 to 99. @param largest value of all maps, in logits. */
  readonly ruleAt?: (place: number, largest: number) => BoxRule;
}

const sliders: Readonly<Record<'none' | BoxRule['kind'], Slider>> = {
  none: { text: 'None', start: 0 },
  'of-max': {
    text: 'Share of the largest value',
    start: 20,
    ruleAt: (place) => ({ kind: 'of-max', share: place / 100 }),
  },
  share: {
    text: 'Share of the evidence',
    start: 80,
    ruleAt: (place) => ({ kind: 'share', share: place / 100 }),
  },
  logits: {
    text: 'A fixed value',
    start: 20,
    ruleAt: (place, largest) => ({ kind: 'logits', logits: Number(((place / 100) * largest).toPrecision(3)) }),
  },
  otsu: { text: 'Otsu’s threshold', start: 0 },
};

type Kind = keyof typeof sliders;

const placeOf = (rule: BoxRule | undefined, largest: number): number => {
  if (rule === undefined || rule.kind === 'otsu') return 0;
  const share = rule.kind === 'logits' ? rule.logits / largest : rule.share;
  return Math.min(99, Math.max(1, Math.round(share * 100)));
};

/** The rule by which boxes are drawn on all photos, and a slider for its number. @param largest value of all maps, in logits. */
export const boxControls = (store: Store, largest: number): HTMLElement => {
  const change = (boxes: BoxRule | undefined) => store.set({ look: { ...store.get().look, boxes } });
  const words = element('output');
  const slider = element('input', { type: 'range', min: '1', max: '99', step: '1' });
  const sliderField = field('Threshold', slider, words);
  const { boxes } = store.get().look;
  let kind: Kind = boxes?.kind ?? 'none';
  slider.value = String(placeOf(boxes, largest));
  const take = () => {
    const { ruleAt } = sliders[kind];
    change(kind === 'none' ? undefined : (ruleAt?.(Number(slider.value), largest) ?? { kind: 'otsu' }));
  };
  const choices = Object.entries(sliders).filter(([name]) => name !== 'logits' || largest > 0);
  const select = selectOf(
    choices.map(([name, { text }]) => [name, text] as const),
    kind,
    (name) => {
      kind = name as Kind;
      slider.value = String(sliders[kind].start);
      take();
    },
  );
  slider.addEventListener('input', take);
  const follow = () => {
    const rule = store.get().look.boxes;
    sliderField.hidden = sliders[kind].ruleAt === undefined;
    words.textContent = rule === undefined ? '' : ruleWords(rule);
  };
  store.subscribe((now, before) => {
    if (now.look.boxes !== before.look.boxes) follow();
  });
  follow();
  return element('fieldset', {}, element('legend', {}, 'Boxes'), field('Around', select), sliderField);
};
