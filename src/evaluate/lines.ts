import { EVALUATION_VERSION } from './evaluation.js';
import type { JudgedClass, JudgedPhoto, Verdicts } from './judged.js';

/** Fewer digits than a float64 has: what follows says nothing of a photo. */
const rounded = (value: number): number => Number(value.toPrecision(9));

const verdictsOf = ({ box, iou, point, near, hit, inside }: Verdicts) => ({
  box: box?.map(rounded) ?? null,
  iou: rounded(iou),
  point,
  near,
  hit,
  inside: rounded(inside),
});

const classLine = ({ photo, entry }: JudgedPhoto, judged: JudgedClass, labels: readonly string[]) => {
  const { class: index, first, amongFive, difficult, truth, outlines, leftOut, map } = judged;
  return {
    evaluation: EVALUATION_VERSION,
    photo,
    entry,
    class: index,
    label: labels[index],
    first,
    amongFive: amongFive ?? null,
    ...(difficult && { difficult }),
    truth: truth.map((box) => box.map(rounded)),
    outlines,
    ...(leftOut !== undefined && { leftOut }),
    ...(map !== undefined && verdictsOf(map)),
  };
};

/** Lines of evaluation.jsonl of a photo: one for each true class, or one that says why there is none. */
export const evaluationLines = (judged: JudgedPhoto, labels: readonly string[]): readonly string[] => {
  const { photo, entry, leftOut, message, classes } = judged;
  if (leftOut !== undefined)
    return [JSON.stringify({ evaluation: EVALUATION_VERSION, photo, entry, leftOut, message })];
  return classes.map((one) => JSON.stringify(classLine(judged, one, labels)));
};
