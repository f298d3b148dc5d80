import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/kit/index.ts';
import { listen } from '../../../fakes/listen.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { createBench, held, passTime, until } from './crm-fixture.ts';

const bench = createBench();

describe('hostile answers', () => {
  it('a receiver that never answers is given up after the timeout', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ hang: true }));
    const { outbox, add } = bench.outbox('memory', clock.now);
    for (let lane = 0; lane < 500; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url, timeoutMs: 15_000 }]);
    forwarder.start();
    await until(() => receiver.deliveries.length === 4);
    await clock.advance(15_000);
    await held(forwarder, clock);
    expect(receiver.mostAtOnce()).toBe(4);
    expect(forwarder.status()[0]).toMatchObject({
      state: 'retrying',
      lastError: 'no answer within 15000 ms',
      waiting: 500,
    });
    receiver.answer(() => ({ status: 200 }));
    await passTime(clock, 20_000);
    await receiver.until(500);
  });

  it.each([200, 500])('an endless body of a %i is cut', async (status) => {
    const receiver = await bench.receiver();
    receiver.answer(({ events }) => (events.some(({ id }) => id === 'e1') ? { endless: status } : { status: 200 }));
    const { outbox, add } = bench.outbox('memory', systemClock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await until(() => (status === 200 ? forwarder.status()[0]?.waiting === 0 : forwarder.status()[0]?.failures === 1));
    const sent = receiver.bytesSent();
    await new Promise((resolve) => setTimeout(resolve, 100));
    // What the kernel's socket buffers take is the receiver's affair; after the cut nothing more goes out.
    expect(receiver.bytesSent()).toBe(sent);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([
    'nonsense\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
    'HTTP/1.1 100 Continue\r\n\r\n',
  ])('bytes that are no HTTP answer are a failure: %j', async (bytes) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    });
    const port = await listen(server);
    const { outbox, add } = bench.outbox('memory', systemClock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: `http://127.0.0.1:${port}/` }]);
    forwarder.start();
    await until(() => (forwarder.status()[0]?.failures ?? 0) > 0);
    expect(forwarder.status()[0]).toMatchObject({ state: 'retrying', waiting: 1, dead: 0 });
    await forwarder.stop();
    server.close();
  });

  it('TLS that is none is unreachable, not refused', async () => {
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox('memory', systemClock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: `https://127.0.0.1:${receiver.port}/` }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.state === 'retrying');
    expect(forwarder.status()[0]).toMatchObject({ waiting: 1, dead: 0, failures: 1 });
    expect(receiver.deliveries).toHaveLength(0);
  });

  it('a body that is too large for the receiver makes the batches smaller', async () => {
    const receiver = await bench.receiver();
    receiver.answer(({ events }) => ({ status: events.length > 30 ? 413 : 200 }));
    const { outbox, add } = bench.outbox('memory', systemClock.now);
    for (let lane = 0; lane < 2_000; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await receiver.until(2_000);
    expect(forwarder.status()[0]?.dead).toBe(0);
    expect(receiver.deliveries.length).toBeLessThan(2_000 / 25 + 30);
  });
});
