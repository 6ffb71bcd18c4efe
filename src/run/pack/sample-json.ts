import { type PhotoLine, toText } from '../../results/line.js';
import { asUtf8 } from '../../stores/paths.js';

/**
 * A photo's line as it lies in a tar. Readers that make columns of the samples' JSON, such as Hugging Face's, take their types from
 * the first samples: so reals are always written as reals, 0 as 0.0, and what only some photos have is left out where it is empty.
 */

const REAL = 'logit|score|margin|bias|mean|min|max|residual|share|evidence';
const REALS = 'seen|field|map|range|range16|box|curve';

// Inside of strings quotes are escaped, so no label is taken for a field.
const real = new RegExp(String.raw`("(?:${REAL})":-?\d+)(?=[,}])`, 'g');
const reals = new RegExp(String.raw`"(?:${REALS})":\[[^\]]*\]`, 'g');
const parts = /"parts":\{[^{}]*\}/g;
const whole = /(?<=[[,:])-?\d+(?=[,\]}])/g;

const withPoints = (list: string): string => list.replace(whole, (number) => `${number}.0`);

const typed = (text: string): string =>
  text.replace(real, '$1.0').replace(reals, withPoints).replace(parts, withPoints);

/** @param line whose files are called by their names in the tar. */
export const sampleJson = (line: PhotoLine): Buffer => {
  const maps = line.maps.map(({ range, boxes, ...map }) => ({
    ...map,
    range: range ?? undefined,
    boxes: boxes?.length === 0 ? undefined : boxes,
  }));
  return Buffer.from(typed(toText({ ...line, photo: asUtf8(line.photo), maps: maps as PhotoLine['maps'] })));
};
