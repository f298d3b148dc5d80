import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type ByteLink, openTcp } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { freePort, listen } from '../../fakes/listen.ts';
import { startTcpProxy } from '../../fakes/tcp-proxy.ts';
import { realDeps, watch } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A device that remembers what it was sent, and its connections. */
async function startDevice(port = 0) {
  const sockets: Socket[] = [];
  const device = { port: 0, sockets, received: '', close: () => Promise.resolve() };
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      device.received += bytes.toString('latin1');
    });
  });
  device.port = await listen(server, port);
  device.close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  closing.push(() => device.close());
  return device;
}

/** A port whose program is stopped and whose queue is full: a new connection gets no answer at all. */
async function startSleeper(): Promise<number> {
  const script =
    "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  closing.push(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line));
  child.kill('SIGSTOP');
  for (let unanswered = false; !unanswered; ) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    closing.push(() => socket.destroy());
    unanswered = await Promise.race([once(socket, 'connect').then(() => false), wait(300).then(() => true)]);
  }
  return port;
}

function start(link: ByteLink): ByteLink {
  closing.push(() => link.close());
  link.open();
  return link;
}

test('bytes pass both ways, and the state says open', async () => {
  const device = await startDevice();
  const seen = watch();
  const link = start(openTcp({ host: '127.0.0.1', port: device.port }, seen.events, realDeps));
  await eventually(() => link.state().state === 'open');
  await link.write(Buffer.from('ping'));
  await eventually(() => device.received === 'ping');
  device.sockets[0]?.write('pong');
  await eventually(() => seen.text() === 'pong');
  expect(seen.seen).toMatchObject({ opened: 1, lost: [] });
  expect(link.state().error).toBeNull();
});

test('a device that cuts the connection is opened again and told once', async () => {
  const device = await startDevice();
  const seen = watch();
  const link = start(openTcp({ host: '127.0.0.1', port: device.port }, seen.events, realDeps));
  await eventually(() => device.sockets.length === 1);
  device.sockets[0]?.resetAndDestroy();
  await eventually(() => seen.seen.opened === 2, 5000);
  expect(seen.seen.lost).toHaveLength(1);
  expect(link.state()).toMatchObject({ state: 'open', error: null });
});

test('while nothing listens the state says so in words, and the link opens within five seconds of the device’s return', async () => {
  const port = await freePort();
  const seen = watch();
  const link = start(openTcp({ host: '127.0.0.1', port }, seen.events, realDeps));
  await eventually(() => link.state().state === 'waiting');
  expect(link.state().error).toContain(`Nothing listens at 127.0.0.1:${port}`);
  await expect(link.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'LINK_LOST' });
  await wait(1500);
  await startDevice(port);
  await eventually(() => link.state().state === 'open', 5000);
  expect(seen.seen).toMatchObject({ opened: 1, lost: [] });
});

test('a device that falls silent for longer than idleMs counts as lost', async () => {
  const device = await startDevice();
  const proxy = await startTcpProxy(device.port);
  closing.push(() => proxy.close());
  const seen = watch();
  start(openTcp({ host: '127.0.0.1', port: proxy.port, idleMs: 300 }, seen.events, realDeps));
  await eventually(() => device.sockets.length === 1);
  const beat = setInterval(() => device.sockets.at(-1)?.write('.'), 50);
  closing.push(() => clearInterval(beat));
  await wait(700);
  expect(seen.seen.lost).toEqual([]);
  proxy.pause();
  await eventually(() => seen.seen.lost.length === 1);
  proxy.resume();
  await eventually(() => seen.seen.opened === 2, 5000);
});

test('an address that swallows everything is given up after the connect limit', async () => {
  const port = await startSleeper();
  const link = start(openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 200 }, watch().events, realDeps));
  await eventually(() => link.state().state === 'waiting', 3000);
  expect(link.state().error).toContain(`127.0.0.1:${port} does not answer`);
});

test('close ends the link for good, also in the middle of an outage', async () => {
  const device = await startDevice();
  const seen = watch();
  const link = openTcp({ host: '127.0.0.1', port: device.port }, seen.events, realDeps);
  link.open();
  link.open();
  await eventually(() => link.state().state === 'open');
  await device.close();
  await eventually(() => link.state().state === 'waiting');
  await link.close();
  await startDevice(device.port);
  await wait(800);
  expect(link.state()).toMatchObject({ state: 'closed', error: null });
  expect(seen.seen).toMatchObject({ opened: 1 });
  expect(seen.seen.lost).toHaveLength(1);
});

test('a device that takes no data fails the write and is opened anew', async () => {
  const device = await startDevice();
  const seen = watch();
  const link = start(openTcp({ host: '127.0.0.1', port: device.port }, seen.events, realDeps));
  await eventually(() => device.sockets.length === 1);
  device.sockets[0]?.pause();
  await expect(link.write(Buffer.alloc(64 << 20))).rejects.toMatchObject({ code: 'LINK_LOST' });
  expect(seen.seen.lost[0]).toContain('takes no data');
});
