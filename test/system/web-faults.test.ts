import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeConfig } from '../../src/config.ts';
import { silentLog, systemClock } from '../../src/kit/index.ts';
import { type Gateway, startGateway } from '../../src/main.ts';
import { batch, event, item } from '../edge/journal/store-values.ts';
import { listen } from '../fakes/listen.ts';
import { freePort, temporaryFolder } from './harness.ts';
import { buildWeb, goTo, openBrowser, signedIn } from './web-helpers.ts';

/** A gateway whose readers cannot be reached and whose CRM refuses the signature. */
async function openTroubled() {
  const folder = temporaryFolder();
  const web = await buildWeb();
  const crm = createServer((_, response) => response.writeHead(401).end());
  const [crmPort, closedPort] = [await listen(crm), await freePort()];
  const site = { id: 'web-faults', name: '測試店' };
  const reader = (id: string, link: object) => ({ id, profile: 'magicrf/m100', link, antennas: { 1: 'shelf-1' } });
  const given = {
    site,
    data: join(folder.path, 'data'),
    http: { port: 0 },
    locations: [{ id: 'floor', kind: 'sales-floor', name: '賣場' }],
    readPoints: [{ id: 'shelf-1', location: 'floor', kind: 'shelf' }],
    readers: [
      reader('desk', { serial: { path: '/dev/no-such-tty' } }),
      reader('dock', { tcp: { host: '127.0.0.1', port: closedPort } }),
    ],
    crm: [{ id: 'main', url: `http://127.0.0.1:${crmPort}/`, secret: { env: 'CRM_SECRET' }, private: true }],
  };
  const gateway: Gateway = await startGateway(completeConfig(given, folder.path, resolve('firmware-profiles')), {
    clock: systemClock,
    log: silentLog,
    webRoot: web.folder,
    version: '0',
    env: { CRM_SECRET: 'whsec_c2lsZW50Z2F0ZS10ZXN0LXNlY3JldC0wMDAx' },
  });
  await gateway.store.append(batch({ events: [event('e1', item(1))] }));
  const close = async () => {
    await gateway.stop();
    await new Promise((done) => crm.close(done));
    await web.remove();
    folder.remove();
  };
  return { gateway, closedPort, close };
}

describe('what is wrong, on the page', () => {
  let browser: Browser;
  let troubled: Awaited<ReturnType<typeof openTroubled>>;
  beforeAll(async () => {
    [browser, troubled] = await Promise.all([openBrowser(), openTroubled()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await troubled.close();
  });

  it('is said in Chinese to whoever reads Chinese, and in English to others', async () => {
    const { gateway, closedPort } = troubled;
    const target = { url: gateway.url, signInLink: gateway.signInLink, ...nothing };
    const told = async (locale: 'zh-TW' | 'en-US') => {
      const { page, context } = await signedIn(browser, target, { locale });
      await page.evaluate(`fetch('/api/v1/destinations/main/enable', { method: 'POST' })`);
      await goTo(page, '#/status');
      await page.locator('.notice-bad').nth(2).waitFor();
      const text = await page.locator('main').innerText();
      await context.close();
      return text;
    };
    const chinese = await told('zh-TW');
    expect(chinese).toContain('找不到裝置 /dev/no-such-tty，請確認已經插好。');
    expect(chinese).toContain(`127.0.0.1:${closedPort} 沒有程式在接聽：請檢查連接埠，並確認服務正在執行。`);
    expect(chinese).toContain('對方不接受簽章（HTTP 401）：請核對雙方的密鑰。');
    for (const english of ['There is no device', 'Nothing listens', 'compare the secrets'])
      expect(chinese).not.toContain(english);
    expect(await told('en-US')).toContain('There is no device /dev/no-such-tty: check that it is plugged in.');
  }, 60_000);
});

const nothing = {
  product: { twoCharacters: '', name: '', gtin: '', otherName: '' },
  item: { id: '', hex: '', forms: [] },
  close: async () => undefined,
};
