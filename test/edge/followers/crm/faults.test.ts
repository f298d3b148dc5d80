import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { createBench, expectOrderPerLane, held, kinds, passTime, settled, until, watched } from './crm-fixture.ts';

const bench = createBench();
const hour = 3_600_000;

describe.each(kinds)('a receiver in trouble, outbox in %s', (kind) => {
  it('three days down: probes follow the schedule, then all 20,000 events arrive once and in order', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox(kind, clock.now);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url }]);
    await receiver.close();
    for (let lane = 0; lane < 2_000; lane++) add(lane, 10);
    forwarder.start();
    const waits: number[] = [];
    const end = clock.now() + 72 * hour;
    while (clock.now() < end) {
      const next = await held(forwarder, clock);
      waits.push((next - clock.now()) / 1000);
      await clock.advance(next - clock.now());
    }
    expect(waits.slice(0, 10)).toEqual([1, 2, 5, 10, 30, 60, 120, 300, 600, 600]);
    expect(new Set(waits.slice(8))).toEqual(new Set([600]));
    await held(forwarder, clock);
    const status = forwarder.status()[0];
    expect(status).toMatchObject({ state: 'retrying', waiting: 20_000, dead: 0 });
    expect(status?.lastError).toContain('ECONNREFUSED');
    const back = await bench.receiver(receiver.port);
    await clock.advance(600_000);
    await back.until(20_000);
    expectOrderPerLane(back);
    await until(() => forwarder.status()[0]?.waiting === 0);
    expect(forwarder.status()[0]).toMatchObject({ state: 'ok', delivered: 20_000, dead: 0 });
  }, 120_000);

  it('the schedule survives a restart', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 500 }));
    const { outbox, add } = bench.outbox(kind, clock.now);
    for (let lane = 0; lane < 10; lane++) add(lane);
    const first = bench.forwarder(outbox, clock, [{ url: receiver.url, batch: 1, inFlight: 1 }]);
    first.start();
    for (let attempt = 0; attempt < 6; attempt++) await clock.advance((await held(first, clock)) - clock.now());
    const next = await held(first, clock);
    await first.stop();
    const asked = receiver.deliveries.length;
    const second = bench.forwarder(outbox, clock, [{ url: receiver.url, batch: 1, inFlight: 1 }]);
    second.start();
    await passTime(clock, next - clock.now() - 1, 10_000);
    expect(receiver.deliveries).toHaveLength(asked);
    await clock.advance(1);
    await until(() => receiver.deliveries.length === asked + 1);
    expect((await held(second, clock)) - clock.now()).toBeGreaterThan(next - clock.now());
  });

  it('an answer of 500 to everything costs one request per step and takes no event along', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 500 }));
    const { outbox, add } = bench.outbox(kind, clock.now);
    for (let lane = 0; lane < 1_000; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url }]);
    forwarder.start();
    await held(forwarder, clock);
    await settled(100);
    expect(receiver.deliveries.length).toBeLessThanOrEqual(10);
    const before = receiver.deliveries.length;
    for (let probe = 0; probe < 50; probe++) await clock.advance((await held(forwarder, clock)) - clock.now());
    await held(forwarder, clock);
    expect(receiver.deliveries.length - before).toBe(50);
    expect(forwarder.status()[0]).toMatchObject({ waiting: 1_000, dead: 0 });
    receiver.answer(() => ({ status: 200 }));
    await passTime(clock, 700_000, 10_000);
    await receiver.until(1_000);
    expectOrderPerLane(receiver);
  });

  it.each([
    ['answers 500', { status: 500 }],
    ['cuts the connection', { reset: 'before' }],
  ] as const)('one event on which it %s does not block the others, and dies after the last step', async (_, reply) => {
    const timeoutMs = 119_000;
    const { clock, idle } = watched(manualClock(), timeoutMs);
    const pass = async (ms: number, stepMs: number) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await clock.advance(stepMs);
        await idle();
      }
    };
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox(kind, clock.now);
    for (let lane = 0; lane < 250; lane++) add(lane, 2);
    const poison = 'e101';
    receiver.answer(({ events }) => (events.some(({ id }) => id === poison) ? reply : { status: 200 }));
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url, timeoutMs }]);
    forwarder.start();
    const start = clock.now();
    await pass(120_000, 1_000);
    expect(receiver.effects()).toHaveLength(498);
    expect(forwarder.status()[0]).toMatchObject({ dead: 0, waiting: 2 });
    for (let hours = 0; hours < 5 * 24 && outbox.deadCount('main') === 0; hours++) {
      add(9_000 + hours);
      forwarder.wake();
      await pass(hour, 60_000);
    }
    expect(outbox.deadLetters('main', null, 10).rows).toMatchObject([{ eventId: poison, status: null, attempts: 12 }]);
    expect(clock.now() - start).toBeGreaterThan(75 * hour);
    await until(() => forwarder.status()[0]?.waiting === 0);
    expectOrderPerLane(receiver);
  });
});
