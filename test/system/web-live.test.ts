import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../fakes/tcp-proxy.ts';
import { command, type Daemon, eventually, freePort, startDaemon, temporaryFolder } from './harness.ts';
import { goTo, openBrowser, signInBy, visit } from './web-helpers.ts';

const folder = temporaryFolder();
let browser: Browser;
let daemon: Daemon;
let proxy: TcpProxy;
let config: string;
/** Made before anything else: the command holds this process up, and connections that stand idle meanwhile end. */
let keys: { readonly staff: string; readonly stock: string; readonly reads: string };

beforeAll(async () => {
  config = `site: { id: web-live, name: Live Store }
http: { host: 127.0.0.1, port: ${await freePort()} }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor, name: Floor }, { id: back, kind: back-room, name: Back }]
readPoints: [{ id: shelf, location: floor, kind: shelf }, { id: dock, location: back, kind: shelf }]
readers:
  - { id: shelf-reader, profile: generic/json, link: { http: {} }, antennas: { 1: shelf } }
  - { id: dock-reader, profile: generic/json, link: { http: {} }, antennas: { 1: dock } }
`;
  [browser, daemon] = await Promise.all([openBrowser(), startDaemon(folder.path, config)]);
  keys = {
    staff: keyOf('staff', ['stock:read', 'events:read', 'readers:read', 'crm:read']),
    stock: keyOf('stock', ['stock:read']),
    reads: keyOf('reads', ['reads:write']),
  };
  proxy = await startTcpProxy(Number(new URL(daemon.url).port));
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await daemon?.stop();
  folder.remove();
});

function keyOf(name: string, scopes: readonly string[]): string {
  const { out, err } = command(folder.path, ['key', 'create', '--name', name, '--scope', ...scopes]);
  const key = /sg_\S+/.exec(out)?.[0];
  if (key === undefined) throw new Error(out + err);
  return key;
}

/** A page of staff on the real gateway. Its mark tells whether it was loaded anew since. */
async function openPage(url: string, key: string) {
  const visited = await visit(browser, { locale: 'en-US', width: 1280 });
  await signInBy(visited.page, url, key);
  await visited.page.evaluate('window.mark = "same page"');
  return visited;
}

const isLive = (page: Page) => page.locator('.dot-open').count();

/** Until the mark at the top is red, s. */
async function secondsUntilRed(page: Page): Promise<number> {
  const begun = Date.now();
  await page.locator('.feed-chip .chip-bad').waitFor({ timeout: 30_000 });
  return (Date.now() - begun) / 1000;
}

describe('the mark “Live” on a real gateway', () => {
  it('is red within 10 s when the process stops with its connections open, and live again when it goes on', async () => {
    const { page, context } = await openPage(daemon.url, keys.staff);
    await goTo(page, '#/live');
    await page.locator('.dot-open').waitFor({ state: 'attached' });
    process.kill(daemon.pid, 'SIGSTOP');
    try {
      expect(await secondsUntilRed(page)).toBeLessThanOrEqual(10);
      await page.getByText('Nothing has come from the gateway since').waitFor();
      await page.locator('.banner').waitFor({ timeout: 20_000 });
      expect(await isLive(page)).toBe(0);
    } finally {
      process.kill(daemon.pid, 'SIGCONT');
    }
    await page.locator('.dot-open').waitFor({ state: 'attached', timeout: 20_000 });
    await expect.poll(() => page.locator('.banner').count(), { timeout: 20_000 }).toBe(0);
    expect(await page.evaluate('window.mark')).toBe('same page');
    await context.close();
  });

  it('is red within 10 s when the network swallows everything, and live again afterwards', async () => {
    const { page, context } = await openPage(`http://127.0.0.1:${proxy.port}`, keys.staff);
    await page.locator('.dot-open').waitFor({ state: 'attached' });
    proxy.pause();
    expect(await secondsUntilRed(page)).toBeLessThanOrEqual(10);
    proxy.resume();
    await page.locator('.dot-open').waitFor({ state: 'attached', timeout: 30_000 });
    expect(await page.evaluate('window.mark')).toBe('same page');
    await context.close();
  });

  it('is not live when the page slept while the gateway was stopped, as soon as the page wakes', async () => {
    const { page, context } = await openPage(daemon.url, keys.staff);
    await page.locator('.dot-open').waitFor({ state: 'attached' });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    process.kill(daemon.pid, 'SIGSTOP');
    try {
      await new Promise((done) => setTimeout(done, 7_000));
      await devtools.send('Page.setWebLifecycleState', { state: 'active' });
      await page.waitForTimeout(1_500);
      expect(await isLive(page)).toBe(0);
    } finally {
      process.kill(daemon.pid, 'SIGCONT');
    }
    await page.locator('.dot-open').waitFor({ state: 'attached', timeout: 20_000 });
    await context.close();
  });
});

const tag = '3034257BF7194E4000001A85';

async function push(reader: string): Promise<void> {
  for (let times = 0; times < (reader === 'shelf-reader' ? 3 : 1); times++) {
    const answer = await fetch(new URL(`/api/v1/readers/${reader}/reads`, daemon.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.reads}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reads: [{ epc: tag, antenna: 1, rssi: reader === 'shelf-reader' ? -45 : -71 }] }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe('the staff app on a real gateway', () => {
  it('goes on after a restart without being loaded anew and without asking to sign in', async () => {
    const { page, context } = await openPage(daemon.url, keys.staff);
    await page.evaluate(`(() => {
      const look = () => { if (document.querySelector('#key') !== null) window.mark = 'asked to sign in'; };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    })()`);
    await goTo(page, '#/live');
    await page.locator('.dot-open').waitFor({ state: 'attached' });
    await daemon.stop();
    await page.locator('.feed-chip .chip-bad').waitFor({ timeout: 20_000 });
    daemon = await startDaemon(folder.path, config);
    await page.locator('.dot-open').waitFor({ state: 'attached', timeout: 30_000 });
    await goTo(page, '#/');
    await page.getByRole('heading', { level: 1, name: 'Stock' }).waitFor();
    await goTo(page, '#/status');
    await page.getByRole('heading', { name: 'shelf-reader' }).waitFor();
    expect(await page.evaluate('window.mark')).toBe('same page');
    await context.close();
  });

  it('says where an item is believed to be, and apart from that that another place read it last', async () => {
    await push('shelf-reader');
    await eventually(
      async () => (await daemon.request(`/items/${tag}`)).ok,
      (known) => known,
    );
    await push('dock-reader');
    const { page, context } = await openPage(daemon.url, keys.stock);
    await goTo(page, `#/item/${tag}`);
    expect(await page.locator('.seen-place').textContent()).toBe('Floor');
    expect(await page.locator('.last-read strong').textContent()).toBe('Back · dock');
    await page.getByText('This read was made elsewhere').waitFor();
    await context.close();
  });

  it('asks the gateway for nothing that a stock:read key may not have', async () => {
    const { page, context } = await visit(browser, { locale: 'en-US' });
    const refused: string[] = [];
    await page.goto(daemon.url);
    await page.locator('#key').waitFor();
    page.on('response', (response) => {
      if (response.status() === 403 || response.status() === 401) refused.push(response.url());
    });
    await signInBy(page, `${daemon.url}/#/`, keys.stock);
    for (const hash of ['#/', '#/?q=a', `#/item/${tag}`, '#/live', '#/status', '#/settings']) await goTo(page, hash);
    expect(refused).toEqual([]);
    await context.close();
  });
});
