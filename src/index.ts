export { isKnownError, ModelError, PhotoError, UsageError } from './errors.js';
export {
  type Explainer,
  type Explanation,
  explainPhoto,
  type Picture,
  prepareExplainer,
  prepareModel,
} from './explain.js';
export type { BoxedMap, FoundBox } from './localise/boxes.js';
export type { Prediction, ShownMap } from './maps/result.js';
export type { MeasuredMap, MeasureResult } from './measure/measured.js';
export type { Model } from './model/prepare.js';
export type { ExplainOptions } from './options/explain.js';
export type { PrepareOptions } from './options/model.js';
