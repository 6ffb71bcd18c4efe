import { type Choices, element, field, selectOf } from './dom.js';
import type { State, Store } from './state.js';

/** Where in the state an order is. */
export interface Sorting {
  readonly of: (state: State) => { readonly order: string; readonly descending: boolean };
  readonly sortBy: (order: string) => void;
  readonly turn: () => void;
}

/** What things are sorted by, and a button that turns the order round. */
export const sortControl = (store: Store, choices: Choices, { of, sortBy, turn }: Sorting): HTMLElement => {
  const order = selectOf(choices, of(store.get()).order, sortBy);
  const direction = element('button', { type: 'button', className: 'icon' });
  direction.addEventListener('click', turn);
  const follow = () => {
    const { order: by, descending } = of(store.get());
    order.value = by;
    direction.textContent = descending ? '↓' : '↑';
    direction.ariaLabel = descending ? 'Largest first' : 'Smallest first';
    direction.title = direction.ariaLabel;
  };
  store.subscribe(follow);
  follow();
  return element(
    'fieldset',
    {},
    element('legend', {}, 'Sort'),
    element('div', { className: 'sort' }, field('Sort by', order), direction),
  );
};
