import { localise } from '../../localise/localise.js';
import type { BoxRule } from '../../localise/rule.js';
import type { ClassMap } from '../../maps/class-map.js';
import { percent } from '../../maps/remarks.js';
import type { ExplainedPhoto } from '../data.js';
import { element } from './dom.js';
import { boxOf } from './heat.js';

/** The boxes of a map, for the frame that its photo fills. Each has a sign with its share of the evidence. */
export const boxElements = (photo: ExplainedPhoto, map: ClassMap, rule: BoxRule): readonly HTMLElement[] => {
  const { parts } = localise(map, { photo, field: boxOf(photo.field), seen: boxOf(photo.seen) }, rule);
  return parts.map(({ box: { x, y, width, height }, share }) => {
    const drawn = element('span', { className: 'box' }, element('span', { className: 'sign' }, percent(share)));
    Object.assign(drawn.style, {
      left: `${(x / photo.width) * 100}%`,
      top: `${(y / photo.height) * 100}%`,
      width: `${(width / photo.width) * 100}%`,
      height: `${(height / photo.height) * 100}%`,
    });
    return drawn;
  });
};
