import type { Format, FoundPhoto } from '../format.js';

const columns = [
  ...['photo', 'photo_width', 'photo_height', 'class', 'label', 'logit', 'score', 'verdict'],
  ...['box', 'x', 'y', 'width', 'height', 'evidence', 'share'],
];

type Value = string | number | null;

/** RFC 4180: quoted where it holds a comma, a quote or the end of a line. */
const field = (value: Value): string => {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const rowOf = (values: readonly Value[]): string => `${values.map(field).join(',')}\r\n`;

/** A row a box. A map without boxes has one row, without a box. */
const rowsOf = ({ line: { photo, width, height }, findings }: FoundPhoto): readonly string[] =>
  findings.flatMap(({ map, parts }) => {
    const start = [photo, width, height, map.class, map.label, map.logit, map.score, map.verdict];
    if (parts.length === 0) return [rowOf([...start, null, null, null, null, null, null, null])];
    return parts.map(({ box, evidence, share }, i) =>
      rowOf([...start, i + 1, box.x, box.y, box.width, box.height, evidence, share]),
    );
  });

/** Boxes are in the upright photo, in pixels from 0; edges lie between pixels. */
export const csv: Format = {
  readers: 'spreadsheets, pandas, R',
  convert: async function* ({ photos }) {
    const pieces = async function* () {
      yield rowOf(columns);
      for await (const photo of photos()) yield rowsOf(photo).join('');
    };
    yield { name: 'boxes.csv', content: pieces() };
  },
};
