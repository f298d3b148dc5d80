import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ByteLink, openTcp } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { freePort, listen } from '../../fakes/listen.ts';
import { realDeps, watch } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function start(link: ByteLink): ByteLink {
  closing.push(() => link.close());
  link.open();
  return link;
}

function dialIn(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = createConnection({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => undefined);
  closing.push(() => socket.destroy());
  return socket;
}

/** A certificate for `localhost` that signed itself. */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert];
  expect(spawnSync('openssl', [...words.split(' '), ...names]).status).toBe(0);
  return { cert, key };
}

async function startTlsDevice(files: { cert: string; key: string }) {
  const sockets: Socket[] = [];
  const server = createTlsServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port, sockets };
}

describe('a tcp link over TLS', () => {
  beforeAll(() => {
    const found = spawnSync('openssl', ['version']).status === 0;
    if (!found) throw new Error('openssl is missing: sudo apt-get install openssl');
  });

  test('passes bytes both ways when the authority is given', async () => {
    const files = certificate();
    const device = await startTlsDevice(files);
    const seen = watch();
    const tls = { ca: files.cert, serverName: 'localhost' };
    const link = start(openTcp({ host: '127.0.0.1', port: device.port, tls }, seen.events, realDeps));
    await eventually(() => link.state().state === 'open');
    await link.write(Buffer.from('ping'));
    await eventually(() => seen.text() === 'ping');
    device.sockets[0]?.destroy();
    await eventually(() => seen.seen.opened === 2);
  });

  test('does not open to a device whose certificate nobody vouches for, unless told not to verify', async () => {
    const device = await startTlsDevice(certificate());
    const strict = start(openTcp({ host: '127.0.0.1', port: device.port, tls: {} }, watch().events, realDeps));
    await eventually(() => strict.state().state === 'waiting');
    expect(strict.state().error).toMatch(/certificate/i);
    const loose = start(
      openTcp({ host: '127.0.0.1', port: device.port, tls: { verify: false } }, watch().events, realDeps),
    );
    await eventually(() => loose.state().state === 'open');
  });

  test('says which of its files cannot be read', async () => {
    const tls = { ca: '/nowhere/ca.pem' };
    const link = start(openTcp({ host: '127.0.0.1', port: 9, tls }, watch().events, realDeps));
    await eventually(() => link.state().state === 'waiting');
    expect(link.state().error).toContain('tls.ca: /nowhere/ca.pem cannot be read');
  });
});

describe('a tcp link that is dialled', () => {
  test('takes the first device, refuses a second, and takes it again after a loss', async () => {
    const port = await freePort();
    const seen = watch();
    const link = start(openTcp({ host: '127.0.0.1', port, listen: true }, seen.events, realDeps));
    await wait(50);
    expect(link.state().state).toBe('opening');
    const first = dialIn(port);
    await eventually(() => link.state().state === 'open');
    first.write('hello');
    await eventually(() => seen.text() === 'hello');
    await link.write(Buffer.from('welcome'));
    const answer = await new Promise((resolve) => first.once('data', resolve));
    expect(String(answer)).toBe('welcome');
    const second = dialIn(port);
    await eventually(() => second.destroyed);
    expect(seen.seen).toMatchObject({ opened: 1, lost: [] });
    first.destroy();
    await eventually(() => seen.seen.lost.length === 1);
    await eventually(() => {
      if (link.state().state === 'opening') dialIn(port);
      return seen.seen.opened === 2;
    });
  });

  test('hangs up on an address that may not dial in', async () => {
    const port = await freePort();
    const link = start(openTcp({ host: '127.0.0.1', port, listen: true, from: '127.0.0.3' }, watch().events, realDeps));
    await wait(50);
    const stranger = dialIn(port, '127.0.0.2');
    await eventually(() => stranger.destroyed);
    expect(link.state().state).toBe('opening');
    dialIn(port, '127.0.0.3');
    await eventually(() => link.state().state === 'open');
  });

  test('frees its port when it is closed, and says when another program has it', async () => {
    const port = await freePort();
    const link = start(openTcp({ host: '127.0.0.1', port, listen: true }, watch().events, realDeps));
    await wait(50);
    const late = start(openTcp({ host: '127.0.0.1', port, listen: true }, watch().events, realDeps));
    await eventually(() => late.state().state === 'waiting');
    expect(late.state().error).toContain(`Another program listens at 127.0.0.1:${port}`);
    await link.close();
    await eventually(() => late.state().state === 'opening');
    dialIn(port);
    await eventually(() => late.state().state === 'open');
  });
});
