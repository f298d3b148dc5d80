import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from './harness.ts';
import { openBrowser, visit } from './web-helpers.ts';

const folder = temporaryFolder();
const taken = createServer();
let child: ReturnType<typeof spawn>;
let output = '';
let begun = 0;

beforeAll(async () => {
  // Taken by us, or by somebody else already: either way the demo has to go elsewhere.
  await new Promise<void>((resolve) => {
    taken.once('error', () => resolve());
    taken.listen(8080, '127.0.0.1', () => resolve());
  });
  begun = Date.now();
  child = spawn(process.execPath, [join(process.cwd(), 'dist/cli/bin.js'), 'start'], { cwd: folder.path });
  const collect = (chunk: Buffer) => {
    output += String(chunk);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
});
afterAll(async () => {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
  taken.close();
  folder.remove();
});

const lastLine = () => output.trimEnd().split('\n').at(-1) ?? '';

describe('the demo store', () => {
  it('starts without a file, says which port is taken, and ends its log with a link that opens and signs in', async () => {
    await eventually(
      () => output,
      (text) => text.includes('#code='),
      60,
    );
    expect(output).toContain('Port 8080 is taken');
    const link = /http:\/\/\S+#code=\S+/.exec(lastLine())?.[0] ?? '';
    const browser = await openBrowser();
    const { page, faults } = await visit(browser, { width: 1280 });
    await page.goto(link);
    await page.locator('nav').waitFor();
    await page.getByRole('link', { name: '即時' }).first().click();
    await page.locator('text=棉質上衣').first().waitFor({ timeout: 60_000 });
    console.log(`from start to a page with live tags: ${Date.now() - begun} ms`);
    expect(faults).toEqual([]);
    await browser.close();
  });

  it('leaves ./data to the store that is configured in this folder next', () => {
    expect([existsSync(join(folder.path, 'data')), existsSync(join(folder.path, 'demo-data/silentgate.db'))]).toEqual([
      false,
      true,
    ]);
  });

  it('walks through its day: delivery, sale, a customer, an unpaid exit, all verified at the sample CRM', async () => {
    const pageUrl = /sample CRM shows what arrived at (\S+)/.exec(output)?.[1] ?? '';
    const browser = await openBrowser();
    const { page } = await visit(browser, { locale: 'en-US', width: 1280 });
    await page.goto(pageUrl);
    for (const what of ['Item arrived', 'Item moved', 'Item sold', 'Customer recognised', 'Alert']) {
      await page.locator('.type', { hasText: what }).first().waitFor({ timeout: 150_000 });
    }
    await browser.close();
  });
});
