import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goTo, openBrowser, openMadeUp, signedIn } from './web-helpers.ts';

let browser: Browser;
let store: Awaited<ReturnType<typeof openMadeUp>>;

beforeAll(async () => {
  [browser, store] = await Promise.all([openBrowser(), openMadeUp()]);
});
afterAll(async () => {
  await browser?.close();
  await store?.close();
});

const first = () => itemAt(0);
const second = () => itemAt(20);
function itemAt(index: number) {
  const item = store.api.demo.items[index];
  if (item === undefined) throw new Error('the made-up store is too small');
  return item;
}

/** Presses keys as a scanner does, and what ends a scan. */
async function scan(page: Page, text: string, { end = 'Enter', delay = 0 } = {}): Promise<void> {
  for (const [index, part] of text.split('\u001d').entries()) {
    if (index > 0) await page.keyboard.press('Control+BracketRight');
    await page.keyboard.type(part, { delay });
  }
  await page.keyboard.press(end);
}

/** Waits until the page is the product's; a scan that was added to another leads elsewhere. */
async function isProduct(page: Page, { gtin, name }: { gtin: string; name: string }): Promise<void> {
  await page.waitForURL((url) => url.hash === `#/product/${gtin}`, { timeout: 5_000 });
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

const ean = (gtin: string) => gtin.slice(1);
const blur = (page: Page) => page.evaluate('document.activeElement.blur()');

describe('a barcode scanner on the staff app', () => {
  it('leads from every page to what is scanned, and again from there, with the focus nowhere', async () => {
    const { page, context, faults } = await signedIn(browser, store.api);
    const pages = ['#/', '#/?q=none', `#/product/${second().gtin}`, `#/item/${encodeURIComponent(second().id)}`];
    for (const hash of [...pages, '#/live', '#/status', '#/settings', '#/no-such-page']) {
      await goTo(page, hash);
      await blur(page);
      await scan(page, ean(first().gtin));
      await isProduct(page, first());
      await scan(page, ean(second().gtin));
      await isProduct(page, second());
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it('is understood in every form that a label has', async () => {
    const { page, context } = await signedIn(browser, store.api);
    const { gtin, id, hex } = first();
    const serial = id.split('/21/')[1] ?? '';
    const products = [gtin, ean(gtin), `]E0${ean(gtin)}`, `]C101${gtin}17301231`, `https://shop.example/01/${gtin}`];
    for (const code of products) {
      await goTo(page, '#/status');
      await scan(page, code);
      await isProduct(page, first());
    }
    const items = [
      hex,
      id,
      `]d201${gtin}21${serial}\u001d10L1`,
      `01${gtin}10L1\u001d21${serial}`,
      `]C101${gtin}21${serial}`,
    ];
    for (const code of items) {
      await goTo(page, '#/status');
      await scan(page, code);
      await page.locator('#formHex').waitFor();
      expect(await page.locator('#formHex').textContent(), code).toBe(hex);
    }
    await context.close();
  });

  it('pushes no button, follows no link and chooses nothing where the focus happens to be', async () => {
    const { page, context } = await signedIn(browser, store.api, { width: 1280, locale: 'en-US' });
    const focus = async (hash: string, selector: string) => {
      await goTo(page, hash);
      await page.locator(selector).first().focus();
    };
    for (const end of ['Enter', 'Tab']) {
      await focus('#/live', 'main button');
      await scan(page, `buy ${ean(first().gtin)}`, { end });
      await page.waitForURL((url) => url.hash.startsWith('#/?q='));
      await focus('#/status', 'nav a[href="#/settings"]');
      await scan(page, ean(first().gtin), { end });
      await isProduct(page, first());
      await focus('#/', '.filters label:last-child select');
      await scan(page, 'EXP-1', { end });
      await page.waitForURL((url) => url.hash === '#/?q=EXP-1');
      await page.waitForTimeout(400);
      expect(new URL(page.url()).hash).toBe('#/?q=EXP-1');
      expect(await page.locator('.filters label:last-child select').inputValue()).toBe('');
    }
    await context.close();
  });

  it('replaces what stands in the search box, typed by hand or scanned before, also the same code twice', async () => {
    const { page, context } = await signedIn(browser, store.api, { width: 1280 });
    const box = page.getByLabel('搜尋庫存');
    await box.fill('亞麻');
    await page.locator('.filter-chip').waitFor();
    await box.focus();
    for (let times = 0; times < 2; times++) {
      await scan(page, 'SH-OX-BL-M');
      await expect.poll(() => box.inputValue()).toBe('SH-OX-BL-M');
      await page.waitForTimeout(600);
      expect(new URL(page.url()).hash).toBe('#/?q=SH-OX-BL-M');
      expect(await page.locator('.product').count()).toBe(1);
    }
    await scan(page, ean(first().gtin));
    await isProduct(page, first());
    await context.close();
  });

  it('is heard when it is a slow one, and twice within a second when it is quick', async () => {
    const { page, context } = await signedIn(browser, store.api, { width: 1280 });
    const box = page.getByLabel('搜尋庫存');
    await box.fill('亞麻');
    await page.locator('.filter-chip').waitFor();
    await page.waitForTimeout(500);
    await scan(page, ean(first().gtin), { delay: 110 });
    await isProduct(page, first());
    await goTo(page, '#/live');
    await scan(page, ean(first().gtin), { delay: 20 });
    await scan(page, ean(second().gtin), { delay: 20 });
    await isProduct(page, second());
    await page.getByText(`掃到 ${ean(second().gtin)}`).waitFor();
    await context.close();
  });

  it('is heard through a Chinese input method that composes its digits, and in full-width digits', async () => {
    const { page, context } = await signedIn(browser, store.api, { width: 1280 });
    const keyboard = await context.newCDPSession(page);
    await page.getByLabel('搜尋庫存').focus();
    await compose(keyboard, ean(first().gtin));
    await isProduct(page, first());
    await goTo(page, '#/');
    await page.getByLabel('搜尋庫存').focus();
    for (const digit of ean(second().gtin)) {
      const text = String.fromCodePoint(0xff10 + Number(digit));
      await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key: text, text });
    }
    await page.keyboard.press('Enter');
    await isProduct(page, second());
    await context.close();
  });

  it('is no concern of who is not signed in, whose key is typed into a field', async () => {
    const { page, context } = await signedIn(browser, store.api);
    store.api.endSessions();
    await page.reload();
    await page.locator('#key').focus();
    await scan(page, ean(first().gtin));
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
    expect(await page.locator('#key').inputValue()).toBe(ean(first().gtin));
    await context.close();
  });
});

/** Keys while an input method composes: the browser tells the physical key only, and a composition stands in the field. */
async function compose(keyboard: CDPSession, digits: string): Promise<void> {
  const send = (code: string) =>
    keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code, windowsVirtualKeyCode: 229 });
  for (const digit of digits) {
    await send(`Digit${digit}`);
    await keyboard.send('Input.imeSetComposition', { text: 'ㄅㄉ', selectionStart: 2, selectionEnd: 2 });
  }
  await send('Enter');
}
