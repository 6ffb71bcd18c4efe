import type { Locator, Page } from 'playwright-core';
import { type ColormapName, colormaps } from '../../src/render/colormaps/index.js';

/** A control by its name. */
export const control = (page: Page, name: string) => page.getByLabel(name, { exact: true });
/** How many photos are shown. */
export const status = (page: Page) => page.locator('.photos .status').textContent();

/** A photo's place in the grid. */
export const cardOf = (page: Page, name: string): Locator =>
  page.locator('.card', { has: page.getByText(name, { exact: true }) });

/** Names of the photos shown, in their order. */
export const shownNames = (page: Page): Promise<string[]> => page.locator('.photos .card-name').allTextContents();

/** Colour and opacity of a canvas at shares of its width and height, as drawn. */
export const drawnAt = (page: Page, name: string, [x, y]: readonly [number, number]): Promise<number[]> =>
  cardOf(page, name)
    .locator('canvas')
    .evaluate(
      (canvas: HTMLCanvasElement, [x, y]) => {
        const context = canvas.getContext('2d');
        return [
          ...(context?.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data ?? []),
        ];
      },
      [x, y] as const,
    );

/** A colormap's colour for a scaled value, opaque. */
export const colorOf = (map: ColormapName, share: number): number[] => {
  const entry = Math.round(Math.min(1, Math.max(0, share)) * 255);
  return [...colormaps[map].table().slice(entry * 3, entry * 3 + 3), 255];
};
