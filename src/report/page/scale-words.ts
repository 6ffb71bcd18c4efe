import { withUnit } from '../../maps/remarks.js';
import type { LogitRange, Scale } from '../../maps/scale.js';
import { inUnit, measured } from './words.js';

/** What one map's colours stand for, in words and its unit. */
export const rangeWords = (range: LogitRange, scale: Scale, unit: string): string => {
  if (range === null) return 'shows no heat';
  const ends = withUnit(`${measured(range[0], unit)} to ${measured(range[1], unit)}`, unit);
  if (typeof scale === 'number') return `${ends}, the same for every photo`;
  const meaning = {
    map: "the map's own largest value",
    image: 'the largest of all maps of this photo',
    signed:
      unit === 'logits'
        ? "against the class to for it, the map's own largest magnitude"
        : "below to above, the map's own largest magnitude",
    minmax: "the map's own smallest to largest value",
  } as const;
  return `${ends}, ${meaning[scale]}`;
};

/** What the colours of all photos' maps stand for: the ends of the colour bar, and whether photos compare. */
export const scaleWords = (
  scale: Scale,
  unit: string,
): { readonly low: string; readonly high: string; readonly note: string } => {
  if (typeof scale === 'number') {
    return {
      low: withUnit('0', unit),
      high: withUnit(measured(scale, unit), unit),
      note: 'The same in every photo: colours compare between photos.',
    };
  }
  const words = {
    map: {
      low: withUnit('0', unit),
      high: 'each map’s largest',
      note: 'Each map has its own scale: colours do not compare between photos.',
    },
    image: {
      low: withUnit('0', unit),
      high: 'each photo’s largest',
      note: 'Colours compare between the classes of one photo, not between photos.',
    },
    signed: {
      low: unit === 'logits' ? 'against the class' : 'makes it smaller',
      high: unit === 'logits' ? 'for the class' : 'makes it larger',
      note: `Zero is the middle, the ends are each map’s largest magnitude${inUnit(unit)}: colours do not compare between photos.`,
    },
    minmax: {
      low: 'each map’s smallest',
      high: 'each map’s largest',
      note: `Every map is stretched${inUnit(unit)}, even one without evidence: colours say nothing about how much there is.`,
    },
  } as const;
  return words[scale];
};
