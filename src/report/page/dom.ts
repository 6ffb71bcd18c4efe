type Tags = HTMLElementTagNameMap;
type Child = Node | string;

/**
 * Makes an element. Strings become text, whatever they hold: nothing that comes from a file name, a label or a message is
 * ever read as HTML.
 * @param children a list of any length stays a list: as arguments, too many would not fit.
 */
export const element = <Tag extends keyof Tags>(
  tag: Tag,
  properties: Partial<Tags[Tag]> = {},
  ...children: readonly (Child | readonly Child[])[]
): Tags[Tag] => {
  const made = Object.assign(document.createElement(tag), properties);
  for (const child of children.flat()) made.append(child as Child);
  return made;
};

/** Makes an element of a drawing. */
export const svg = (tag: string, attributes: Readonly<Record<string, string>>): SVGElement => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

/** Choices of a select, each with its value and what it is called. */
export type Choices = readonly (readonly [value: string, text: string])[];

export const selectOf = (choices: Choices, value: string, onChange: (value: string) => void): HTMLSelectElement => {
  const select = element(
    'select',
    {},
    choices.map(([value, text]) => element('option', { value }, text)),
  );
  select.value = value;
  select.addEventListener('change', () => onChange(select.value));
  return select;
};

let fields = 0;

/** A control under its name, with what stands beside it. */
export const field = (
  name: string,
  control: HTMLSelectElement | HTMLInputElement,
  ...beside: readonly (Node | string)[]
): HTMLElement => {
  control.id = `field-${fields++}`;
  const label = element('label', { className: 'field-name', htmlFor: control.id }, name);
  return element('div', { className: 'field' }, label, control, beside);
};

/** Names and values, one pair after the other. */
export const definitions = (
  className: string,
  pairs: readonly (readonly [name: string, value: Node | string])[],
): HTMLDListElement =>
  element(
    'dl',
    { className },
    pairs.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
