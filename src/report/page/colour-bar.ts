import { rgbaOf } from '../../render/palette.js';
import { element } from './dom.js';
import { palette } from './heat.js';
import { scaleWords } from './scale-words.js';
import type { Look, Store } from './state.js';

/** Draws the look's colours from the lowest value to the highest. */
export const drawBar = (canvas: HTMLCanvasElement, look: Look): void => {
  const colors = rgbaOf(palette(look));
  const pixels = new ImageData(colors, colors.length / 4, 1);
  canvas.width = pixels.width;
  canvas.height = 1;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
};

/** What the colours stand for, in words with their unit. */
export const colourBar = (store: Store, unit: string): HTMLElement => {
  const canvas = element('canvas', { className: 'colours', ariaHidden: 'true' });
  const [low, high, note] = [element('span'), element('span'), element('p', { className: 'hint' })];
  const draw = () => {
    const { look } = store.get();
    const words = scaleWords(look.scale, unit);
    drawBar(canvas, look);
    low.textContent = words.low;
    high.textContent = words.high;
    note.textContent = words.note;
  };
  store.subscribe((now, before) => {
    if (now.look !== before.look) draw();
  });
  draw();
  return element('div', { className: 'colour-bar' }, canvas, element('div', { className: 'ends' }, low, high), note);
};
