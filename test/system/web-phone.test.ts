import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, goTo, openBrowser, openMadeUp, signedIn } from './web-helpers.ts';

let browser: Browser;
let store: Awaited<ReturnType<typeof openMadeUp>>;

beforeAll(async () => {
  [browser, store] = await Promise.all([openBrowser(), openMadeUp()]);
  // Names as suppliers send them.
  const { stock, items, products } = store.api.demo;
  for (const row of [...stock, ...items, ...products]) {
    row.name = `${row.name} ${'春夏新款有機棉透氣抗菌速乾防皺商務休閒長版修身 '.repeat(3)}regular fit long sleeve`;
  }
});
afterAll(async () => {
  await browser?.close();
  await store?.close();
});

/** Products that are wholly in sight between the head of the page and its navigation. */
const inSight = `(() => {
  const top = document.querySelector('header.top').getBoundingClientRect().bottom;
  const bottom = document.querySelector('nav').getBoundingClientRect().top;
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.top >= top && box.bottom <= bottom && box.height > 0;
  };
  return [...document.querySelectorAll('.product')].filter(
    (product) => isSeen(product) && isSeen(product.querySelector('.big')) && isSeen(product.querySelector('.lots .figure')),
  ).length;
})()`;

/** Names that take more than two lines where they stand. */
const tallNames = `[...document.querySelectorAll('.clamp')]
  .filter((name) => name.clientHeight > 2.2 * parseFloat(getComputedStyle(name).lineHeight))
  .map((name) => name.textContent)`;

const pagesOf = () => {
  const item = store.api.demo.items[1];
  if (item === undefined) throw new Error('the made-up store is empty');
  const { gtin, id } = item;
  return ['#/', '#/?q=SH', `#/product/${gtin}`, `#/item/${encodeURIComponent(id)}`, '#/live', '#/status', '#/settings'];
};

async function settled(page: Page, hash: string): Promise<void> {
  await goTo(page, hash);
  if (hash === '#/live') await page.locator('#recent-tags li').first().waitFor();
}

describe.each(['zh-TW', 'en-US'] as const)('the staff app on a phone, in %s, with long names', (locale) => {
  it('shows at least six products at 390 × 844', async () => {
    const { page, context } = await signedIn(browser, store.api, { locale, width: 390, height: 844 });
    await page.locator('.product').first().waitFor();
    expect(await page.evaluate(inSight)).toBeGreaterThanOrEqual(6);
    await context.close();
  });

  it('gives a name two lines at most, and the whole of it in the tip and at a tap', async () => {
    const { page, context } = await signedIn(browser, store.api, { locale, width: 390, height: 844 });
    for (const hash of pagesOf()) {
      await settled(page, hash);
      expect(await page.evaluate(tallNames), hash).toEqual([]);
    }
    const name = store.api.demo.items[1]?.name ?? '';
    await settled(page, pagesOf()[2] ?? '');
    const heading = page.getByRole('heading', { level: 1 });
    expect(await heading.getAttribute('title')).toBe(name);
    const cut = (await heading.boundingBox())?.height ?? 0;
    await page.getByRole('button', { name: locale === 'zh-TW' ? '完整名稱' : 'Whole name' }).click();
    expect((await heading.boundingBox())?.height ?? 0).toBeGreaterThan(cut * 1.4);
    await context.close();
  });

  it.each([320, 390])('never scrolls sideways at %i px, also with text at twice its size', async (width) => {
    const { page, context } = await signedIn(browser, store.api, { locale, width, height: 844 });
    for (const size of ['100%', '200%']) {
      await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
      for (const hash of pagesOf()) {
        await settled(page, hash);
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${hash} ${size}`).toBeLessThanOrEqual(
          width,
        );
      }
    }
    await context.close();
  });
});

describe('the item page', () => {
  it('shows a read elsewhere with its own place and time, apart from where the item is believed to be', async () => {
    const { page, context } = await signedIn(browser, store.api, { locale: 'en-US' });
    const { items } = store.api.demo;
    const names: Record<string, string> = { floor: '賣場', back: '倉庫', exit: '大門出口' };
    const elsewhere = items.find(({ location, lastSeen }) => lastSeen.location !== location);
    const same = items.find(({ location, lastSeen }) => lastSeen.location === location);
    for (const item of [elsewhere, same]) {
      if (item === undefined) throw new Error('the made-up store lacks such an item');
      await goTo(page, `#/item/${encodeURIComponent(item.id)}`);
      expect(await page.locator('.seen-place').textContent()).toBe(names[item.location]);
      expect(await page.locator('.seen-place + p').textContent()).toMatch(/^Since /);
      expect(await page.locator('.last-read strong').textContent()).toContain(names[item.lastSeen.location]);
      expect(await page.locator('.last-read time').count()).toBe(1);
      expect(await axe(page)).toEqual([]);
      expect(await page.getByText('This read was made elsewhere').count()).toBe(item === elsewhere ? 1 : 0);
    }
    await context.close();
  });
});
