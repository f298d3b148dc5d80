import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebApi } from '../fakes/web-api.mjs';
import { webCases } from './web-cases.ts';
import { goTo, openBrowser, openMadeUp, signedIn, visit, type WebTarget } from './web-helpers.ts';

type Fake = WebTarget & { readonly api: WebApi; readonly folder: string };

async function openFake(): Promise<Fake> {
  const { api, folder, close } = await openMadeUp();
  const item = api.demo.items.find(({ lifecycle }) => lifecycle === 'STOLEN');
  if (item === undefined) throw new Error('the made-up store lacks a stolen item');
  const [, serial] = item.id.split('/21/');
  const forms = [
    item.hex,
    item.hex.toLowerCase(),
    item.epcUri,
    `urn:epc:tag:sgtin-96:1.${item.epcUri.slice(17)}`,
    item.id,
    `(01)${item.gtin}(21)${serial}`,
    `]d201${item.gtin}21${serial}`,
    item.hex.replaceAll(/[0-9A-Z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
  ];
  return {
    url: api.url,
    signInLink: api.signInLink,
    product: { twoCharacters: '亞麻', name: item.name, gtin: item.gtin, otherName: '直筒牛仔褲 深藍 30' },
    item: { id: item.id, hex: item.hex, forms },
    api,
    folder,
    close,
  };
}

webCases('made-up data', openFake);

describe('the staff app when things go wrong', () => {
  let browser: Browser;
  let fake: Fake;
  beforeAll(async () => {
    [browser, fake] = await Promise.all([openBrowser(), openFake()]);
  });
  afterAll(async () => {
    await browser.close();
    await fake.close();
  });

  it('says the health check and its faults in Chinese', async () => {
    const { page, context } = await signedIn(browser, fake);
    await goTo(page, '#/status');
    await page.getByText('資料庫所在的磁碟只剩 900 MB。').waitFor();
    await page.getByText('10.0.0.5:1883 沒有程式在接聽').first().waitFor();
    await page.getByText('請檢查電源、線材或網路，以及設定檔裡的位址。').waitFor();
    await context.close();
  });

  it('shows a hostile product name as text, and no content policy is broken', async () => {
    const { page, context, faults } = await signedIn(browser, fake);
    const hostile = fake.api.demo.items.find(({ name }) => name.startsWith('<img'));
    if (hostile === undefined) throw new Error('the made-up store lacks a hostile name');
    for (const hash of ['#/?q=onerror', `#/product/${hostile.gtin}`, `#/item/${encodeURIComponent(hostile.id)}`]) {
      await goTo(page, hash);
      await page.getByText(hostile.name).first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
    }
    expect(await page.title()).not.toBe('hacked');
    expect(faults).toEqual([]);
    expect(fake.api.cspReports).toEqual([]);
    await context.close();
  });

  it('keeps the last data with its age while the gateway is down, and loads anew when it is back', async () => {
    const { page, context } = await signedIn(browser, fake);
    await page.locator('.product').first().waitFor();
    fake.api.down(true);
    await page.getByText('閘道器沒有回應。畫面是').waitFor({ timeout: 20_000 });
    expect(await page.locator('.product').count()).toBeGreaterThan(0);
    expect(await page.getByText('還沒有庫存').count()).toBe(0);

    await goTo(page, '#/status');
    await page.getByText('連不到閘道器').first().waitFor();
    expect(await page.getByText('尚未設定讀取器').count()).toBe(0);

    fake.api.down(false);
    await page.getByRole('heading', { name: 'dock-reader' }).waitFor({ timeout: 20_000 });
    await expect.poll(() => page.locator('.banner').count()).toBe(0);
    await page.locator('.dot-open').first().waitFor({ state: 'attached', timeout: 20_000 });
    await context.close();
  });

  it('says that the gateway cannot be reached when it is down from the start', async () => {
    const { page, context } = await signedIn(browser, fake);
    await page.route('**/api/v1/**', (route) => route.abort());
    await page.reload();
    await page.getByText('連不到閘道器').waitFor();
    await page.unroute('**/api/v1/**');
    await page.locator('.product').first().waitFor({ timeout: 20_000 });
    await context.close();
  });

  it('asks to sign in again when the session has ended, and opens the same page afterwards', async () => {
    const { page, context } = await signedIn(browser, fake, { locale: 'en-US' });
    await goTo(page, '#/settings');
    fake.api.endSessions();
    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('API key').fill(fake.api.key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Status' }).waitFor();
    await context.close();
  });

  it('shows an item event live, and says so when the gateway had to skip messages', async () => {
    const { page, context } = await signedIn(browser, fake);
    await goTo(page, '#/live');
    await page.locator('#recent-tags li').first().waitFor();
    const [item] = fake.api.demo.items;
    const base = {
      seq: 77,
      id: 'e77',
      type: 'item.moved',
      input: 'seen',
      at: Date.now(),
      alert: null,
      fromLifecycle: null,
    };
    const where = {
      fromLocation: 'back',
      location: 'floor',
      lifecycle: 'IN_STOCK',
      readPoint: 'shelf-1',
      reader: 'r',
      antenna: 1,
    };
    fake.api.emit('item', { ...base, ...where, rssi: -50, item: item?.id, gtin: item?.gtin, name: item?.name });
    await page.locator('#item-events').getByText('從倉庫移到賣場').waitFor();
    fake.api.emit('reset', {});
    await page.getByText('略過了部分即時訊息').waitFor();
    await context.close();
  });

  it('shows the newest of 500 item events that come at once, and stays short', async () => {
    const { page, context, faults } = await signedIn(browser, fake);
    await goTo(page, '#/live');
    const [item] = fake.api.demo.items;
    const base = {
      type: 'item.arrived',
      input: 'seen',
      at: Date.now(),
      alert: null,
      fromLifecycle: null,
      fromLocation: null,
    };
    const where = {
      location: 'floor',
      lifecycle: 'IN_STOCK',
      readPoint: 'shelf-1',
      reader: 'r',
      antenna: 1,
      rssi: -50,
    };
    for (let seq = 1; seq <= 500; seq++) {
      fake.api.emit('item', {
        seq,
        id: `e${seq}`,
        ...base,
        ...where,
        item: item?.id,
        gtin: item?.gtin,
        name: `第 ${seq} 件`,
      });
    }
    await page.locator('#item-events li').first().getByText('第 500 件').waitFor();
    expect(await page.locator('#item-events li').count()).toBe(30);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('enables a destination again and sends its dead letters again', async () => {
    const { page, context } = await signedIn(browser, fake);
    await goTo(page, '#/status');
    await page.getByText('查看無法送達的事件').click();
    await page.getByText('unknown SKU').first().waitFor();
    await page.getByRole('button', { name: '重送無法送達的事件' }).click();
    await page.getByText('已放回佇列：3 筆').waitFor();
    await page.getByRole('button', { name: '重新啟用' }).click();
    await page.getByText('對方要求停止').waitFor({ state: 'detached' });
    expect(fake.api.sent).toEqual([
      { path: '/destinations/main/resend', body: '{"seqs":null}' },
      { path: '/destinations/loyalty/enable', body: '' },
    ]);
    await context.close();
  });

  it('has a page for those who are not signed in that tells nothing of the store', async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${fake.url}/#/status`);
    await page.getByRole('heading', { name: '登入' }).waitFor();
    expect(await page.locator('body').textContent()).not.toContain('台北信義店');
    await context.close();
  });

  it('weighs at most 80 kB of JavaScript when compressed, in either language', async () => {
    const assets = join(fake.folder, 'assets');
    for (const [locale, text] of [
      ['zh-TW', '登入'],
      ['en-US', 'Sign in'],
    ] as const) {
      const { page, context } = await visit(browser, { locale });
      const loaded: string[] = [];
      page.on('response', (answer) => loaded.push(new URL(answer.url()).pathname));
      await page.goto(fake.url);
      await page.getByRole('heading', { name: text }).waitFor();
      const scripts = loaded.filter((path) => path.endsWith('.js')).map((path) => path.split('/').at(-1) ?? '');
      expect(scripts).toHaveLength(2);
      const sizes = await Promise.all(scripts.map(async (file) => gzipSync(await readFile(join(assets, file))).length));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(80_000);
      await context.close();
    }
  });
});
