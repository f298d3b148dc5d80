import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { command, type Daemon, eventually, startDaemon, temporaryFolder } from './harness.ts';

const opened: { daemon: Daemon | null; folder: ReturnType<typeof temporaryFolder> }[] = [];
const scratch = temporaryFolder();
let mosquitto: Mosquitto;

beforeAll(async () => {
  mosquitto = await startMosquitto();
});
afterEach(async () => {
  for (const { daemon, folder } of opened.splice(0)) {
    await daemon?.stop();
    folder.remove();
  }
});
afterAll(async () => {
  await mosquitto.stop();
  scratch.remove();
});

const yaml = (readers: string, name = 'commands') => `site: { id: ${name} }
http: { port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }, { id: floor, kind: sales-floor }]
readPoints:
  - { id: dock-in, location: back, kind: portal, bizStep: receiving }
  - { id: shelf-1, location: floor, kind: shelf }
readers: [${readers}]
`;
const impinj = (topic: string) =>
  `{ id: dock-1, profile: impinj/r700, link: { mqtt: { topic: ${topic} } }, antennas: { 1: dock-in } }`;
const m100 = (link: string) => `{ id: desk-1, profile: magicrf/m100, link: ${link}, antennas: { 1: shelf-1 } }`;

async function gateway(readers: string, name?: string): Promise<{ daemon: Daemon; path: string }> {
  const folder = temporaryFolder();
  const entry: (typeof opened)[number] = { daemon: null, folder };
  opened.push(entry);
  entry.daemon = await startDaemon(folder.path, yaml(readers, name));
  return { daemon: entry.daemon, path: folder.path };
}
const lines = (text: string) => text.trimEnd().split('\n');

