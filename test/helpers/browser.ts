/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** Where Linux distributions put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executable = PLACES.find((place) => existsSync(place));

/** Whether a Chromium is installed; where none is, tests that need one are skipped and say so. */
export const hasChromium = executable !== undefined;

if (!hasChromium) {
  console.warn(`NOT TESTED: the report page in a browser, since there is no Chromium in ${PLACES.join(' or ')}.`);
}

// What is looked for is there at once, but on a busy machine; a fault is told before the test itself is given up.
const PATIENCE = 120_000;

export const launch = (): Promise<Browser> =>
  // A container's root may not make the sandbox; the pages are our own.
  chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'], timeout: PATIENCE });

/** A window of its own. */
export const openWindow = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(PATIENCE);
  return page;
};

/** A page with what went wrong in it: errors, warnings, anything asked of a network, dialogs. */
export interface Watched {
  readonly page: Page;
  readonly troubles: readonly string[];
  /** Names of the files that it read, in their order, itself first. */
  readonly read: readonly string[];
}

/** Opens a file in a window of its own, and waits until the report is there and its first heatmaps are drawn. */
export const openReport = async (
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const page = await openWindow(browser, options);
  const troubles: string[] = [];
  const read: string[] = [];
  page.on('console', (message) => {
    // The tests' own doing.
    if (!message.text().includes('Multiple readback operations')) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => {
    troubles.push(dialog.message());
    dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) troubles.push(request.url());
    read.push(basename(request.url()));
  });
  await page.goto(pathToFileURL(file).href);
  await page.locator('.photos .grid > li').first().waitFor();
  // The element of a data file is gone when the file was read, or could not be.
  await page.waitForFunction(() => document.querySelector('script[src]') === null);
  return { page, troubles, read };
};

/** Faults of accessibility that axe calls serious or critical. */
export const seriousFaults = async (page: Page): Promise<readonly string[]> => {
  // Evaluated rather than loaded: the page lets no script in.
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as {
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly unknown[];
    }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.length}`);
};
