import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openReader } from '../../../src/readers/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { eventually } from '../../fakes/eventually.ts';
import { keptLog } from '../../fakes/kept-log.ts';
import { listen } from '../../fakes/listen.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A reader of that profile whose device takes the connection and does with it what `serve` says. */
async function reading(id: string, serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
    serve(socket);
  });
  const port = await listen(server);
  const clock = manualClock();
  const { log, lines } = keptLog();
  const reader = openReader({
    supervise: createSupervision,
    config: { id: 'r1', profile: id, link: { tcp: { host: '127.0.0.1', port } }, antennas: { '1': 'here' } },
    profile: profiles.get(id),
    mqtt: null,
    clock,
    log,
    random: () => 0.5,
    onReads: async () => undefined,
  });
  closing.push(
    () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
    () => Promise.all([reader.stop(), clock.advance(10_000)]),
  );
  reader.start();
  await eventually(() => connections === 1);
  return { clock, lines, reader, connections: () => connections };
}

const families = [
  'magicrf/m100',
  'chafon/uhfreader288',
  'thingmagic/m6e',
  'nordicid/nur',
  'alien/ascii',
  'generic/llrp',
];

test.each(families)(
  'a device that says nothing is a finding from the first failure on, and few lines in the log: %s',
  async (id) => {
    const { clock, lines, reader, connections } = await reading(id, () => undefined);
    const main = () => reader.status().findings[0];
    for (let i = 0; i < 600 && reader.status().session.state !== 'failed'; i++) await clock.advance(100);
    for (let seconds = 0; seconds < 300; seconds++) {
      expect(['READER_NO_ANSWER', 'READER_OFFLINE', 'READER_UNSTEADY']).toContain(main()?.code);
      expect(main()?.text).toMatch(/answer|greet/);
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connections()).toBeGreaterThan(1);
    expect(connections()).toBeLessThan(100);
    expect(new Set(lines.filter((line) => line.startsWith('warn'))).size).toBeLessThan(5);
    // It opens and is given up for more than a minute each time, so the log may say it each time: once a minute at most.
    expect(lines.length).toBeLessThan(20);
  },
  60_000,
);

test.each(families)(
  'a device that hangs up whenever it is spoken to is called with growing pauses: %s',
  async (id) => {
    const { clock, lines, reader, connections } = await reading(
      id,
      (socket) => void socket.on('data', () => socket.destroy()),
    );
    // An LLRP reader speaks first; this one hangs up instead.
    const calls: number[] = [];
    for (let i = 0; i < 60_000 && calls.length < 6; i += 50) {
      const before = connections();
      await clock.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (connections() > before) calls.push(clock.now());
    }
    for (const [i, at] of calls.slice(2).entries())
      expect(at - (calls[i + 1] ?? 0)).toBeGreaterThanOrEqual(180 * 2 ** Math.min(i, 3));
    expect(reader.status().findings[0]?.code).not.toBe('READER_OK');
    expect(lines.length).toBeLessThan(12);
  },
  60_000,
);