describe('silentgate decode and encode', () => {
  const hex = '3034257BF7194E4000001A85';
  const tagUri = 'urn:epc:tag:sgtin-96:1.0614141.812345.6789';

  it('turns each form into all the others', () => {
    const forms = [hex, hex.toLowerCase(), tagUri];
    const done = command(scratch.path, ['decode', '--json', ...forms]);
    expect(done).toMatchObject({ code: 0, err: '' });
    const rows = lines(done.out).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map((row) => row['input'])).toEqual(forms);
    for (const row of rows) {
      expect(Object.keys(row).join()).toBe('input,ok,scheme,hex,tagUri,epcUri,elementString,digitalLink,filter,fields');
      expect(row).toMatchObject({ ok: true, scheme: 'sgtin-96', hex, tagUri, filter: 1 });
      expect(row['fields']).toMatchObject({ companyPrefix: '0614141', gtin: '80614141123458', serial: '6789' });
    }
    const link = command(scratch.path, ['decode', '--json', 'https://shop.example/01/80614141123458/21/6789']);
    expect(JSON.parse(link.out)).toMatchObject({
      ok: true,
      elementString: '(01)80614141123458(21)6789',
      digitalLink: 'https://id.gs1.org/01/80614141123458/21/6789',
    });
    expect(command(scratch.path, ['decode', hex]).out).toContain(`tagUri           ${tagUri}`);
  });

  it('takes one per line from standard input, answers in order, and exits 1 when any failed', () => {
    const inputs = Array.from({ length: 3000 }, (_, i) =>
      i % 500 === 499 ? `no tag ${i}` : `3034257BF7194E40${i.toString(16).toUpperCase().padStart(8, '0')}`,
    );
    const done = command(scratch.path, ['decode'], `${inputs.join('\n')}\n`);
    expect(done.code).toBe(1);
    const rows = lines(done.out).map((line) => JSON.parse(line) as { input: string; ok: boolean; error?: object });
    expect(rows.map((row) => row.input)).toEqual(inputs);
    expect(rows.filter((row) => !row.ok)).toHaveLength(6);
    expect(rows[499]?.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(command(scratch.path, ['decode'], `${inputs.slice(0, 400).join('\r\n')}`).code).toBe(0);
  });

  it('encodes what was decoded to the same hex; a tag URI names scheme and filter itself', () => {
    expect(command(scratch.path, ['encode', tagUri])).toEqual({ code: 0, out: `${hex}\n`, err: '' });
    const given = ['--scheme', 'SGTIN-96', '--filter', '1', '--gcp-length', '7'];
    const ids = ['(01)80614141123458(21)6789', 'https://id.gs1.org/01/80614141123458/21/6790'];
    const done = command(scratch.path, ['encode', ...given], `${ids.join('\n')}\n`);
    expect(done).toEqual({ code: 0, out: `${hex}\n3034257BF7194E4000001A86\n`, err: '' });
    const json = command(scratch.path, ['encode', ids[0] ?? '', '--json', ...given]);
    expect(JSON.parse(json.out)).toMatchObject({ input: ids[0], ok: true, hex, filter: 1 });
    const none = command(scratch.path, ['encode', '(01)80614141123458(21)6789x', '--json', ...given]);
    expect(JSON.parse(none.out)).toMatchObject({ ok: false, error: { code: expect.any(String) } });
    expect(none.code).toBe(1);
  });

  it('takes the length of a company prefix from GS1’s list, and a host name for ++', () => {
    const list = join(scratch.path, 'lengths.json');
    const entry = [{ prefix: '061414', gcpLength: 7 }];
    writeFileSync(list, JSON.stringify({ GCPPrefixFormatList: { date: '2026-01-01', entry } }));
    const text = '(01)80614141123458(21)6789';
    const given = ['--scheme', 'sgtin-96', '--filter', '1', '--gcp-table', list];
    expect(command(scratch.path, ['encode', text, ...given]).out).toBe(`${hex}\n`);
    const epcUri = 'urn:epc:id:sgtin:0614141.812345.6789';
    const decoded = command(scratch.path, ['decode', text, '--json', '--gcp-table', list]);
    expect(JSON.parse(decoded.out)).toMatchObject({ ok: true, epcUri });
    const absent = command(scratch.path, ['decode', text, '--gcp-table', join(scratch.path, 'none.json')]);
    expect(absent).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^The list of company prefixes .*\n$/),
    });
    const named = command(scratch.path, ['encode', text, '--scheme', 'sgtin++', '--hostname', 'example.com', '--json']);
    expect(JSON.parse(named.out)).toMatchObject({ digitalLink: 'https://example.com/01/80614141123458/21/6789' });
  });

  it('knows every filter value that a scheme has, and refuses what it has not', () => {
    const adi = command(scratch.path, ['encode', 'urn:epc:id:adi:35962.PQ7.M3', '--filter', '61', '--json']);
    expect(JSON.parse(adi.out)).toMatchObject({ ok: true, scheme: 'adi-var', filter: 61 });
    const dod = command(scratch.path, ['encode', 'urn:epc:id:usdod:CAGEY.5678', '--filter', '16', '--json']);
    expect(JSON.parse(dod.out)).toMatchObject({ ok: false, error: { code: 'FIELD_OVERFLOW' } });
  });

  it('refuses content that no scheme explains, and takes its raw URI', () => {
    for (const [content, code] of [
      ['001122334455667788990011', 'RESERVED_HEADER'],
      ['E21122334455667788990011', 'RESERVED_HEADER'],
      ['303C83F1B7DD441678901234', 'BAD_PARTITION'],
    ]) {
      const done = command(scratch.path, ['decode', content ?? '', '--json']);
      expect(done.code).toBe(1);
      expect(JSON.parse(done.out)).toMatchObject({ ok: false, error: { code } });
      const raw = command(scratch.path, ['decode', `urn:epc:raw:96.x${content}`, '--json']);
      expect(JSON.parse(raw.out)).toMatchObject({ ok: true, scheme: 'raw', hex: content, tagUri: null });
    }
  });

  it('reads the words of old Digital Links only when asked', () => {
    const old = 'https://shop.example/gtin/80614141123458/ser/6789';
    expect(command(scratch.path, ['decode', old]).code).toBe(1);
    expect(command(scratch.path, ['decode', old, '--aliases']).out).toContain('(01)80614141123458(21)6789');
  });

  it('says what is odd about a tag that is valid all the same', () => {
    const [odd] = ['3000E2009A9040060AF000000372'];
    const done = command(scratch.path, ['decode', odd ?? '', '--json']);
    expect(JSON.parse(done.out)).toMatchObject({ ok: true, marks: ['TRAILING_BITS'] });
  });

  it('refuses a wrong option in one line', () => {
    for (const args of [['decode', '--nosuch'], ['nosuch'], ['encode', tagUri, '--filter', 'x']]) {
      const done = command(scratch.path, args);
      expect(done.code).toBe(1);
      expect(done.err).not.toBe('');
      expect(done.err).not.toContain('    at ');
    }
  });
});

describe('silentgate profile', () => {
  it('lists what ships', () => {
    const done = command(scratch.path, ['profile', 'list']);
    for (const id of ['magicrf/m100', 'impinj/r700', 'zebra/iot-connector', 'generic/json']) {
      expect(done.out).toMatch(new RegExp(`^${id} `, 'm'));
    }
    expect(done.code).toBe(0);
  });

  it('checks profiles against their own captures', () => {
    const shipped = join(process.cwd(), 'firmware-profiles/magicrf/m100.json');
    const done = command(scratch.path, ['profile', 'check', shipped]);
    expect(done.out).toMatch(/^\S+m100\.json: magicrf\/m100: (\d+) of \1 captures hold\.\n$/);
    expect(done.code).toBe(0);

    const own = JSON.parse(readFileSync(shipped, 'utf8')) as {
      id: string;
      captures: { expect: { rssi?: number }[] }[];
    };
    own.id = 'shop/desk';
    const file = join(scratch.path, 'desk.json');
    writeFileSync(file, JSON.stringify(own));
    expect(command(scratch.path, ['profile', 'check', file]).out).toContain('shop/desk:');
    const reading = own.captures.find(({ expect: [read] }) => read?.rssi !== undefined)?.expect[0];
    if (reading !== undefined) reading.rssi = 7;
    writeFileSync(file, JSON.stringify(own));
    const wrong = command(scratch.path, ['profile', 'check', file]);
    expect(wrong.out).toMatch(/shop\/desk: capture \d+ .*: expected .*7.*, got /);
    expect(wrong.code).toBe(1);
    writeFileSync(file, JSON.stringify({ ...own, antennas: 'many' }));
    const invalid = command(scratch.path, ['profile', 'check', file]);
    expect(invalid.err).toContain('antennas');
    expect(invalid.code).toBe(1);
  });
});

