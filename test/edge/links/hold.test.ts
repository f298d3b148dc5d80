import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { said } from '../../../src/kit/index.ts';
import { type ByteLinkEvents, openReplay, openTcp, openTcpInbox } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { freePort, listen } from '../../fakes/listen.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { realDeps } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** More than the buffers of the system hold, on both sides of a connection. */
const much = 64 * 1024 * 1024;

function counting() {
  const seen = { bytes: 0, opened: 0, lost: 0 };
  const events: ByteLinkEvents = {
    opened: () => {
      seen.opened += 1;
    },
    chunk: (bytes) => {
      seen.bytes += bytes.length;
    },
    lost: () => {
      seen.lost += 1;
    },
  };
  return { seen, events };
}

/** A device that says `much` to whoever dials in. */
async function talker() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(Buffer.alloc(much, 7));
  });
  const port = await listen(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, sockets };
}

test('a TCP link that is held reads nothing, so that the device has to wait; then all of it comes', async () => {
  const { port, sockets } = await talker();
  const { seen, events } = counting();
  const link = openTcp({ host: '127.0.0.1', port, idleMs: 300 }, events, realDeps);
  closing.push(() => link.close());
  link.hold(true);
  link.open();
  await eventually(() => seen.opened === 1);
  // Longer than the silence that counts as a loss.
  await wait(600);
  expect(seen).toMatchObject({ bytes: 0, lost: 0 });
  expect(sockets[0]?.writableLength).toBeGreaterThan(much / 2);
  link.hold(false);
  await eventually(() => seen.bytes === much);
  expect(seen.lost).toBe(0);
});

test('a TCP link that is held while it is open stops at once, and stays held over a reopening', async () => {
  const { port, sockets } = await talker();
  const { seen, events } = counting();
  const hold = { at: 1 };
  const link = openTcp({ host: '127.0.0.1', port }, { ...events, chunk: (bytes, at) => taking(bytes, at) }, realDeps);
  const taking = (bytes: Uint8Array, at: number) => {
    events.chunk(bytes, at);
    if (seen.bytes >= hold.at) link.hold(true);
  };
  closing.push(() => link.close());
  link.open();
  await eventually(() => seen.bytes > 0);
  const read = seen.bytes;
  await wait(200);
  expect(seen.bytes).toBe(read);
  sockets[0]?.destroy();
  // Who reads nothing learns of the end of a connection only by writing.
  await link.write(Buffer.from('x')).catch(() => undefined);
  link.giveUp(said('given up'));
  await eventually(() => seen.opened === 2);
  await wait(200);
  expect(seen.bytes).toBe(read);
  hold.at = Number.POSITIVE_INFINITY;
  link.hold(false);
  await eventually(() => seen.bytes === read + much);
});

test('a device that dials in to notify has to wait while its link is held', async () => {
  const port = await freePort();
  const { seen, events } = counting();
  const link = openTcpInbox({ host: '127.0.0.1', port, listen: true, idleMs: 200 }, events, realDeps);
  closing.push(() => link.close());
  link.hold(true);
  link.open();
  await eventually(() => seen.opened === 1);
  const device = dial(port, '127.0.0.1');
  device.on('error', () => undefined);
  closing.push(() => device.destroy());
  device.write(Buffer.alloc(much, 7));
  await wait(500);
  expect(seen.bytes).toBe(0);
  expect(device.writableLength).toBeGreaterThan(0);
  link.hold(false);
  await eventually(() => seen.bytes === much);
});

test('a replay that is held plays nothing until it may go on, and can be closed meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-hold-'));
  closing.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'recording');
  const lines = [
    { silentgate: 'recording', version: 1, link: 'serial:x', startedAt: 0 },
    ...[1, 2, 3].map((t) => ({ t, dir: 'in', hex: '0a' })),
  ];
  await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  const clock = manualClock();
  const open = () => {
    const { seen, events } = counting();
    const link = openReplay(file, { speed: 1 }, events, { ...realDeps, clock });
    link.hold(true);
    link.open();
    return { seen, link };
  };
  const one = open();
  await eventually(() => one.seen.opened === 1);
  await clock.advance(1_000);
  expect(one.seen.bytes).toBe(0);
  one.link.hold(false);
  await clock.advance(1_000);
  await eventually(() => one.seen.bytes === 3);
  await one.link.close();
  const other = open();
  await eventually(() => other.seen.opened === 1);
  await clock.advance(1_000);
  await other.link.close();
  expect(other.seen.bytes).toBe(0);
});
