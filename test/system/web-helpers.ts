import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { startWebApi, type WebApi } from '../fakes/web-api.mjs';

/** A running gateway, real or made up, and what it is known to hold. */
export type WebTarget = {
  readonly url: string;
  /** A fresh one-time link. */
  signInLink(): string | Promise<string>;
  /** A product that two characters of its name find, and another that they do not. */
  readonly product: {
    readonly twoCharacters: string;
    readonly name: string;
    readonly gtin: string;
    readonly otherName: string;
  };
  /** An item of that product in every form that staff may type or scan. */
  readonly item: { readonly id: string; readonly hex: string; readonly forms: readonly string[] };
  close(): Promise<void>;
};

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** Debian's Chromium, without its talk to the outside. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags.split(' ') });
}

/** Builds the staff app as it is now into a folder of its own; `remove` deletes it. */
export async function buildWeb(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-web-'));
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Uncaught errors and refusals by the content policy, as they came. */
  readonly faults: readonly string[];
};

/** The app as it is now on made-up data. */
export async function openMadeUp(): Promise<{ readonly api: WebApi; readonly folder: string; close(): Promise<void> }> {
  const { folder, remove } = await buildWeb();
  const api = await startWebApi({ webFolder: folder });
  return {
    api,
    folder,
    close: async () => {
      await api.close();
      await remove();
    },
  };
}

/** Signs in with a key, as the form does. */
export async function signInBy(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await page.locator('#key').fill(key);
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
}

export type Look = { locale?: 'zh-TW' | 'en-US'; theme?: 'light' | 'dark'; width?: number; height?: number };

/** A fresh browser profile and an empty page, phone size unless told. */
export async function visit(
  browser: Browser,
  { locale = 'zh-TW', theme = 'light', width = 360, height = 740 }: Look = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale, colorScheme: theme, viewport: { width, height } });
  const page = await context.newPage();
  const faults: string[] = [];
  // Code for the browser is text here: this side of the tests has no DOM types.
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('REFUSED ' + event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
  })`);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.text().startsWith('REFUSED')) faults.push(message.text());
  });
  return { page, context, faults };
}

/** A page of somebody who came by the one-time link. */
export async function signedIn(
  browser: Browser,
  target: Pick<WebTarget, 'signInLink'>,
  look: Look = {},
): Promise<Visit> {
  const visited = await visit(browser, look);
  await visited.page.goto(await target.signInLink());
  await visited.page.locator('nav').waitFor();
  return visited;
}

/** Moves within the app, as a link does. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.locator('main h1').waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}

const require = createRequire(import.meta.url);

/** What axe-core finds wrong on the page as it stands: rule and element, empty when all is well. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate<string[]>(`axe.run().then(({ violations, passes }) => {
    if (passes.length === 0) throw new Error('axe-core looked at nothing');
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html + ' ' + node.failureSummary));
  })`);
}

/** Presses Tab until an element that fits `selector` has the focus; fails after 60. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}
