import { type ClassResult, type MetricResult, stated } from './evaluation.js';
import type { JudgedPhoto } from './judged.js';
import { type MetricName, metrics } from './metrics/index.js';
import type { Accumulator, Circumstances, Metric, Result } from './metrics/metric.js';
import { SAMPLES, weigh } from './statistics/weights.js';

/** A metric being gathered, of the maps and of a bright spot in the middle. */
interface Gathered {
  readonly name: MetricName;
  readonly metric: Metric;
  readonly map: Accumulator;
  readonly centre: Accumulator | undefined;
}

const metricResult = (
  { metric }: Gathered,
  { leftOut, at, ...estimate }: Result,
  centre: Result | undefined,
  circumstances: Circumstances,
): MetricResult => ({
  ...stated(estimate),
  centre: centre === undefined ? null : { value: stated(centre).value, ci95: stated(centre).ci95 },
  rule: metric.words(circumstances),
  ...(metric.isError === true && { isError: true }),
  ...(at !== undefined && { at }),
  leftOut: Object.fromEntries(leftOut),
});

/** For each class its part of all metrics, in the order of classes. */
const perClass = (
  results: readonly (readonly [name: string, map: Result, centre: Result | undefined])[],
  labels: readonly string[],
): readonly ClassResult[] => {
  const indices = new Set(results.flatMap(([, { classes }]) => [...classes.keys()]));
  return [...indices]
    .sort((a, b) => a - b)
    .map((index) => ({
      class: index,
      label: labels[index],
      metrics: Object.fromEntries(
        results.flatMap(([name, map, centre]) => {
          const found = map.classes.get(index);
          const spot = centre?.classes.get(index)?.value;
          return found === undefined ? [] : [[name, { ...stated(found), ...(spot !== undefined && { centre: spot }) }]];
        }),
      ),
    }));
};

/** Gathers all metrics that are asked for, photo by photo. */
export const gatherer = (names: readonly MetricName[], circumstances: Circumstances) => {
  const all = names.map((name): Gathered => {
    const metric: Metric = metrics[name];
    const centre = metric.hasCentre ? metric.begin('centre', circumstances) : undefined;
    return { name, metric, map: metric.begin('map', circumstances), centre };
  });
  const weights = new Uint8Array(SAMPLES);
  return {
    add: (photo: JudgedPhoto): void => {
      weigh(photo.photo, weights);
      for (const { map, centre } of all) {
        map.add(photo, weights);
        centre?.add(photo, weights);
      }
    },
    /** @param labels of the network's classes. */
    results: (labels: readonly string[]) => {
      const results = all.map(({ name, map, centre }) => [name, map.result(), centre?.result()] as const);
      return {
        metrics: Object.fromEntries(
          results.map(([name, map, centre], i) => [name, metricResult(all[i], map, centre, circumstances)]),
        ),
        perClass: perClass(results, labels),
      };
    },
  };
};
