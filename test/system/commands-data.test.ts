import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import {
  background,
  command,
  type Daemon,
  eventually,
  freePort,
  pauseMs,
  startDaemon,
  stockSum,
  temporaryFolder,
} from './harness.ts';

type Item = { id: string; gtin: string | null; lifecycle: string; location: string; readPoint: string };

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
const itemsOf = async (daemon: Daemon) =>
  (await daemon.get<{ rows: Item[] }>('/items')).rows.sort((a, b) => a.id.localeCompare(b.id));
const mqttLink = (topic: string) => `mqtt://127.0.0.1:${mosquitto.port}/${topic}`;
const lines = (text: string) => text.trimEnd().split('\n');

describe('silentgate simulate', () => {
  it('feeds a running gateway over a pty in real M100 frames, with noise', async () => {
    const path = join(scratch.path, 'tty-m100');
    const reader = background(scratch.path, [
      ...['simulate', '--profile', 'magicrf/m100', '--link', `pty:${path}`, '--tags', '6', '--rate', '60'],
      ...['--noise', '0.02'],
    ]);
    await reader.until(`magicrf/m100 at ${path}`);
    const { daemon } = await gateway(m100(`{ serial: { path: ${path} } }`));
    expect(
      await eventually(
        () => stockSum(daemon),
        (n) => n === 6,
      ),
    ).toBe(6);
    expect((await itemsOf(daemon))[0]).toMatchObject({ gtin: '04710088000118', location: 'floor' });
    await daemon.stop();
    expect(await reader.interrupt()).toBe(0);
    expect(reader.output()).toMatch(/\d+ reports sent, \d+ commands understood\.\n$/);
  });

  it.each([
    ['impinj/r700', 'sim/impinj'],
    ['zebra/iot-connector', 'sim/zebra'],
  ])('feeds a running gateway as %s over MQTT', async (profile, topic) => {
    const { daemon } = await gateway(impinj(topic).replace('impinj/r700', profile), topic.replace('/', '-'));
    const flags = ['--tag', '3034257BF7194E4000001A85', '--tags', '4', '--rate', '50', '--seconds', '4'];
    const reader = background(scratch.path, ['simulate', '--profile', profile, '--link', mqttLink(topic), ...flags]);
    expect(
      await eventually(
        () => stockSum(daemon),
        (n) => n === 5,
      ),
    ).toBe(5);
    expect((await daemon.request('/items/3034257BF7194E4000001A85')).status).toBe(200);
    expect(await reader.ended()).toBe(0);
  });

  it('shows a card whose number is an odd number of bytes, and no tag like it', async () => {
    const path = join(scratch.path, 'tty-cards');
    const flags = ['--link', `pty:${path}`, '--tag', '2E00B6D7B5', '--rate', '20'];
    const reader = background(scratch.path, ['simulate', '--profile', 'gwiot/7941e', ...flags]);
    await reader.until(`gwiot/7941e at ${path}`);
    const till = `{ id: till, profile: gwiot/7941e, link: { serial: { path: ${path} } }, antennas: { 1: shelf-1 } }`;
    const { daemon } = await gateway(till);
    expect(
      await eventually(
        async () => (await itemsOf(daemon)).map(({ id }) => id),
        (ids) => ids.length > 0,
      ),
    ).toEqual([expect.stringContaining('2E00B6D7B5')]);
    await daemon.stop();
    await reader.interrupt();
    expect(command(scratch.path, ['simulate', '--profile', 'magicrf/m100', ...flags]).code).toBe(1);
  });

  it('says in one line what does not go together', () => {
    for (const [profile, link] of [
      ['magicrf/m100', mqttLink('a')],
      ['impinj/r700', 'pty:/tmp/x'],
      ['no/such', 'pty:/tmp/x'],
      ['magicrf/m100', 'carrier-pigeon'],
    ] as const) {
      const done = command(scratch.path, ['simulate', '--profile', profile, '--link', link, '--seconds', '1']);
      expect(done.code).toBe(1);
      expect(lines(done.err)).toHaveLength(1);
    }
  });
});

