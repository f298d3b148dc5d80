import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runPage } from './documented-shell.ts';
import { command, type Daemon, eventually, startDaemon, temporaryFolder } from './harness.ts';

const samples = join(import.meta.dirname, '../captures/products');
const file = (name: string) => join(samples, `${name}.csv`);
const yaml = `site: { id: products }
http: { port: 0 }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: []
`;

const opened: { daemon: Daemon | null; folder: ReturnType<typeof temporaryFolder> }[] = [];
afterEach(async () => {
  for (const { daemon, folder } of opened.splice(0)) {
    await daemon?.stop();
    folder.remove();
  }
});

function place(): (typeof opened)[number] {
  const entry = { daemon: null, folder: temporaryFolder() };
  opened.push(entry);
  writeFileSync(join(entry.folder.path, 'silentgate.yaml'), yaml);
  return entry;
}

async function running(env: Record<string, string> = {}): Promise<{ daemon: Daemon; path: string }> {
  const entry = place();
  entry.daemon = await startDaemon(entry.folder.path, yaml, env);
  return { daemon: entry.daemon, path: entry.folder.path };
}

const names = async (daemon: Daemon) => {
  const { rows } = await daemon.get<{ rows: { name: string | null }[] }>('/products?limit=500');
  return rows.map(({ name }) => name);
};

/** How many products each export has; the inventory comes after the products that it names. */
const counts: Readonly<Record<string, number>> = {
  shopify: 3,
  'shopify-inventory': 3,
  woocommerce: 4,
  square: 3,
  loyverse: 4,
  magento: 2,
  odoo: 3,
  prestashop: 3,
};

describe('silentgate products import', () => {
  test('takes each of eight exports as it is, through the running gateway', async () => {
    const { daemon, path } = await running();
    for (const [name, imported] of Object.entries(counts)) {
      const { code, out, err } = command(path, ['products', 'import', file(name), '--json']);
      expect([name, code, err]).toEqual([name, 0, '']);
      expect(JSON.parse(out)).toMatchObject({ format: name, imported });
    }
    expect(await names(daemon)).toHaveLength(22);
  });

  test('says in words what a dry run would change, and writes nothing', async () => {
    const { daemon, path } = await running();
    const { out } = command(path, ['products', 'import', file('shopify'), '--dry-run']);
    expect(out).toContain('Shopify products');
    expect(out).toContain('3 new, 0 changed, 0 unchanged, 1 refused');
    expect(out).toContain('line 8 Variant Barcode: EMPTY');
    expect(await names(daemon)).toEqual([]);
  });

  test('reads standard input, takes a mapping, and writes the refused rows to a file', async () => {
    const { daemon, path } = await running();
    writeFileSync(join(path, 'map.json'), '{ "gtin": "EAN", "sku": "Art", "name": ["Text"] }');
    const text = 'Art;EAN;Text\nA1;4012345123456;Hemd\nA2;12;Hose\n';
    const args = ['products', 'import', '-', '--map', 'map.json', '--bad-rows', 'bad.csv'];
    expect(command(path, args, text)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('bad.csv') });
    expect(await names(daemon)).toEqual(['Hemd']);
    expect(JSON.parse(command(path, [...args, '--json'], text).out)).toMatchObject({
      rejectedCount: 1,
      badRows: 'bad.csv',
    });
    expect(readFileSync(join(path, 'bad.csv'), 'utf8')).toMatch(/^\ufeff"line",.*\r\n"3","EAN","LENGTH","12",/);
  });

  test('works on the data folder while no gateway runs, also after one was killed', async () => {
    const entry = place();
    const { path } = entry.folder;
    const rows = ['--bad-rows', 'bad.csv'];
    expect(command(path, ['products', 'import', file('shopify'), ...rows])).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(path, 'bad.csv'), 'utf8')).toContain('"8","Variant Barcode","EMPTY"');
    entry.daemon = await startDaemon(path, yaml);
    expect(await names(entry.daemon)).toHaveLength(3);
    await entry.daemon.kill();
    expect(command(path, ['products', 'import', file('odoo')])).toMatchObject({ code: 0, err: '' });
    entry.daemon = await startDaemon(path, yaml);
    expect(await names(entry.daemon)).toHaveLength(6);
  });

  test('ends with 1 and one plain line where there is no file, no mapping, or nothing to make of it', () => {
    const { path } = place().folder;
    writeFileSync(join(path, 'map.yaml'), 'ean: EAN\n');
    writeFileSync(join(path, 'x.csv'), 'a,b\n1,2\n');
    const wrong = [['nix.csv'], [file('odoo'), '--map', 'map.yaml'], ['x.csv'], ['.']];
    for (const args of wrong) {
      const { code, out, err } = command(path, ['products', 'import', ...args]);
      expect([args, code, out]).toEqual([args, 1, '']);
      expect(err.trimEnd()).not.toMatch(/\n\s+at /);
    }
  });
});

