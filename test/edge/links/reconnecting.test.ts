import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Fault, said, sentenceOf } from '../../../src/kit/index.ts';
import { connectMqtt, type LinkState, openSerial, openTcp } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { keptLog } from '../../fakes/kept-log.ts';
import { freePort, listen } from '../../fakes/listen.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';
import { openPtyPair } from '../../fakes/pty.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const silent = { opened: () => undefined, chunk: () => undefined, lost: () => undefined };

/** A link that breaks each time it is open, by whatever its kind is broken by. */
type Broken = { state(): LinkState; break(): Promise<void> };
type Given = { readonly deps: ReturnType<typeof depsOf>; readonly clock: ManualClock };

function depsOf(clock: ManualClock) {
  const { log, lines } = keptLog();
  return { clock, log, lines, random: () => 0.5 };
}

async function served(serve: (socket: Socket) => void): Promise<{ port: number; cut(): void; server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  const port = await listen(server);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  closing.push(() => {
    cut();
    server.close();
  });
  return { port, cut, server };
}

const accepted = Buffer.from([0x20, 3, 0, 0, 0]);
const kinds: Record<string, (given: Given) => Promise<Broken>> = {
  'TCP, cut by the device': async ({ deps }) => {
    const { port, cut } = await served(() => undefined);
    const link = openTcp({ host: '127.0.0.1', port }, silent, deps);
    closing.push(() => link.close());
    link.open();
    return { state: link.state, break: async () => cut() };
  },
  'TCP, given up because what comes is of no use': async ({ deps }) => {
    const { port } = await served(() => undefined);
    const link = openTcp({ host: '127.0.0.1', port }, silent, deps);
    closing.push(() => link.close());
    link.open();
    return { state: link.state, break: async () => link.giveUp(said('What it sends is of no use.')) };
  },
  'TCP, a device that dials in and hangs up': async ({ deps }) => {
    const port = await freePort();
    const link = openTcp({ host: '127.0.0.1', port, listen: true }, silent, deps);
    closing.push(() => link.close());
    link.open();
    let peer: Socket | null = null;
    const dial = () => {
      if (link.state().state !== 'opening') return;
      peer?.destroy();
      peer = createConnection(port, '127.0.0.1').on('error', () => undefined);
    };
    const timer = setInterval(dial, 10);
    closing.push(() => {
      clearInterval(timer);
      peer?.destroy();
    });
    return { state: link.state, break: async () => void peer?.destroy() };
  },
  'serial, given up': async ({ deps }) => {
    const pty = await openPtyPair();
    closing.push(() => pty.close());
    const link = openSerial({ path: pty.a, baudRate: 9600 }, silent, deps);
    closing.push(() => link.close());
    link.open();
    return { state: link.state, break: async () => link.giveUp(said('It does not answer.')) };
  },
  'MQTT, a broker that closes after CONNACK': async ({ deps }) => {
    const { port, cut } = await served((socket) => {
      socket.once('data', () => socket.write(accepted));
    });
    const connection = connectMqtt({ url: `mqtt://127.0.0.1:${port}`, clientId: 'gateway' }, deps);
    closing.push(() => connection.close());
    connection.open();
    return { state: connection.state, break: async () => cut() };
  },
  'MQTT, a broker that sends what is no MQTT': async ({ deps }) => {
    const sockets: Socket[] = [];
    const { port } = await served((socket) => {
      sockets.push(socket);
      socket.once('data', () => socket.write(accepted));
    });
    const connection = connectMqtt({ url: `mqtt://127.0.0.1:${port}`, clientId: 'gateway' }, deps);
    closing.push(() => connection.close());
    connection.open();
    const bad = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    return { state: connection.state, break: async () => void sockets.at(-1)?.write(bad) };
  },
};

/** With a random of a half: three quarters of 250, 500, 1000, 2000, 3000 … */
const growing = [188, 375, 750, 1500, 2250, 2250];

describe.each(Object.entries(kinds))('a link that breaks while it runs: %s', (_, open) => {
  test('pauses longer each time, is not well while it is open, and is one state in the log', async () => {
    const clock = manualClock();
    const deps = depsOf(clock);
    const link = await open({ deps, clock });
    const pauses: number[] = [];
    for (let i = 0; i < growing.length; i++) {
      await eventually(() => link.state().state === 'open');
      if (i >= 2) expect(link.state().error).not.toBeNull();
      await link.break();
      await eventually(() => link.state().state === 'waiting');
      const since = clock.now();
      while (link.state().state === 'waiting') await clock.advance(1);
      pauses.push(clock.now() - since);
    }
    expect(pauses).toEqual(growing);
    await eventually(() => link.state().state === 'open');
    expect(link.state().error).not.toBeNull();
    expect(deps.lines.length).toBeLessThanOrEqual(4);

    // Short of a minute nothing is forgotten; the minute mends it.
    await clock.advance(59_999);
    expect(link.state().error).not.toBeNull();
    await clock.advance(1);
    expect(link.state()).toMatchObject({ state: 'open', error: null });
    const told = deps.lines.length;
    expect(deps.lines.at(-1)).toBe('info link is open');
    await link.break();
    await eventually(() => link.state().state === 'waiting');
    const since = clock.now();
    while (link.state().state === 'waiting') await clock.advance(1);
    expect(clock.now() - since).toBe(188);
    expect(deps.lines[told]).toMatch(/^warn link is not open/);
  }, 30_000);
});

test('a connection that says nothing for idleMs is lost, is opened anew, and one that speaks is not', async () => {
  const sockets: Socket[] = [];
  const { port } = await served((socket) => void sockets.push(socket));
  const clock = manualClock();
  const lost: string[] = [];
  let heard = 0;
  const events = {
    opened: () => undefined,
    chunk: () => (heard += 1),
    lost: (fault: Fault) => void lost.push(sentenceOf(fault)),
  };
  const link = openTcp(
    { host: '127.0.0.1', port, idleMs: 30_000 },
    { ...events, chunk: () => void events.chunk() },
    depsOf(clock),
  );
  closing.push(() => link.close());
  link.open();
  await eventually(() => link.state().state === 'open' && sockets.length === 1);
  for (let i = 1; i <= 3; i++) {
    await clock.advance(29_999);
    sockets[0]?.write('alive');
    await eventually(() => heard === i);
  }
  expect([lost, link.state().state]).toEqual([[], 'open']);
  // The peer is half open: its end of the connection stands and says nothing.
  await clock.advance(29_999);
  expect(lost).toEqual([]);
  await clock.advance(1);
  expect(lost).toHaveLength(1);
  expect(lost[0]).toContain('does not answer');
  await clock.advance(3_000);
  await eventually(() => sockets.length === 2);
});
