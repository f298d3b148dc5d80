import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, goTo, openBrowser, signedIn, tabTo, visit, type WebTarget } from './web-helpers.ts';

/** What the staff app must do on any gateway; `open` starts one. */
export function webCases(name: string, open: () => Promise<WebTarget>): void {
  describe(`the staff app on ${name}`, () => {
    let browser: Browser;
    let target: WebTarget;
    beforeAll(async () => {
      [browser, target] = await Promise.all([openBrowser(), open()]);
    });
    afterAll(async () => {
      await browser?.close();
      await target?.close();
    });

    it('opens by the one-time link, and the code leaves the address and cannot be used again', async () => {
      const link = await target.signInLink();
      const first = await visit(browser);
      await first.page.goto(link);
      await first.page.getByRole('heading', { level: 1, name: '庫存' }).waitFor();
      expect(first.page.url()).toBe(`${target.url}/#/`);
      await first.page.reload();
      await first.page.getByRole('heading', { level: 1, name: '庫存' }).waitFor();

      const second = await visit(browser);
      await second.page.goto(link);
      await second.page.getByText('這個登入連結已經用過或過期').waitFor();
      expect(await second.page.locator('nav').count()).toBe(0);
      await first.context.close();
      await second.context.close();
    });

    it('takes a one-time link also in a tab that asks to sign in already', async () => {
      const { page, context } = await visit(browser);
      await page.goto(target.url);
      await page.getByRole('heading', { level: 1, name: '登入' }).waitFor();
      await page.goto(await target.signInLink());
      await page.getByRole('heading', { level: 1, name: '庫存' }).waitFor();
      expect(page.url()).toBe(`${target.url}/#/`);
      await context.close();
    });

    it('says in both languages why a key does not open it', async () => {
      const { page, context } = await visit(browser, { locale: 'en-US' });
      await page.goto(target.url);
      await page.getByLabel('API key').fill('no-such-key');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('This key is not known or was revoked').waitFor();
      await page.getByRole('radio', { name: '繁體中文' }).check();
      await page.getByText('這把金鑰不存在或已撤銷').waitFor();
      await context.close();
    });

    it('finds a product by two Chinese characters and shows the search as a chip that clears it', async () => {
      const { page, context, faults } = await signedIn(browser, target);
      const { product } = target;
      await page.getByLabel('搜尋庫存').fill(product.twoCharacters);
      await page.locator('.filter-chip').getByText(product.twoCharacters).waitFor();
      await page.getByRole('link', { name: product.name, exact: true }).waitFor();
      await expect.poll(() => page.getByRole('link', { name: product.otherName, exact: true }).count()).toBe(0);
      expect(decodeURIComponent(page.url())).toContain(`q=${product.twoCharacters}`);

      await page.locator('.filter-chip').click();
      await page.getByRole('link', { name: product.otherName, exact: true }).waitFor();
      expect(await page.getByLabel('搜尋庫存').inputValue()).toBe('');
      expect(faults).toEqual([]);
      await context.close();
    });

    it('finds a product by its GTIN typed in full-width digits', async () => {
      const { page, context } = await signedIn(browser, target);
      const wide = [...target.product.gtin].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
      await page.getByLabel('搜尋庫存').fill(wide);
      await page.getByRole('link', { name: target.product.name, exact: true }).waitFor();
      await expect.poll(() => page.locator('.product').count()).toBe(1);
      await context.close();
    });

    it('leads from an EPC in any form straight to its item', async () => {
      const { page, context, faults } = await signedIn(browser, target);
      for (const form of target.item.forms) {
        await goTo(page, '#/');
        await page.getByLabel('搜尋庫存').fill(form);
        await page.getByRole('heading', { name: 'EPC 的各種寫法' }).waitFor();
        expect(await page.locator('#formHex').textContent(), form).toBe(target.item.hex);
        expect(await page.locator('#formLink').textContent(), form).toBe(target.item.id);
        await page.getByRole('heading', { name: '最後讀到' }).waitFor();
      }
      expect(faults).toEqual([]);
      await context.close();
    });

    it('shows where a product is and leads from its items to their history', async () => {
      const { page, context } = await signedIn(browser, target);
      await goTo(page, `#/product/${target.product.gtin}`);
      await page.getByRole('heading', { name: target.product.name }).waitFor();
      expect(await page.locator('.lots .figure').count()).toBeGreaterThan(0);
      await page.locator('a.row').first().click();
      await page.locator('.timeline li').first().waitFor();
      await context.close();
    });

    it('shows live reads that go on, and stands still while paused', async () => {
      const { page, context, faults } = await signedIn(browser, target);
      await goTo(page, '#/live');
      const counts = page.locator('#recent-tags');
      await counts.locator('li').first().waitFor();
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
      const before = await counts.textContent();
      await expect.poll(() => counts.textContent(), { timeout: 15_000 }).not.toBe(before);

      await page.getByRole('button', { name: '暫停' }).click();
      const still = await counts.locator('.signal').allTextContents();
      await page.waitForTimeout(2_500);
      expect(await counts.locator('.signal').allTextContents()).toEqual(still);
      await page.getByRole('button', { name: '繼續' }).click();
      expect(await counts.locator('li').count()).toBeLessThanOrEqual(30);
      expect(faults).toEqual([]);
      await context.close();
    });

    it('follows the device in colour and language, and remembers what is chosen instead', async () => {
      const { page, context } = await signedIn(browser, target, { locale: 'en-US', theme: 'dark' });
      const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const dark = await background();
      expect(await page.getAttribute('html', 'lang')).toBe('en');
      await goTo(page, '#/settings');
      await page.getByRole('radio', { name: 'Light' }).check();
      expect(await background()).not.toBe(dark);
      await page.getByRole('radio', { name: '繁體中文' }).check();
      await page.getByRole('heading', { name: '設定' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: '設定' }).waitFor();
      expect(await page.getAttribute('html', 'lang')).toBe('zh-Hant-TW');
      expect(await background()).not.toBe(dark);
      await page.getByRole('radio', { name: '跟隨裝置' }).check();
      expect(await background()).toBe(dark);
      await context.close();
    });

    it('is used from search to item with the keyboard alone, and the focus is always seen', async () => {
      const { page, context } = await signedIn(browser, target, { width: 1280 });
      await page.getByLabel('搜尋庫存').focus();
      await page.keyboard.type(target.product.twoCharacters);
      await page.locator('.filter-chip').waitFor();
      await tabTo(page, '.product a');
      await page.keyboard.press('Enter');
      await tabTo(page, 'a.row');
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      await page.keyboard.press('Enter');
      await page.locator('#formHex').waitFor();
      await tabTo(page, '.forms button');
      await tabTo(page, 'nav a, .skip');
      await context.close();
    });

    accessibleCases(
      () => browser,
      () => target,
    );
  });
}

