import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../fakes/authority.ts';
import { type LlrpServer, startLlrpServer } from '../fakes/llrp-server.ts';
import {
  command,
  type Daemon,
  epcOf,
  eventually,
  freePort,
  pauseMs,
  presentSum,
  startDaemon,
  stockSum,
  temporaryFolder,
} from './harness.ts';
import { catchesHangUp, hangUp, head, push, pushReads, run } from './reload-scene.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'silentgate.yaml');
let authority: Authority;
let daemon: Daemon | null = null;
let llrp: LlrpServer;

beforeAll(async () => {
  authority = createAuthority();
  llrp = await startLlrpServer();
});
afterEach(async () => {
  await daemon?.stop();
  daemon = null;
  // Each test has a store of its own.
  rmSync(join(folder.path, 'data'), { recursive: true, force: true });
});
afterAll(async () => {
  await llrp.close();
  authority.remove();
  folder.remove();
});

const llrpReader = (power = '') =>
  `  - { id: ceiling, profile: generic/llrp, link: { tcp: { host: 127.0.0.1, port: ${llrp.port} } }, antennas: { 1: shelf-1 }${power} }\n`;
const overMqtt = (id: string, topic: string) =>
  `  - { id: ${id}, profile: impinj/r700, link: { mqtt: { topic: ${topic} } }, antennas: { 1: shelf-1 } }\n`;

type ReaderRow = { id: string; reads: number; reachable?: boolean; link: { state: string; since: number } };
const rowsOf = async (gateway: Daemon) => (await gateway.get<{ rows: ReaderRow[] }>('/readers')).rows;
const idsOf = async (gateway: Daemon) => (await rowsOf(gateway)).map(({ id }) => id).sort();

type Check = {
  name: string;
  state: string;
  code: string;
  text: string;
  next: string | null;
  params: Record<string, string>;
};
const checksOf = async (gateway: Daemon) => (await gateway.get<{ checks: Check[] }>('/doctor')).checks;
const configurationOf = async (gateway: Daemon) =>
  (await checksOf(gateway)).find(({ name }) => name === 'configuration');

