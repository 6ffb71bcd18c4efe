import { readBlacklist } from '../evaluate/blacklist.js';
import { type Evaluated, evaluate as evaluateRun } from '../evaluate/evaluate.js';
import { EVALUATION } from '../evaluate/evaluation.js';
import { type MetricName, metrics } from '../evaluate/metrics/index.js';
import { evaluateOptions, type Least } from '../evaluate/options.js';
import { leftOutLines } from '../evaluate/words.js';
import { defineOption } from '../options/define.js';
import { keysOf, text } from '../options/values.js';
import { REPORT } from '../report/own-files.js';
import { newTally } from '../run/tally.js';
import { placeOf } from '../stores/index.js';
import { below } from '../stores/places.js';
import type { Terminal } from '../terminal/contract.js';
import { belowLines, evaluatedLine, evaluationTable, nothingLines } from '../terminal/evaluation-lines.js';
import { asJson } from '../terminal/json.js';
import { showProgress } from '../terminal/progress.js';
import { defineCommand } from './command.js';
import { renewReport } from './report-run.js';
import { shareCores } from './share-cores.js';
import { unlessStopped } from './unless-interrupted.js';

/** The metrics to compute: those asked for, and those that must not be too low. */
const wantedMetrics = (
  asked: readonly MetricName[] | undefined,
  least: readonly Least[],
  blacklist: string | undefined,
): readonly MetricName[] => {
  // The challenge's error is that of top-5-loc, but for the photos on its list.
  const usual = keysOf(metrics).filter((name) => name !== 'CLS-LOC-error' || blacklist !== undefined);
  const wanted = new Set([...(asked ?? usual), ...least.map(({ metric }) => metric)]);
  return keysOf(metrics).filter((name) => wanted.has(name));
};

const show = ({ evaluation, firstFault }: Evaluated, json: boolean, place: string, { print, note }: Terminal): void => {
  if (json) print(asJson(evaluation));
  else for (const line of evaluationTable(evaluation)) print(line);
  const faults = firstFault === undefined ? [] : [firstFault];
  for (const line of [...leftOutLines(evaluation), ...faults, ...evaluation.remarks, evaluatedLine(evaluation, place)])
    note(line);
};

export const evaluate = defineCommand({
  usage: 'evaluate <run>',
  description: "Hold a run's maps against what is true of its photos",
  positionals: {
    run: defineOption({ values: text('a folder'), required: true, describe: 'The --output of a run' }),
  },
  options: evaluateOptions,
  examples: [['$0 evaluate out --truth instances.json', 'Accuracy, boxes, pointing game and evidence inside']],
  run: async (given, terminal) => {
    const { run, truth, mapClasses, metric, profile, threshold, blacklist, failUnder: least = [], jobs, json } = given;
    const { note, signal } = terminal;
    // Before the progress line begins, which would go on after a refusal.
    const [output, { processes }] = [placeOf(run), shareCores(jobs, 1, undefined)];
    const isBlacklisted = blacklist === undefined ? () => false : readBlacklist(blacklist);
    const tally = newTally();
    let counted: (count: number) => void = () => {};
    const counting = new Promise<number>((resolve) => {
      counted = resolve;
    });
    const stop = showProgress(terminal, tally, counting);
    const work = evaluateRun({
      output,
      truth,
      mapClasses,
      profile,
      threshold,
      metrics: wantedMetrics(metric, least, blacklist),
      measured: metric === undefined,
      isBlacklisted,
      processes,
      signal,
      onCount: (count) => counted(count),
      onPhoto: () => {
        tally.start ??= performance.now();
        tally.done++;
      },
    });
    const evaluated = await unlessStopped(work, signal).finally(stop);
    if (evaluated === undefined) return 130;
    show(evaluated, json, below(run, EVALUATION), terminal);
    const report = await renewReport(output, signal);
    if (report === 'interrupted') return 130;
    if (report === 'made') note(`Report: ${below(run, REPORT)}`);
    const { evaluation, firstFault } = evaluated;
    const low = [...nothingLines(evaluation), ...belowLines(evaluation, least)];
    for (const line of low) note(line);
    return low.length > 0 || evaluation.unreadable > 0 || firstFault !== undefined ? 1 : 0;
  },
});