const routes = (target: WebTarget) => [
  '#/',
  `#/?q=${encodeURIComponent(target.product.twoCharacters)}`,
  '#/?q=no-such-thing',
  `#/product/${target.product.gtin}`,
  `#/item/${encodeURIComponent(target.item.id)}`,
  '#/item/30342B4D3000000000000001',
  '#/live',
  '#/status',
  '#/settings',
  '#/no-such-page',
];

/** Run in the page: controls that are lower than a thumb is wide. */
const smallControls = `[...document.querySelectorAll('button, select, input, nav a, a.row, a.button, a.back, summary')]
  .filter((element) => element.getClientRects().length > 0 && element.getBoundingClientRect().height < 43.9)
  .map((element) => element.outerHTML.slice(0, 120))`;

function accessibleCases(browserOf: () => Browser, targetOf: () => WebTarget): void {
  for (const locale of ['zh-TW', 'en-US'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      it(`has nothing for axe-core to find on any page in ${locale}, ${theme}`, async () => {
        const target = targetOf();
        const door = await visit(browserOf(), { locale, theme });
        await door.page.goto(`${target.url}/#code=wrong`);
        await door.page.getByRole('alert').filter({ hasText: /./ }).waitFor();
        expect(await axe(door.page)).toEqual([]);
        await door.context.close();

        const { page, context, faults } = await signedIn(browserOf(), target, { locale, theme });
        for (const route of routes(target)) {
          await goTo(page, route);
          if (route === '#/live') await page.locator('#recent-tags li').first().waitFor();
          expect(await axe(page), route).toEqual([]);
        }
        await page.keyboard.type('a scan of nothing');
        await page.keyboard.press('Enter');
        await page.locator('.scan-note p').waitFor();
        expect(await axe(page), 'after a scan').toEqual([]);
        expect(faults).toEqual([]);
        await context.close();
      });
    }
  }

  it('needs no sideways scrolling on a narrow phone, and its controls are large enough for a thumb', async () => {
    const { page, context } = await signedIn(browserOf(), targetOf(), { width: 320 });
    for (const route of routes(targetOf())) {
      await goTo(page, route);
      expect(await page.evaluate('document.documentElement.scrollWidth'), route).toBeLessThanOrEqual(320);
      const small = await page.evaluate(smallControls);
      expect(small, route).toEqual([]);
    }
    await context.close();
  });
}
