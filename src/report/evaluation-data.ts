import type { Store } from '../stores/store.js';
import type { ClassEntry, JudgedEntry, ReportRun } from './data.js';
import { listFiles, writeData } from './data-files.js';
import { readEvaluation } from './evaluation.js';
import { judgedReader } from './judged.js';

/** Classes in one file. */
const CLASSES = 1000;

/** A run's evaluation, as it is joined to the photos of a report. */
export interface EvaluationData {
  /** What is said of the next photo of the manifest. */
  readonly judgedOf: (photo: string) => Promise<readonly JudgedEntry[]>;
  /** Writes what is said of classes. @returns the evaluation as the page needs it. */
  readonly end: () => Promise<ReportRun['evaluation']>;
}

/** @param data folder of the data files. @param labels number of the run's classes. @throws the signal's reason. */
export const evaluationData = async (
  store: Store,
  data: string,
  labels: number,
  signal?: AbortSignal,
): Promise<EvaluationData> => {
  const found = await readEvaluation(store, labels, signal);
  if (found === undefined || typeof found === 'string') return { judgedOf: async () => [], end: async () => found };
  const { classes, ...evaluation } = found;
  const reader = judgedReader(store, labels);
  return {
    judgedOf: reader.of,
    end: async () => {
      const files = listFiles<ClassEntry>(CLASSES, (n, items) => writeData(store, data, `classes-${n}`, items));
      for (const one of classes) await files.add(one, 1);
      return { ...evaluation, classFiles: (await files.end()).length, lost: await reader.end() };
    },
  };
};
