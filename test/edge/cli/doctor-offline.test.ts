import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Check, examineOffline } from '../../../src/cli/doctor-offline.ts';
import { completeConfig } from '../../../src/config.ts';
import { openStore } from '../../../src/journal/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'silentgate-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function examine(more: object, env: Record<string, string> = {}): Promise<Map<string, Check>> {
  const config = completeConfig(
    {
      site: { id: 'shop' },
      http: { port: 0 },
      locations: [{ id: 'floor', kind: 'sales-floor' }],
      readPoints: [{ id: 'shelf-1', location: 'floor', kind: 'shelf' }],
      readers: [],
      ...more,
    },
    folder,
    'firmware-profiles',
  );
  return new Map((await examineOffline(config, env)).map((check) => [check.name, check]));
}

/** A port that a server of this test has, while `use` runs. */
async function withServer<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

const serial = (path: string) => ({
  readers: [{ id: 'desk-1', profile: 'magicrf/m100', link: { serial: { path } }, antennas: { 1: 'shelf-1' } }],
});

describe('doctor, while the gateway is down,', () => {
  it('finds nothing wrong where nothing is, and makes no file', async () => {
    const found = await examine({});
    expect([...found.values()].filter(({ state }) => state !== 'ok')).toEqual([]);
    expect([...found.keys()]).toEqual(['data folder', 'database', 'http port']);
    expect(found.get('database')?.text).toContain('holds none yet');
  });

  it('says which secret is missing, and that one is there', async () => {
    const crm = [{ id: 'main', url: 'https://crm.example.com/', secret: { env: 'CRM_SECRET' } }];
    const mqtt = { url: 'mqtt://127.0.0.1:1', username: 'g', password: { file: join(folder, 'none') } };
    const without = await examine({ crm, mqtt });
    expect(without.get('secret of crm main')).toMatchObject({ state: 'fail' });
    expect(without.get('secret of crm main')?.text).toContain('CRM_SECRET');
    expect(without.get('mqtt password')?.state).toBe('fail');
    const good = `whsec_${'c2VjcmV0'.repeat(4)}`;
    expect((await examine({ crm }, { CRM_SECRET: good })).get('secret of crm main')?.state).toBe('ok');
    const quoted = (await examine({ crm }, { CRM_SECRET: `"${good}"` })).get('secret of crm main');
    expect(quoted).toMatchObject({ state: 'fail', next: expect.stringContaining('openssl rand') });
  });

  it('says which reader’s password is missing', async () => {
    const [desk] = serial('/dev/null').readers;
    const login = { username: 'alien', password: { env: 'ALIEN_PASSWORD' } };
    const readers = [{ ...desk, profile: 'alien/ascii', link: { tcp: { host: '127.0.0.1', port: 1 } }, login }];
    const name = 'password of reader desk-1';
    expect((await examine({ readers })).get(name)).toMatchObject({ state: 'fail' });
    expect((await examine({ readers }, { ALIEN_PASSWORD: 'word' })).get(name)?.state).toBe('ok');
  });

  it('tells a port that another program has from a free one', async () => {
    const taken = await withServer(async (port) => ({
      port,
      http: (await examine({ http: { port } })).get('http port'),
      broker: (await examine({ mqtt: { broker: 'embedded', port } })).get('broker port'),
    }));
    expect(taken.http).toMatchObject({ state: 'fail', text: `Another program listens on 127.0.0.1:${taken.port}.` });
    expect(taken.broker?.next).toContain('mqtt.port');
    expect((await examine({ http: { port: taken.port } })).get('http port')?.state).toBe('ok');
  });

  it('tries whether the broker takes connections', async () => {
    const [url, up] = await withServer(async (port) => {
      const broker = `mqtt://127.0.0.1:${port}`;
      return [broker, (await examine({ mqtt: { url: broker } })).get('broker')] as const;
    });
    expect(up).toMatchObject({ state: 'ok', text: `${url} takes connections` });
    const down = (await examine({ mqtt: { url } })).get('broker');
    expect(down).toMatchObject({ state: 'fail' });
    expect(down?.text).toContain('ECONNREFUSED');
  });

  it('looks for each serial device', async () => {
    expect((await examine(serial(join(folder, 'ttyUSB7')))).get('reader desk-1')).toMatchObject({
      state: 'fail',
      text: `There is no device ${join(folder, 'ttyUSB7')}.`,
    });
    writeFileSync(join(folder, 'file'), '');
    expect((await examine(serial(join(folder, 'file')))).get('reader desk-1')?.text).toContain('not a serial port');
    expect((await examine(serial('/dev/null'))).get('reader desk-1')?.state).toBe('ok');
  });

  it('says where data cannot be written and where the database does not open', async () => {
    writeFileSync(join(folder, 'silentgate.db'), 'no database');
    expect((await examine({ data: folder })).get('database')?.state).toBe('fail');
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    // Root may write everywhere; a folder of the kernel's is closed to root too.
    const data = process.getuid?.() === 0 ? '/proc/self' : join(closed, 'data');
    expect((await examine({ data })).get('data folder')).toMatchObject({ state: 'fail' });
  });

  it('looks at every page of the database, and says to restore a backup where one is damaged', async () => {
    const data = join(folder, 'data');
    await made(data);
    expect((await examine({ data })).get('database')).toMatchObject({ state: 'ok' });
    const file = join(data, 'silentgate.db');
    const bytes = readFileSync(file);
    // The opening alone reads nothing there.
    bytes.fill(0xff, bytes.length - 4096, bytes.length - 4000);
    writeFileSync(file, bytes);
    expect((await examine({ data })).get('database')).toMatchObject({
      state: 'fail',
      text: expect.stringContaining('damaged'),
      next: 'Restore the last backup: silentgate restore FILE.',
    });
  });

  it('of a data folder of another site does not say to check its owner', async () => {
    const data = join(folder, 'data');
    await made(data, 'elsewhere');
    expect((await examine({ data })).get('database')).toMatchObject({
      state: 'fail',
      text: expect.stringContaining('belongs to the site elsewhere'),
      next: 'Compare site.id and data in the file with what you meant.',
    });
  });
});

/** Makes a data folder as a first start does. */
async function made(path: string, site = 'shop'): Promise<void> {
  const now = () => 1_764_500_000_000;
  await openStore({ folder: path, site: { id: site }, now }, 'gateway').close();
}
