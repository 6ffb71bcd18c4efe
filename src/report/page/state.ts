import type { BoxRule } from '../../localise/rule.js';
import type { Scale } from '../../maps/scale.js';
import type { Interpolation } from '../../maps/upsample.js';
import type { ColormapName } from '../../render/colormaps/index.js';
import type { CaseSelection } from '../truth-cases.js';

/** Which of a photo's maps is shown: by its place among them, of one class, or of the class that its folder names. */
export type Shown =
  | { readonly by: 'rank'; readonly rank: number }
  | { readonly by: 'class'; readonly class: number }
  | { readonly by: 'folder' };

/** How maps are shown; the same for all. */
export interface Look {
  readonly shown: Shown;
  readonly colormap: ColormapName;
  readonly scale: Scale;
  /** Whether the heat is clear where there is no evidence. */
  readonly fade: boolean;
  readonly interpolation: Interpolation;
  /** Around which parts of a map boxes are drawn. Undefined: none are. */
  readonly boxes: BoxRule | undefined;
}

/** Which photos are shown; undefined: any. */
export interface Filter {
  /** The photo's best class. */
  readonly best: number | undefined;
  /** Of any of the photo's maps, shown or not. */
  readonly verdict: string | undefined;
  /** Of the class shown: its score, [0, 1], or the number itself. Infinite: that end is open. */
  readonly lowest: number;
  readonly highest: number;
  /** Part of the file's name, in any case. */
  readonly name: string;
  readonly right: boolean | undefined;
}

export const everything: Filter = {
  best: undefined,
  verdict: undefined,
  lowest: Number.NEGATIVE_INFINITY,
  highest: Number.POSITIVE_INFINITY,
  name: '',
  right: undefined,
};

/** Whether no photo is filtered out. */
export const isEverything = (filter: Filter): boolean =>
  (Object.keys(everything) as (keyof Filter)[]).every((name) => filter[name] === everything[name]);

export type Order = 'run' | 'name' | 'score' | 'margin' | 'evidence' | 'residual' | 'concentration';

export type ViewName = 'photos' | 'classes' | 'truth' | 'run';

export type TruthPart = 'numbers' | 'classes' | 'photos';

/** What is shown of an evaluation. */
export interface TruthState extends CaseSelection {
  readonly part: TruthPart;
}

export interface State {
  readonly look: Look;
  /** Of the heatmaps, [0, 1]: 0 is the photo, 1 the heatmap alone. */
  readonly opacity: number;
  readonly filter: Filter;
  readonly order: Order;
  readonly descending: boolean;
  readonly view: ViewName;
  readonly truth: TruthState;
}

/** The page's one changing value. */
export interface Store {
  readonly get: () => State;
  readonly set: (change: Partial<State>) => void;
  /** Calls back with the state before and after each change. */
  readonly subscribe: (listener: (now: State, before: State) => void) => void;
}

export const createStore = (initial: State): Store => {
  let state = initial;
  const listeners: ((now: State, before: State) => void)[] = [];
  return {
    get: () => state,
    set: (change) => {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before);
    },
    subscribe: (listener) => listeners.push(listener),
  };
};
