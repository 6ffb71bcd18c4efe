import { localise } from '../../localise/localise.js';
import { extentOf } from '../../localise/plane.js';
import type { BoxRule } from '../../localise/rule.js';
import type { Box, Size } from '../../maps/box.js';
import type { ClassMap } from '../../maps/class-map.js';
import { percent } from '../../maps/remarks.js';
import type { ExplainedPhoto } from '../data.js';
import { element } from './dom.js';

/** Where a box of a photo lies in a picture of it. */
export const styleOf = ({ x, y, width, height }: Box, photo: Size) => ({
  left: `${(x / photo.width) * 100}%`,
  top: `${(y / photo.height) * 100}%`,
  width: `${(width / photo.width) * 100}%`,
  height: `${(height / photo.height) * 100}%`,
});

/** The boxes of a map, for the frame that its photo fills. Each has a sign with its share of the evidence. */
export const boxElements = (photo: ExplainedPhoto, map: ClassMap, rule: BoxRule): readonly HTMLElement[] => {
  return localise(map, extentOf(photo), rule).parts.map(({ box, share }) => {
    const drawn = element('span', { className: 'box' }, element('span', { className: 'sign' }, percent(share)));
    Object.assign(drawn.style, styleOf(box, photo));
    return drawn;
  });
};
