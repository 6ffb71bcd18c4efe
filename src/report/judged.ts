import { EVALUATION_LINES, EVALUATION_VERSION } from '../evaluate/evaluation.js';
import { reasons } from '../evaluate/words.js';
import type { FourNumbers } from '../maps/box.js';
import { isNumber, isRecord, isText, parseJson } from '../results/json.js';
import type { Store } from '../stores/store.js';
import type { JudgedEntry } from './data.js';
import { textLines } from './text-lines.js';

/** evaluation.jsonl as the page needs it. Nobody promises that gapcam wrote it. */

/** Most boxes of a class that are drawn, and most classes of a photo. */
const [MOST_BOXES, MOST_CLASSES] = [200, 1000];

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const isBox = (value: unknown): value is FourNumbers =>
  Array.isArray(value) && value.length === 4 && value.every(isNumber) && value[2] >= 0 && value[3] >= 0;

const boxOf = (box: FourNumbers) => box.map((value) => rounded(value, 2)) as unknown as FourNumbers;

/** Numbers of outlines that are drawn. */
const MOST_NUMBERS = 2000;

const isLine = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length >= 6 && value.length % 2 === 0 && value.every(Number.isSafeInteger);

/** Closed lines as the data of an SVG path, each corner by its distance from the one before: a third of the text. */
const pathOf = (lines: readonly (readonly number[])[]): string =>
  lines
    .map((line) => {
      const steps = line.slice(2).map((value, i) => value - line[i]);
      return `M${line[0]} ${line[1]}l${steps.join(' ').replaceAll(' -', '-')}z`;
    })
    .join('');

/** What is drawn of masks: the first lines, as many as are bounded. Undefined: there is nothing. */
const outlineOf = (outlines: unknown): string | undefined => {
  if (!Array.isArray(outlines)) return undefined;
  let left = MOST_NUMBERS;
  const lines = outlines.filter(isLine).filter(({ length }) => {
    left -= length;
    return left >= 0;
  });
  return lines.length === 0 ? undefined : pathOf(lines);
};

const isShare = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= 1;

type Fields = Readonly<Record<string, unknown>>;

/** Where the map's evidence lies. Undefined: the line does not say it as an evaluation does. */
const verdictsOf = ({ box, iou, point, near, hit, inside }: Fields): JudgedEntry['map'] | undefined => {
  if (box !== null && !isBox(box)) return undefined;
  if (!isShare(iou) || !isShare(inside) || typeof near !== 'boolean' || typeof hit !== 'boolean') return undefined;
  if (!Array.isArray(point) || point.length !== 2 || !point.every(isNumber)) return undefined;
  const [x, y] = point.map((value: number) => rounded(value, 2));
  return { box: box && boxOf(box), iou: rounded(iou, 4), point: [x, y], near, hit, inside: rounded(inside, 4) };
};

/** @param labels number of the run's classes. */
const entryOf = (line: Fields, labels: number): JudgedEntry | undefined => {
  const { class: index, first, truth, outlines, leftOut } = line;
  if (!isNumber(index) || !Number.isInteger(index) || index < 0 || index >= labels) return undefined;
  if (typeof first !== 'boolean' || !Array.isArray(truth) || !truth.every(isBox)) return undefined;
  const map = leftOut === undefined ? verdictsOf(line) : undefined;
  if (map === undefined && !(isText(leftOut) && Object.hasOwn(reasons, leftOut))) return undefined;
  const more = truth.length - MOST_BOXES;
  const outline = outlineOf(outlines);
  return {
    class: index,
    first,
    truth: truth.slice(0, MOST_BOXES).map(boxOf),
    ...(outline !== undefined && { outline }),
    ...(more > 0 && { more }),
    ...(map === undefined ? { leftOut: leftOut as keyof typeof reasons } : { map }),
  };
};

/** A line's photo, and what it says of one of its classes: nothing where the photo has none. */
interface Judged {
  readonly photo: string;
  readonly entry: JudgedEntry | undefined;
}

const judgedOf = (text: string | undefined, labels: number): Judged | undefined => {
  let line: unknown;
  try {
    line = text === undefined ? undefined : parseJson(text);
  } catch {
    return undefined;
  }
  if (!isRecord(line) || line.evaluation !== EVALUATION_VERSION || !isText(line.photo)) return undefined;
  const { photo } = line;
  if (line.class === undefined) return isText(line.leftOut) ? { photo, entry: undefined } : undefined;
  const entry = entryOf(line, labels);
  return entry && { photo, entry };
};

/** Goes along a run's evaluation beside its manifest, in the same order. Holds one photo's lines in memory. */
export interface JudgedReader {
  /** What is said of the next photo of the manifest. */
  readonly of: (photo: string) => Promise<readonly JudgedEntry[]>;
  /** Number of lines that could not be read, or that no photo followed. */
  readonly end: () => Promise<number>;
}

/** @param labels number of the run's classes. */
export const judgedReader = (store: Store, labels: number): JudgedReader => {
  const lines = textLines(store.read(EVALUATION_LINES));
  let head: Judged | undefined;
  let [begun, lost] = [false, 0];
  const advance = async () => {
    head = undefined;
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      head = judgedOf(next.value, labels);
      if (head !== undefined) return;
      lost++;
    }
  };
  return {
    of: async (photo) => {
      if (!begun) await advance();
      begun = true;
      const found: JudgedEntry[] = [];
      while (head?.photo === photo) {
        if (head.entry !== undefined && found.length < MOST_CLASSES) found.push(head.entry);
        await advance();
      }
      return found;
    },
    end: async () => {
      if (!begun) await advance();
      for (; head !== undefined; lost++) await advance();
      return lost;
    },
  };
};