describe('SIGHUP', () => {
  it('adds, changes and removes readers, and leaves the others alone', async () => {
    const http = 'http: { port: 0 }\n';
    daemon = await startDaemon(folder.path, `${head(http)}readers:\n${push('app-1')}${push('app-2')}${llrpReader()}`);
    await eventually(() => llrp.asked.includes(64), Boolean);
    expect(await pushReads(daemon, 'app-1', 1)).toBe(200);
    expect(await pushReads(daemon, 'app-2', 2)).toBe(200);
    const before = await rowsOf(daemon);
    const connections = llrp.connections();
    // app-2 goes, app-3 comes; app-1 and the LLRP reader are not touched.
    writeFileSync(file, `${head(http)}readers:\n${push('app-1')}${push('app-3')}${llrpReader()}`);
    expect(await configurationOf(daemon)).toMatchObject({ code: 'CONFIG_CHANGED', params: { keys: 'readers' } });
    await hangUp(daemon);
    expect(await configurationOf(daemon)).toMatchObject({ code: 'CONFIG_OK' });
    expect(await idsOf(daemon)).toEqual(['app-1', 'app-3', 'ceiling']);
    const after = await rowsOf(daemon);
    const rowOf = (rows: ReaderRow[], id: string) => rows.find((row) => row.id === id);
    expect(rowOf(after, 'app-1')).toMatchObject({ reads: 2, link: rowOf(before, 'app-1')?.link });
    expect([llrp.connections(), rowOf(after, 'ceiling')?.link]).toEqual([connections, rowOf(before, 'ceiling')?.link]);
    expect(await pushReads(daemon, 'app-3', 3)).toBe(200);
    expect(await pushReads(daemon, 'app-2', 4)).toBe(404);
    expect((await checksOf(daemon)).some(({ name }) => name.includes('app-2'))).toBe(false);
    // What the removed reader saw is still there.
    expect(await stockSum(daemon)).toBe(3);
    // A changed reader restarts alone.
    writeFileSync(file, `${head(http)}readers:\n${push('app-1')}${push('app-3')}${llrpReader(', session: 2')}`);
    await hangUp(daemon);
    await eventually(() => llrp.connections() > connections, Boolean);
    expect(rowOf(await rowsOf(daemon), 'app-1')).toMatchObject({ reads: 2, link: rowOf(before, 'app-1')?.link });
  });

  it('takes a removed reader as one that is not heard: its tags have not left, those of another have', async () => {
    const base = head('http: { port: 0 }\n').replace('kind: shelf', 'kind: shelf, departAfterMs: 1500');
    daemon = await startDaemon(folder.path, `${base}readers:\n${push('app-1')}${push('app-2')}`);
    const gateway = daemon;
    await Promise.all([pushReads(gateway, 'app-1', 501), pushReads(gateway, 'app-2', 502)]);
    writeFileSync(file, `${base}readers:\n${push('app-2')}`);
    await hangUp(gateway);
    expect(await presentSum(gateway)).toBe(2);
    await eventually(
      () => presentSum(gateway),
      (present) => present < 2,
    );
    await pauseMs(1500);
    expect(await presentSum(gateway)).toBe(1);
  });

  it('keeps what runs when the file is bad, and logs every mistake as check says it', async () => {
    const good = `${head('http: { port: 0 }\n')}readers:\n${push('app-1')}`;
    daemon = await startDaemon(folder.path, good);
    writeFileSync(file, `${good}${push('app-1')}colour: red\n`.replace('kind: exit', 'kind: door'));
    const check = command(folder.path, ['check']);
    const mistakes = check.err.trim().split('\n');
    expect(mistakes.length).toBeGreaterThan(1);
    const said = await hangUp(daemon, 'is not taken; what runs goes on');
    for (const mistake of mistakes) expect(said).toContain(JSON.stringify(mistake).slice(1, -1));
    expect(await idsOf(daemon)).toEqual(['app-1']);
    const found = await configurationOf(daemon);
    expect(found).toMatchObject({ state: 'warn', code: 'CONFIG_BROKEN' });
    expect(found?.text).toMatch(/^The next start with .*silentgate\.yaml would fail: /);
    renameSync(file, `${file}.away`);
    await hangUp(daemon, 'cannot be read');
    expect(await configurationOf(daemon)).toMatchObject({ code: 'CONFIG_BROKEN' });
  });

  it('names what needs a restart, and takes the rest over', async () => {
    daemon = await startDaemon(folder.path, `${head('http: { port: 0 }\n')}readers:\n${push('app-1')}`);
    const changed = head('http: { port: 0, allowedHosts: [shop.example] }\nlog: { level: debug }\n')
      .replace('id: reload', 'id: other')
      .replace('id: gate,', 'id: door,');
    writeFileSync(
      file,
      `${changed}readers:\n${push('app-1')}${push('app-2')}${push('app-9').replace('shelf-1', 'door')}`,
    );
    const said = await hangUp(daemon);
    expect(said).toContain('needs a restart: site, http.allowedHosts, readPoints');
    expect(said).toContain('its read point door is new');
    expect(await idsOf(daemon)).toEqual(['app-1', 'app-2']);
    const found = await configurationOf(daemon);
    expect(found).toMatchObject({ code: 'CONFIG_NEEDS_RESTART' });
    expect(found?.params['restart']).toBe('site, http.allowedHosts, readPoints');
    // The new level holds in parts of the gateway that were made before it.
    writeFileSync(file, `${head('http: { port: 0 }\nlog: { level: error }\n')}readers:\n${push('app-1')}`);
    process.kill(daemon.pid, 'SIGHUP');
    await eventually(
      () => idsOf(daemon as Daemon),
      (ids) => ids.length === 1,
    );
    expect((await configurationOf(daemon))?.code).toBe('CONFIG_OK');
  });

  it('moves a reader on the embedded broker to another topic without losing a message of another one', async () => {
    const port = await freePort();
    const base = head(`http: { port: 0 }\nmqtt: { broker: embedded, port: ${port} }\n`);
    daemon = await startDaemon(
      folder.path,
      `${base}readers:\n${overMqtt('dock-1', 'rfid/one')}${overMqtt('dock-2', 'rfid/two')}`,
    );
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'readers', protocolVersion: 4 });
    let at = Date.now();
    const publish = (topic: string, serial: number) => {
      at += 1;
      const tagInventoryEvent = { epcHex: epcOf(serial), antennaPort: 1, peakRssiCdbm: -5500 };
      const event = { timestamp: new Date(at).toISOString(), eventType: 'tagInventory', tagInventoryEvent };
      return client.publishAsync(topic, JSON.stringify(event), { qos: 1 });
    };
    let serial = 0;
    let going = true;
    const flood = (async () => {
      while (going) {
        serial += 1;
        for (let i = 0; i < 3; i++) await publish('rfid/two', serial);
        await pauseMs(2);
      }
    })();
    writeFileSync(
      file,
      `${base}readers:\n${overMqtt('dock-1', 'rfid/uno')}${overMqtt('dock-2', 'rfid/two')}${overMqtt('dock-3', 'rfid/tre')}`,
    );
    await hangUp(daemon);
    writeFileSync(
      file,
      `${base}readers:\n${overMqtt('dock-1', 'rfid/uno')}${overMqtt('dock-2', 'rfid/two').replace('{ 1: shelf-1 }', '{ 1: shelf-1, 2: shelf-1 }')}${overMqtt('dock-3', 'rfid/tre')}`,
    );
    await hangUp(daemon);
    await pauseMs(200);
    going = false;
    await flood;
    for (let i = 0; i < 3; i++) {
      await publish('rfid/uno', 100_001);
      await publish('rfid/tre', 100_002);
      await publish('rfid/one', 100_003);
    }
    // Each tag that was acknowledged counts; the topic that nobody reads any more does not.
    const gateway = daemon;
    expect(
      await eventually(
        () => stockSum(gateway),
        (sum) => sum === serial + 2,
      ),
    ).toBe(serial + 2);
    client.end(true);
  });

  it('shows a renewed certificate to new connections, keeps open ones, and keeps the old one when the new is broken', async () => {
    const port = await freePort();
    const [cert, key] = [join(folder.path, 'tls.pem'), join(folder.path, 'tls.key')];
    const use = (made: { cert: string; key: string }) => {
      writeFileSync(cert, readFileSync(made.cert));
      writeFileSync(key, readFileSync(made.key));
    };
    const [first, second] = [authority.certify('first.example'), authority.certify('second.example')];
    use(first);
    writeFileSync(file, `${head(`http: { port: ${port}, tls: { cert: ${cert}, key: ${key} } }\n`)}readers: []\n`);
    const child = run(folder.path);
    await child.until('ready');
    const open = await handshake(port);
    expect(open.name).toBe('first.example');
    const told = () => command(folder.path, ['doctor']).out;
    expect(told()).toMatch(/^ok {4}configuration: What .* is what runs\.$/m);
    use(second);
    expect(told()).toContain('warn  configuration: The certificate files of http.tls were changed');
    await child.hangUp('the configuration is reread');
    expect(told()).toMatch(/^ok {4}configuration: What .* is what runs\.$/m);
    expect(child.output()).toContain('new connections get the certificate');
    expect((await handshake(port)).name).toBe('second.example');
    open.socket.write('GET /api/v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    expect(String((await once(open.socket, 'data'))[0])).toContain('HTTP/1.1 200');
    // A key of another certificate, then no certificate at all.
    writeFileSync(key, readFileSync(first.key));
    expect(told()).toMatch(/^warn {2}configuration: The next start .*http\.tls\.key.*another cert/m);
    await child.hangUp('the configuration has mistakes and is not taken');
    writeFileSync(cert, 'not a certificate');
    expect(told()).toMatch(/^warn {2}configuration: The next start .*http\.tls\.cert.*holds no certificate/m);
    await child.hangUp('the configuration has mistakes and is not taken');
    expect((await handshake(port)).name).toBe('second.example');
    expect(await child.end('SIGTERM')).toBe(0);
  });

  it('is harmless before the gateway is ready and twice at once', async () => {
    writeFileSync(file, `${head('http: { port: 0 }\n')}readers:\n${push('app-1')}`);
    const child = run(folder.path);
    // Until Node.js itself is up nobody can catch a signal.
    await eventually(() => catchesHangUp(child.pid), Boolean);
    while (!child.output().includes('ready') && child.runs()) {
      child.signal('SIGHUP');
      await pauseMs(15);
    }
    for (let i = 0; i < 20; i++) child.signal('SIGHUP');
    await child.until('the configuration is reread');
    expect(await child.end('SIGTERM')).toBe(0);
  });

  it('in the demo store says that there is no file', async () => {
    const empty = temporaryFolder();
    const child = run(empty.path);
    await child.until('#code=');
    child.signal('SIGHUP');
    await child.until('nothing to reread');
    expect(await child.end('SIGTERM')).toBe(0);
    empty.remove();
  });
});

/** The name in the certificate that a new connection is shown. */
async function handshake(port: number) {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return { name: String(socket.getPeerCertificate().subject.CN), socket };
}
