import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/kit/index.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { idOf } from '../../journal/store-values.ts';
import { createBench, expectOrderPerLane, held, kinds, passTime, secret, until } from './crm-fixture.ts';

const bench = createBench();

describe.each(kinds)('deliveries from an outbox in %s', (kind) => {
  it('are batches of CloudEvents that the official library verifies', async () => {
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox(kind, systemClock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await receiver.until(1);
    const [delivery] = receiver.deliveries;
    expect(delivery?.headers).toMatchObject({ 'content-type': 'application/cloudevents-batch+json; charset=utf-8' });
    expect(delivery?.events[0]).toEqual({
      specversion: '1.0',
      id: 'e1',
      source: 'urn:silentgate:taipei-xinyi',
      type: 'item.moved',
      subject: idOf(1),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      datacontenttype: 'application/json',
      data: expect.objectContaining({ epcis: expect.anything(), customer: null }),
    });
    const headers = delivery?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(delivery?.body ?? '', headers)).toHaveLength(1);
    expect(() => new Webhook(secret).verify(`${delivery?.body} `, headers)).toThrow();
  });

  it('go in batches of at most 100, four at a time, in order within an item', async () => {
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 200, afterMs: 5 }));
    const { outbox, add } = bench.outbox(kind, systemClock.now);
    for (let round = 0; round < 10; round++) for (let lane = 0; lane < 100; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await receiver.until(1000);
    expectOrderPerLane(receiver);
    expect(receiver.mostAtOnce()).toBeLessThanOrEqual(4);
    expect(Math.max(...receiver.deliveries.map(({ events }) => events.length))).toBeLessThanOrEqual(100);
    await until(() => forwarder.status()[0]?.waiting === 0);
    expect(forwarder.status()[0]).toMatchObject({ state: 'ok', delivered: 1000, dead: 0, failures: 0 });
  });

  it('an event that the receiver refuses goes to the dead letters, alone, and can be sent again', async () => {
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox(kind, systemClock.now);
    for (let lane = 0; lane < 2000; lane += 200) add(lane, 200);
    const poison = new Set(['e7', 'e1007']);
    receiver.answer(({ events }) => ({ status: events.some(({ id }) => poison.has(id)) ? 422 : 200 }));
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.waiting === 0);
    expect(outbox.deadLetters('main', null, 100).rows).toMatchObject([
      { eventId: 'e7', status: 422 },
      { eventId: 'e1007', status: 422 },
    ]);
    expect(receiver.effects()).toHaveLength(1998);
    expectOrderPerLane(receiver);
    poison.clear();
    expect(await forwarder.resend('main', null)).toBe(2);
    await receiver.until(2000);
    await until(() => forwarder.status()[0]?.dead === 0 && forwarder.status()[0]?.waiting === 0);
    expect(receiver.changed).toEqual([]);
  });

  it('a receiver that takes an event between refused ones is not paused: only refusals in a row count', async () => {
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox(kind, systemClock.now);
    for (let lane = 0; lane < 19; lane++) add(lane);
    receiver.answer(({ events }) => ({ status: events.every(({ id }) => id === 'e10') ? 200 : 422 }));
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url, inFlight: 1 }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.waiting === 0);
    expect(forwarder.status()[0]).toMatchObject({ state: 'ok', delivered: 1, dead: 18 });
  });

  it('a conflict on one event means that the receiver has it', async () => {
    const receiver = await bench.receiver();
    const { outbox, add } = bench.outbox(kind, systemClock.now);
    for (let lane = 0; lane < 20; lane++) add(lane);
    receiver.answer(({ events }) => ({ status: events.some(({ id }) => id === 'e4') ? 409 : 200 }));
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.waiting === 0);
    expect(receiver.effects()).toHaveLength(19);
    expect(forwarder.status()[0]).toMatchObject({ dead: 0, delivered: 20 });
  });

  it('a receiver that refuses everything does not bury the outbox', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 404 }));
    const { outbox, add } = bench.outbox(kind, clock.now);
    for (let lane = 0; lane < 300; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url, inFlight: 1 }]);
    forwarder.start();
    await held(forwarder, clock);
    expect(forwarder.status()[0]).toMatchObject({ state: 'paused', dead: 10, waiting: 290 });
    receiver.answer(() => ({ status: 200 }));
    await forwarder.enable('main');
    await forwarder.resend('main', null);
    await receiver.until(300);
  });

  it('gone is gone, over a restart too, until somebody enables it', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 410 }));
    const { outbox, add } = bench.outbox(kind, clock.now);
    add(1, 3);
    const first = bench.forwarder(outbox, clock, [{ url: receiver.url }]);
    first.start();
    await until(() => first.status()[0]?.state === 'disabled');
    await first.stop();
    receiver.answer(() => ({ status: 200 }));
    const second = bench.forwarder(outbox, clock, [{ url: receiver.url }]);
    second.start();
    await passTime(clock, 20_000);
    expect(receiver.deliveries).toHaveLength(1);
    expect(second.status()[0]).toMatchObject({ state: 'disabled', waiting: 3, dead: 0 });
    await second.enable('main');
    await receiver.until(3);
    await until(() => second.status()[0]?.state === 'ok' && second.status()[0]?.waiting === 0);
  });

  it.each([
    ['seconds', 429, () => '120'],
    ['a date', 503, (now: number) => new Date(now + 120_000).toUTCString()],
  ])('Retry-After in %s is obeyed by the whole destination', async (_, status, header) => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status, headers: { 'retry-after': header(clock.now()) } }));
    const { outbox, add } = bench.outbox(kind, clock.now);
    for (let lane = 0; lane < 300; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url, inFlight: 1 }]);
    forwarder.start();
    const start = clock.now();
    expect(await held(forwarder, clock)).toBe(start + 120_000);
    receiver.answer(() => ({ status: 200 }));
    await passTime(clock, 119_900, 10_000);
    forwarder.wake();
    await passTime(clock, 90);
    expect(receiver.deliveries).toHaveLength(1);
    await clock.advance(10);
    await receiver.until(300);
    expect(forwarder.status()[0]?.dead).toBe(0);
  });

  it('a delivery that was on its way when the receiver asked for rest does not end the rest', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    const rest = { status: 429, headers: { 'retry-after': '120' }, afterMs: 100 };
    // The three that are under way with it are answered well after it, also on a slow machine.
    const slow = () => ({ status: 200, afterMs: receiver.deliveries.length <= 4 ? 2_000 : 0 });
    receiver.answer(() => (receiver.deliveries.length === 1 ? rest : slow()));
    const { outbox, add } = bench.outbox(kind, clock.now);
    for (let lane = 0; lane < 300; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url, batch: 20 }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.delivered === 60);
    await passTime(clock, 100_000, 10_000);
    expect(receiver.deliveries).toHaveLength(4);
    expect(forwarder.status()[0]).toMatchObject({ state: 'retrying', waiting: 240 });
    await passTime(clock, 21_000);
    await receiver.until(300);
    expectOrderPerLane(receiver);
  });

  it.each([401, 403, 302])(
    'HTTP %i pauses the destination; nothing dies, and it recovers by itself',
    async (status) => {
      const clock = manualClock();
      const receiver = await bench.receiver();
      receiver.answer(() => ({ status, headers: { location: 'http://127.0.0.1:1/elsewhere' } }));
      const { outbox, add } = bench.outbox(kind, clock.now);
      add(1, 5);
      const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url }]);
      forwarder.start();
      const waits: number[] = [];
      for (let attempt = 0; attempt < 8; attempt++) {
        waits.push((await held(forwarder, clock)) - clock.now());
        await clock.advance(waits.at(-1) ?? 0);
      }
      expect(waits.map((ms) => ms / 1000)).toEqual([30, 60, 120, 300, 600, 1800, 3600, 3600]);
      await held(forwarder, clock);
      expect(forwarder.status()[0]).toMatchObject({ state: 'paused', waiting: 5, dead: 0 });
      expect(forwarder.status()[0]?.lastError).toContain(String(status));
      expect(receiver.deliveries).toHaveLength(9);
      receiver.answer(() => ({ status: 204 }));
      await clock.advance(3_600_000);
      await receiver.until(5);
    },
  );
});