describe('silentgate key', () => {
  it('makes keys whose scopes hold, lists them without their text, and revokes them at once', async () => {
    const { daemon, path } = await gateway('');
    const made = command(path, ['key', 'create', '--name', 'till 1', '--scope', 'stock:read', 'events:read']);
    expect(made.code).toBe(0);
    const key = made.out.trim();
    expect(key).toMatch(/^sg_[0-9A-Za-z]+_[0-9A-Za-z]+$/);
    const id = key.split('_')[1] ?? '';
    expect(made.err).toContain(`Key ${id} (till 1)`);
    const status = async (route: string, init: RequestInit = {}) =>
      (await daemon.request(route, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })).status;
    expect(await status('/stock')).toBe(200);
    for (const route of ['/destinations', '/keys', '/customers/c1'])
      expect([route, await status(route)]).toEqual([route, 403]);
    const input = { id: 'i1', input: 'sell' };
    const body = { method: 'POST', body: JSON.stringify(input), headers: { 'content-type': 'application/json' } };
    expect(await status('/items/3034257BF7194E4000001A85/inputs', body)).toBe(403);
    const list = command(path, ['key', 'list']);
    expect(list.out).toContain(`${id}\ttill 1\tstock:read events:read\tused `);
    expect(list.out).not.toContain(key);
    expect(command(path, ['key', 'revoke', id])).toEqual({ code: 0, out: `Key ${id} is revoked.\n`, err: '' });
    expect(await status('/stock')).toBe(401);
    expect(command(path, ['key', 'list']).out).toMatch(new RegExp(`${id}\t.*\trevoked `));
    const again = command(path, ['key', 'revoke', id]);
    expect(again).toEqual({ code: 1, out: '', err: `There is no live key ${id}.\n` });
    const unknown = command(path, ['key', 'create', '--name', 'x', '--scope', 'stock:eat']);
    expect(unknown.err).toContain('There is no scope stock:eat; allowed: stock:read');
    expect(unknown.code).toBe(1);
    const all = command(path, ['key', 'create', '--name', 'admin', '--scope', 'all']).out.trim();
    const keys = await daemon.request('/keys', { headers: { authorization: `Bearer ${all}` } });
    expect(keys.status).toBe(200);
    expect(await keys.text()).not.toContain(all);
  });
});

describe('silentgate doctor', () => {
  it('tells what is well, what is not and what to do; exit 1 when something fails', async () => {
    const { daemon, path } = await gateway(impinj('doctor/one'), 'doctor');
    await eventually(
      () => daemon.get<{ link: { state: string } }>('/readers/dock-1'),
      ({ link }) => link.state === 'open',
    );
    const well = command(path, ['doctor']);
    expect(well.code).toBe(0);
    expect(well.out).toMatch(/^ok {4}configuration: What \S+silentgate\.yaml says is what runs\.$/m);
    expect(well.out).toContain('ok    reader dock-1: ');
    const json = JSON.parse(command(path, ['doctor', '--json']).out) as { checks: { name: string; state: string }[] };
    expect(json.checks.map(({ name }) => name)).toEqual([
      'configuration',
      'store',
      'disk',
      'clock',
      'broker',
      'reader dock-1',
    ]);
    expect(json.checks.every(({ state }) => state === 'ok')).toBe(true);
    await daemon.stop();
    const stopped = command(path, ['doctor']);
    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain('FAIL  gateway: The gateway does not run.\n      → Start it: silentgate start.\n');
    expect(stopped.out).toContain('ok    database: ');
    writeFileSync(join(path, 'silentgate.yaml'), 'site: {}\n');
    const wrong = command(path, ['doctor']);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('silentgate.yaml:1: site.id: found nothing');
  });

  it('names a serial port that is not there and one that may not be opened', async () => {
    const { path } = await gateway(m100('{ serial: { path: /dev/ttyNOSUCH } }'));
    const told = command(path, ['doctor']);
    expect(told.out).toContain('FAIL  reader desk-1: Reader desk-1 is not connected (/dev/ttyNOSUCH): ');
    expect(told.out).toContain('→ Check its power, its cable or network, and the address in the configuration.');
    expect(told.code).toBe(1);
  });
});
