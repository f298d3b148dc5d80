import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants, scopes } from '../../src/api/access/scopes.ts';
import { may } from '../../src/web/state/may.ts';
import { axe, goTo, openBrowser, openMadeUp, signedIn, signInBy, visit } from './web-helpers.ts';

let browser: Browser;
let store: Awaited<ReturnType<typeof openMadeUp>>;

beforeAll(async () => {
  [browser, store] = await Promise.all([openBrowser(), openMadeUp()]);
});
afterAll(async () => {
  await browser?.close();
  await store?.close();
});

const reading = ['stock:read', 'events:read', 'readers:read', 'crm:read'] as const;
const pairs = reading.flatMap((one, index) => reading.slice(index + 1).map((other) => [one, other]));
const others = ['stock:write', 'readers:admin', 'crm:admin', 'reads:write', 'keys:admin', 'tags:kill'];
const keys = [...reading.map((scope) => [scope]), ...pairs, ...others.map((scope) => [scope])];

const navOf: Readonly<Record<string, string>> = { stock: '#/', events: '#/live', readers: '#/status', crm: '#/status' };

/** The links that a key should see: one for each noun that it may read, and settings. */
function linksOf(held: readonly string[]): string[] {
  const open = held.filter((scope) => reading.some((read) => may(session([scope]), read)));
  const links = open.map((scope) => navOf[scope.split(':')[0] ?? ''] ?? '');
  return ['#/', '#/live', '#/status', '#/settings'].filter((link) => link === '#/settings' || links.includes(link));
}

const session = (held: readonly string[]) => ({ state: 'in', session: { scopes: held } });

function navigation(page: Page): Promise<string[]> {
  return page.evaluate('[...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href"))');
}

describe('the staff app for a key with few scopes', () => {
  it('judges scopes as the gateway does', () => {
    for (const held of scopes) {
      for (const wanted of scopes) expect(may(session([held]), wanted), `${held} ${wanted}`).toBe(grants(held, wanted));
    }
  });

  it.each(keys.map((held) => [held.join(' + '), held] as const))('%s: no page is refused anything', async (_, held) => {
    const { page, context, faults } = await visit(browser, { locale: 'en-US' });
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 403 || response.status() === 401) refused.push(response.url());
    });
    await page.goto(store.api.url);
    await page.locator('#key').waitFor();
    refused.length = 0;
    await signInBy(page, `${store.api.url}/#/`, store.api.keyOf(held));
    expect(await navigation(page)).toEqual(linksOf(held));
    const { gtin, id } = store.api.demo.items[0] ?? { gtin: '', id: '' };
    const item = `#/item/${encodeURIComponent(id)}`;
    for (const hash of ['#/', '#/?q=SH', `#/product/${gtin}`, item, '#/live', '#/status', '#/settings']) {
      await goTo(page, hash);
      if (hash === '#/live') await page.waitForTimeout(1_200);
      expect(await page.getByText('FORBIDDEN').count(), hash).toBe(0);
    }
    expect([refused, store.api.refused, faults]).toEqual([[], [], []]);
    await context.close();
  });

  it('begins at the first page that it may see, and says calmly of another that the key is for other pages', async () => {
    const { page, context } = await visit(browser, { locale: 'en-US' });
    await signInBy(page, store.api.url, store.api.keyOf(['events:read']));
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor();
    await goTo(page, '#/status');
    await page.getByText('Your key is for other pages').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.getByRole('alert').filter({ hasText: /./ }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.locator('#recent-tags li').first().waitFor();
    expect(await page.locator('#recent-tags a').count()).toBe(0);
    await context.close();
  });

  it('follows the gateway without the live feed too, and shows no mark of a feed that it may not have', async () => {
    const { page, context } = await visit(browser);
    await signInBy(page, store.api.url, store.api.keyOf(['stock:read']));
    expect(await page.locator('.feed-chip').count()).toBe(0);
    const again = page.waitForRequest((request) => request.url().includes('/api/v1/stock'), { timeout: 25_000 });
    await again;
    await context.close();
  });
});

describe('a product that is sold out', () => {
  it('is found by name, SKU and GTIN, with its nought and the word for it', async () => {
    const { page, context } = await signedIn(browser, store.api, { locale: 'en-US' });
    const { name, sku, gtin } = store.api.demo.soldOut;
    await goTo(page, `#/?q=${sku}`);
    await page.locator('.sold-out').waitFor();
    expect(await axe(page)).toEqual([]);
    for (const search of [name.slice(0, 4), sku, sku.slice(0, 6), gtin, gtin.slice(1), gtin.slice(4, 12)]) {
      await goTo(page, `#/?q=${encodeURIComponent(search)}`);
      const row = page.locator('.product').filter({ hasText: name });
      await row.waitFor();
      expect(await row.locator('.big').textContent(), search).toBe('0');
      expect(await row.locator('.sold-out').textContent(), search).toBe('None in stock');
    }
    await page.getByRole('link', { name }).click();
    await page.getByText('None in stock now').waitFor();
    await context.close();
  });

  it('stands behind what there is, and is not listed for a place', async () => {
    const { page, context } = await signedIn(browser, store.api, { locale: 'en-US' });
    await goTo(page, '#/?q=S');
    await page.getByRole('link', { name: store.api.demo.soldOut.name }).waitFor({ state: 'detached' });
    while ((await page.getByRole('button', { name: 'Load more' }).count()) > 0) {
      await page.getByRole('button', { name: 'Load more' }).click();
      await page.waitForTimeout(300);
    }
    expect(await page.locator('.product').last().textContent()).toContain(store.api.demo.soldOut.name);
    await goTo(page, `#/?q=${store.api.demo.soldOut.sku}&location=floor`);
    await page.getByText('Nothing matches').waitFor();
    await context.close();
  });
});