describe('silentgate record and replay', () => {
  it('records messages of a topic; replayed, another gateway comes to the same items', async () => {
    const file = join(scratch.path, 'dock.ndjson');
    const first = await gateway(impinj('rec/one'), 'rec-one');
    const recorder = background(scratch.path, ['record', file, '--link', mqttLink('rec/one')]);
    await pauseMs(3000);
    const reader = background(scratch.path, [
      ...['simulate', '--profile', 'impinj/r700', '--link', mqttLink('rec/one'), '--tags', '8', '--rate', '40'],
      ...['--seconds', '3'],
    ]);
    expect(await reader.ended()).toBe(0);
    expect(
      await eventually(
        () => stockSum(first.daemon),
        (n) => n === 8,
      ),
    ).toBe(8);
    const ids = (await itemsOf(first.daemon)).map((item) => item.id);
    expect(await recorder.interrupt()).toBe(0);
    expect(recorder.output()).toMatch(/^\d+ events in .*dock\.ndjson\.\n$/);

    const shown = command(scratch.path, ['replay', file, '--speed', '0']);
    const played = lines(shown.out).map((line) => JSON.parse(line) as { topic: string; payload: string });
    expect(played.length).toBeGreaterThan(16);
    expect(new Set(played.map(({ topic }) => topic))).toEqual(new Set(['rec/one']));
    await first.daemon.stop();
    const second = await gateway(impinj('rec/one'), 'rec-two');
    expect(command(scratch.path, ['replay', file, '--speed', '20', '--link', mqttLink('-')]).code).toBe(0);
    expect(
      await eventually(
        () => stockSum(second.daemon),
        (n) => n === 8,
      ),
    ).toBe(8);
    expect((await itemsOf(second.daemon)).map((item) => item.id)).toEqual(ids);
  });

  it('replays bytes to a gateway that calls over TCP, and in the gateway itself', async () => {
    const frame = 'bb02220011bd30003034257bf7194e4000001a85ee2c7d7e';
    const recording = [
      { silentgate: 'recording', version: 1, link: 'serial:/dev/ttyUSB0', startedAt: 1795251600000 },
      { t: 0, event: 'opened' },
      ...[100, 200, 300].map((t) => ({ t, dir: 'in', hex: frame })),
    ];
    const file = join(scratch.path, 'desk.ndjson');
    writeFileSync(file, recording.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const port = await freePort();
    const player = background(scratch.path, ['replay', file, '--link', `tcp:127.0.0.1:${port}`]);
    const overTcp = await gateway(m100(`{ tcp: { host: 127.0.0.1, port: ${port} } }`));
    const inside = await gateway(m100(`{ replay: { file: ${file} } }`), 'replaying');
    for (const { daemon } of [overTcp, inside]) {
      expect(
        await eventually(
          () => stockSum(daemon),
          (n) => n === 1,
        ),
      ).toBe(1);
      expect((await itemsOf(daemon))[0]?.gtin).toBe('80614141123458');
    }
    expect(await player.ended()).toBe(0);
    writeFileSync(file, '{"silentgate":"recording","version":1,"link":"x","startedAt":0}\nrubbish\n');
    const broken = command(scratch.path, ['replay', file]);
    expect(broken.code).toBe(1);
    expect(broken.err).toContain('2');
  });

  it('plays without waiting to a receiver that reads slowly: all of it comes, in order', async () => {
    const chunks = Array.from({ length: 2_000 }, (_, n) => Buffer.alloc(2_000, n % 251));
    const header = { silentgate: 'recording', version: 1, link: 'serial:/dev/ttyUSB0', startedAt: 1795251600000 };
    const events = chunks.map((chunk, t) => ({ t, dir: 'in', hex: chunk.toString('hex') }));
    const file = join(scratch.path, 'fast.ndjson');
    writeFileSync(file, [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const port = await freePort();
    const player = background(scratch.path, ['replay', file, '--speed', '0', '--link', `tcp:127.0.0.1:${port}`]);
    const socket = await eventually(
      () => called(port),
      (one) => one !== null,
    );
    const came: Buffer[] = [];
    for await (const part of socket ?? []) {
      came.push(part);
      await pauseMs(2);
    }
    expect(Buffer.concat(came).equals(Buffer.concat(chunks))).toBe(true);
    expect(await player.ended()).toBe(0);
  }, 60_000);
});

/** A connection to a port of this machine, or null where nobody listens yet. */
function called(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

describe('silentgate backup, restore and rebuild-stock', () => {
  async function stocked() {
    const made = await gateway(impinj('data/one'), 'data');
    const flags = ['--tags', '12', '--rate', '60', '--seconds', '4'];
    command(scratch.path, ['simulate', '--profile', 'impinj/r700', '--link', mqttLink('data/one'), ...flags]);
    expect(
      await eventually(
        () => stockSum(made.daemon),
        (n) => n === 12,
      ),
    ).toBe(12);
    return made;
  }

  it('a backup of a running gateway, restored into a new folder, has the same items, stock and keys', async () => {
    const { daemon, path } = await stocked();
    const key = command(path, ['key', 'create', '--name', 'till', '--scope', 'stock:read']).out.trim();
    const before = { items: await itemsOf(daemon), stock: await daemon.get('/stock') };
    const file = join(scratch.path, 'night.backup');
    expect(command(path, ['backup', file])).toEqual({ code: 0, out: `Backed up to ${file}.\n`, err: '' });
    const busy = command(path, ['restore', file]);
    expect(busy.code).toBe(1);
    expect(busy.err).toContain(`Another Silentgate (process ${daemon.pid})`);
    await daemon.stop();

    const folder = temporaryFolder();
    opened.push({ daemon: null, folder });
    writeFileSync(join(folder.path, 'silentgate.yaml'), yaml(impinj('data/two'), 'data-two'));
    expect(command(folder.path, ['restore', file]).err).toContain('give --adopt');
    expect(command(folder.path, ['restore', file, '--adopt'])).toMatchObject({ code: 0, err: '' });
    const restored = await startDaemon(folder.path, null);
    opened.push({ daemon: restored, folder });
    expect(await itemsOf(restored)).toEqual(before.items);
    expect(await restored.get('/stock')).toEqual(before.stock);
    const byKey = await restored.request('/stock', { headers: { authorization: `Bearer ${key}` } });
    expect(byKey.status).toBe(200);
    expect(command(folder.path, ['rebuild-stock', '--check']).code).toBe(0);
    await restored.stop();
    expect(command(folder.path, ['restore', file, '--adopt']).out).toMatch(
      /The database that was there is kept as .+\.\n$/,
    );
    writeFileSync(file, 'not a database');
    const rubbish = command(folder.path, ['restore', file]);
    expect(rubbish.code).toBe(1);
    expect(lines(rubbish.err)).toHaveLength(1);
    const after = await startDaemon(folder.path, null);
    opened.push({ daemon: after, folder });
    expect(await itemsOf(after)).toEqual(before.items);
  });

  it('rebuild-stock finds and cures a stock that differs from the log; --check changes nothing', async () => {
    const { daemon, path } = await stocked();
    const busy = command(path, ['rebuild-stock']);
    expect([busy.code, busy.err]).toEqual([1, expect.stringContaining('Another Silentgate')]);
    expect(command(path, ['rebuild-stock', '--check']).code).toBe(0);
    await daemon.stop();
    const copy = join(scratch.path, 'copy');
    mkdirSync(copy);
    cpSync(path, copy, { recursive: true });
    const db = new Database(join(copy, 'data/silentgate.db'));
    expect(db.prepare('UPDATE stock SET quantity = quantity + 5').run().changes).toBe(1);
    db.close();
    for (let time = 0; time < 2; time++) {
      const found = command(copy, ['rebuild-stock', '--check']);
      expect(found.out).toContain('04710088000118 back on_back: kept 17, by the log 12');
      expect(found.err).toContain('1 stock rows differ; run silentgate rebuild-stock.');
      expect(found.code).toBe(1);
    }
    const cured = command(copy, ['rebuild-stock']);
    expect([cured.code, cured.out]).toEqual([0, expect.stringContaining('1 stock rows were put right.')]);
    expect(command(copy, ['rebuild-stock', '--check'])).toEqual({
      code: 0,
      out: 'Stock equals the event log and the sum of the items.\n',
      err: '',
    });
  });
});
