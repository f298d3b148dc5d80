// Makes docs/screenshot.png (zh-TW) and docs/screenshot-en.png: the live view on a desk, stock on a phone.
// `node scripts/screenshot.mjs` starts the demo store by itself; `node scripts/screenshot.mjs LINK` takes a running
// gateway's one-time sign-in link.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const root = fileURLToPath(new URL('..', import.meta.url));
const signInLink = /https?:\/\/\S+\/#code=[\w-]+/;
/** The demo's first delivery needs a while until there is something to see. */
const demoWarmUpMs = 45_000;

const demo = process.argv[2] === undefined ? await startDemo() : { link: process.argv[2], stop: async () => undefined };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags.split(' ') });
try {
  const session = await signIn(demo.link);
  const { origin } = new URL(demo.link);
  for (const [locale, file] of [
    ['zh-TW', 'screenshot.png'],
    ['en-US', 'screenshot-en.png'],
  ]) {
    const desk = await shoot(origin, session, { locale, viewport: { width: 1100, height: 720 } }, '#/live', 12_000);
    const phone = await shoot(origin, session, { locale, viewport: { width: 360, height: 720 } }, '#/', 1_000);
    await compose([desk, phone], join(root, 'docs', file));
  }
} finally {
  await browser.close();
  await demo.stop();
}

async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-shot-'));
  const child = spawn(process.execPath, [join(root, 'dist/cli/bin.js'), 'start'], { cwd: folder });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const link = await new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const found = signInLink.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then(() => reject(new Error(`The demo store ended before it was ready:\n${text}`)), reject);
  });
  await new Promise((resolve) => setTimeout(resolve, demoWarmUpMs));
  return {
    link,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The link works once, so its cookie is handed to every picture. */
async function signIn(link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.locator('nav').waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

async function shoot(origin, storageState, look, hash, waitMs) {
  const context = await browser.newContext({ ...look, storageState, deviceScaleFactor: 2, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`${origin}/${hash}`);
  await page.locator('main h1').waitFor();
  await page.waitForTimeout(waitMs);
  await page.evaluate('document.activeElement?.blur()');
  const picture = await page.screenshot();
  await context.close();
  return `data:image/png;base64,${picture.toString('base64')}`;
}

async function compose(pictures, file) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 820 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 40px; display: flex; gap: 32px; justify-content: center; background: #dfe8e5 }
    img { height: 720px; border-radius: 16px; box-shadow: 0 8px 32px rgb(0 40 36 / 22%) }
  </style>${pictures.map((source) => `<img src="${source}">`).join('')}`);
  await page.screenshot({ path: file });
  await page.close();
}
