import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CrmReceiver, startCrmReceiver } from '../fakes/crm-receiver.ts';
import { listen } from '../fakes/listen.ts';
import { type LlrpServer, startLlrpServer } from '../fakes/llrp-server.ts';
import { openPtyPair } from '../fakes/pty.ts';
import {
  bin,
  type Daemon,
  epcOf,
  eventually,
  freePort,
  serials,
  startDaemon,
  stockSum,
  temporaryFolder,
} from './harness.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const folder = temporaryFolder();
const places = `inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
`;
const app = '{ id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: shelf-1 } }';
const ended: (() => unknown)[] = [];
let crm: CrmReceiver;

beforeAll(async () => {
  crm = await startCrmReceiver(secret);
});
afterAll(async () => {
  await crm.close();
  folder.remove();
});
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** What a gateway that has ended leaves in its folder: nothing that belongs to a process. */
const leftOver = () =>
  readdirSync(join(folder.path, 'data'), { recursive: true })
    .map(String)
    .filter(
      (name) => !/^(silentgate\.db|gateway\.lock|baselines\.json|mqtt-sessions\.json|token\.key|import)$/.test(name),
    );

/** SIGTERM; the exit code, and what lies there afterwards. The seconds are printed, not judged. */
async function stopped(daemon: Daemon, what: string) {
  const begun = performance.now();
  const code = await daemon.stop();
  console.log(`${what}: SIGTERM to exit ${code} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return { code, leftOver: leftOver() };
}

/** A server that takes connections and never says a word. */
async function startSilence(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  ended.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listen(server);
}

/** Pushes one tag so often that it counts; true when the gateway said that it is taken. */
async function push(daemon: Daemon, serial: number): Promise<boolean> {
  const at = Date.now() - 60_000;
  const reads = [0, 1].map((i) => ({ epc: epcOf(serial), antenna: 1, rssi: -50, at: at + i, seq: 2 * serial + i }));
  const answer = await daemon.request('/readers/app-1/reads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reads }),
  });
  return answer.ok;
}

async function fourLlrp(): Promise<LlrpServer[]> {
  const servers = await Promise.all([1, 2, 3, 4].map(startLlrpServer));
  ended.push(() => Promise.all(servers.map((server) => server.close())));
  return servers;
}

const llrpReader = (port: number, i: number) =>
  `{ id: llrp-${i}, profile: generic/llrp, link: { tcp: { host: 127.0.0.1, port: ${port} } }, antennas: { 1: shelf-1 } }`;

describe('SIGTERM', () => {
  it('ends with four LLRP readers that stop answering: exit 0, nothing left behind, acknowledged reads on disk', async () => {
    const servers = await fourLlrp();
    const config = `site: { id: stop }
http: { port: 0 }
${places}readers: [${[...servers.map(({ port }, i) => llrpReader(port, i)), app].join(', ')}]
`;
    let daemon = await startDaemon(folder.path, config);
    const open = () => daemon.get<{ rows: { link: { state: string } }[] }>('/readers');
    await eventually(open, ({ rows }) => rows.every(({ link }) => link.state === 'open'));
    await eventually(() => servers.every(({ asked }) => asked.includes(64)), Boolean);
    const taken = await Promise.all(serials(0, 20).map((serial) => push(daemon, serial)));
    expect(taken.every(Boolean)).toBe(true);
    for (const server of servers) server.mute(true);
    expect(await stopped(daemon, 'four hung LLRP readers')).toEqual({ code: 0, leftOver: [] });
    // Each was asked to close, though none answered.
    expect(servers.map(({ asked }) => asked.includes(14))).toEqual([true, true, true, true]);
    daemon = await startDaemon(folder.path, config);
    expect(await stockSum(daemon)).toBe(20);
    expect(await stopped(daemon, 'four hung LLRP readers, before their set-up')).toEqual({ code: 0, leftOver: [] });
  });

  it('ends with everything hanging at once: readers, serial line, broker, CRM, live feed, upload', async () => {
    const [silence, other] = [await startSilence(), await startSilence()];
    const pty = await openPtyPair();
    ended.push(pty.close);
    crm.answer(() => ({ hang: true }));
    const config = `site: { id: stop }
http: { port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${silence}" }
${places}readers:
  - ${app}
  - { id: silent-llrp, profile: generic/llrp, link: { tcp: { host: 127.0.0.1, port: ${silence} } }, antennas: { 1: shelf-1 } }
  - { id: silent-bytes, profile: magicrf/m100, link: { tcp: { host: 127.0.0.1, port: ${other} } }, antennas: { 1: shelf-1 } }
  - { id: serial, profile: magicrf/m100, link: { serial: { path: ${pty.a} } }, antennas: { 1: shelf-1 } }
  - { id: listening, profile: generic/line, link: { tcp: { host: 127.0.0.1, port: ${await freePort()}, listen: true } }, antennas: { 1: shelf-1 } }
  - { id: mqtt-1, profile: impinj/r700, link: { mqtt: { topic: rfid/a } }, antennas: { 1: shelf-1 } }
crm: [{ id: main, url: "${crm.url}", secret: { env: CRM_SECRET } }]
`;
    const daemon = await startDaemon(folder.path, config, { CRM_SECRET: secret });
    expect(await push(daemon, 500)).toBe(true);
    await eventually(
      () => crm.deliveries.length,
      (count) => count > 0,
    );
    await openStuckFeed(daemon);
    await openUpload(daemon);
    expect(await stopped(daemon, 'everything hangs')).toEqual({ code: 0, leftOver: [] });
  });

  it('ends with clients of the embedded broker that take nothing more', async () => {
    const port = await freePort();
    const config = `site: { id: stop }
http: { port: 0 }
mqtt: { broker: embedded, port: ${port} }
${places}readers: [{ id: mqtt-1, profile: impinj/r700, link: { mqtt: { topic: rfid/a } }, antennas: { 1: shelf-1 } }]
`;
    const daemon = await startDaemon(folder.path, config);
    const stuck = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'stuck', reconnectPeriod: 0 });
    await stuck.subscribeAsync('flood');
    stuck.stream.pause();
    const mute = connect(port, '127.0.0.1');
    mute.on('error', () => undefined);
    const sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'sender', reconnectPeriod: 0 });
    for (let i = 0; i < 200; i++) sender.publish('flood', Buffer.alloc(20_000));
    await sender.publishAsync('flood', 'last', { qos: 1 });
    expect(await stopped(daemon, 'stuck MQTT clients')).toEqual({ code: 0, leftOver: [] });
    for (const client of [stuck, sender]) client.end(true);
    mute.destroy();
  });

  it('is obeyed while the gateway starts, at any moment of it', async () => {
    for (const afterMs of [400, 700, 1000, 1300, 1600]) {
      const child = spawn(process.execPath, [bin, 'start'], {
        cwd: folder.path,
        env: { ...process.env, CRM_SECRET: secret },
        stdio: 'ignore',
      });
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGTERM');
      await once(child, 'exit');
      // Before the program is loaded the signal itself ends it; there is nothing to close then.
      expect([child.exitCode === 0 || child.signalCode === 'SIGTERM', leftOver()]).toEqual([true, []]);
    }
  });

  it('a second signal ends a stop at once', async () => {
    const [server] = await fourLlrp();
    const daemon = await startDaemon(
      folder.path,
      `site: { id: stop }\nhttp: { port: 0 }\n${places}readers: [${llrpReader(server!.port, 1)}]\n`,
    );
    await eventually(() => server!.asked.includes(64), Boolean);
    server!.mute(true);
    const end = daemon.stop();
    await eventually(() => daemon.output().includes('stopping'), Boolean);
    process.kill(daemon.pid, 'SIGTERM');
    expect(await end).toBe(130);
  });
});

/** A page that opened the live feed and reads nothing of it. */
async function openStuckFeed(daemon: Daemon): Promise<void> {
  const { hostname, port } = new URL(daemon.url);
  const socket = connect(Number(port), hostname);
  ended.push(() => socket.destroy());
  socket.on('error', () => undefined);
  const key = localKey();
  socket.write(`GET /api/v1/events HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${key}\r\n\r\n`);
  await once(socket, 'readable');
  socket.pause();
}

/** A product file of which only the beginning has come. */
async function openUpload(daemon: Daemon): Promise<void> {
  const { hostname, port } = new URL(daemon.url);
  const socket = connect(Number(port), hostname);
  ended.push(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    `POST /api/v1/products/import HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${localKey()}\r\n` +
      'content-type: text/csv\r\ncontent-length: 1000000\r\n\r\ngtin,name,sku\r\n04710088000118,shirt,A1\r\n',
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
}

function localKey(): string {
  return (JSON.parse(readFileSync(join(folder.path, 'data/run.json'), 'utf8')) as { key: string }).key;
}