test('docs/products.md: every command does what the page says', async () => {
  const { daemon, path } = await running();
  const map = /^```json\n(.*?)^```$/ms.exec(readFileSync('docs/products.md', 'utf8'))?.[1] ?? '';
  const rows =
    'Style,Art. no.,EAN unit,EAN case,Description,Short text,Colour,Size\nA,1,4012345123456,96385074,Shirt,,red,M\n';
  writeFileSync(join(path, 'map.json'), map);
  writeFileSync(join(path, 'articles.csv'), rows);
  writeFileSync(join(path, 'products_export.csv'), readFileSync(file('shopify')));
  const runs = runPage('docs/products.md', path, daemon.url);
  expect(runs.map(({ code, err }) => [code, err.replace(/^Key .*\n/, '')])).toEqual(runs.map(() => [0, '']));
  expect(runs.map(({ out }) => /\d new|"created":\d/.exec(out)?.[0] ?? '')).toEqual([
    '3 new',
    '3 new',
    '2 new',
    '',
    '"created":2',
  ]);
  expect((await names(daemon)).filter((name) => name === 'Shirt - red / M')).toHaveLength(2);
});

describe('an import that is hard on the gateway', () => {
  /** 20,000 products, which take some seconds to enter. */
  const digit = (body: string) =>
    (10 - ([...body].reduce((sum, one, at) => sum + Number(one) * (at % 2 === 0 ? 1 : 3), 0) % 10)) % 10;
  const many = `gtin,name\n${Array.from({ length: 20_000 }, (_, i) => {
    const body = String(471_000_000_000 + i);
    return `${body}${digit(body)},product ${i}`;
  }).join('\n')}\n`;

  const endings = { dies: (daemon: Daemon) => daemon.kill(), 'is stopped': (daemon: Daemon) => daemon.stop() };

  test.each(Object.entries(endings))(
    'is finished at the next start when the process %s in the middle',
    async (_, end) => {
      const { daemon, path } = await running();
      const staged = join(path, 'data/import/staged.jsonl');
      const sent = daemon
        .request('/products/import', { method: 'POST', headers: { 'content-type': 'text/csv' }, body: many })
        .then(({ status }) => status)
        .catch(() => 'broken off');
      await eventually(() => existsSync(staged), Boolean);
      await end(daemon);
      expect(await sent).toBe('broken off');
      expect(existsSync(staged)).toBe(true);
      const entry = opened.find(({ folder }) => folder.path === path)!;
      entry.daemon = await startDaemon(path, yaml);
      let count = 0;
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { rows: unknown[]; next: string | null } = await entry.daemon.get(`/products?limit=500${cursor}`);
        count += page.rows.length;
        cursor = page.next === null ? null : `&cursor=${encodeURIComponent(page.next)}`;
      }
      expect(count).toBe(20_000);
      expect(existsSync(staged)).toBe(false);
    },
  );

  test('leaves a gateway with 256 MB alive and answering: three bodies of 10 MB of each kind at once', async () => {
    const { daemon, path } = await running({ NODE_OPTIONS: '--max-old-space-size=256' });
    const size = 10 * 1024 * 1024;
    const noise = (unit: string) => unit.repeat(Math.ceil(size / unit.length));
    const bodies = [
      ...['\n', '"', ','].map(noise),
      ...['x', ',"\n', '"a\n'].map((unit) => `gtin,name\n${noise(unit)}`),
    ];
    const send = async (body: string) => {
      const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body };
      return (await daemon.request('/products/import?dryRun=true', init)).status;
    };
    for (const body of bodies) {
      const statuses = await Promise.all([send(body), send(body), send(body)]);
      for (const status of statuses) expect([200, 400, 503]).toContain(status);
      expect(statuses.some((status) => status !== 503)).toBe(true);
      expect((await daemon.request('/health')).status).toBe(200);
    }
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1]) / 1024;
    process.stdout.write(`peak of the resident memory: ${Math.round(peak)} MB\n`);
    expect(peak).toBeLessThan(400);
    expect(readdirSync(join(path, 'data/import')).filter((name) => name.startsWith('upload'))).toEqual([]);
  });
});
