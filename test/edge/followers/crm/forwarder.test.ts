import { describe, expect, it } from 'vitest';
import { GatewayError, said, systemClock } from '../../../../src/kit/index.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { memoryOutbox } from '../../../fakes/memory-outbox.ts';
import { createBench, held, passTime, settled, until } from './crm-fixture.ts';

const bench = createBench();
const hour = 3_600_000;

describe('the forwarder', () => {
  it('one destination in trouble leaves the others alone', async () => {
    const clock = manualClock();
    const [bad, good] = [await bench.receiver(), await bench.receiver()];
    bad.answer(() => ({ hang: true }));
    const { outbox, add } = bench.outbox('sqlite', clock.now, ['bad', 'good']);
    for (let lane = 0; lane < 1_000; lane++) add(lane);
    const forwarder = bench.forwarder(outbox, clock, [
      { id: 'bad', url: bad.url },
      { id: 'good', url: good.url },
    ]);
    forwarder.start();
    await good.until(1_000);
    expect(good.changed).toEqual([]);
    expect(forwarder.status()).toMatchObject([
      { id: 'bad', waiting: 1_000 },
      { id: 'good', state: 'ok' },
    ]);
    await passTime(clock, 16_000, 4_000);
  });

  it('wake does nothing in the turn of its caller', () => {
    const clock = manualClock();
    const outbox = memoryOutbox(clock.now);
    let asked = 0;
    const watched = {
      ...outbox,
      due: (...given: Parameters<typeof outbox.due>) => {
        asked += 1;
        return outbox.due(...given);
      },
    };
    const forwarder = bench.forwarder(watched, clock, [{ url: 'http://127.0.0.1:9/' }]);
    forwarder.start();
    for (let n = 0; n < 1_000; n++) forwarder.wake();
    expect(asked).toBe(0);
  });

  it('an outbox that cannot be written rests the deliveries; then they are sent again under the same ids', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    const outbox = memoryOutbox(clock.now);
    for (let n = 1; n <= 10; n++) outbox.add({ lane: `${n}`, eventId: `e${n}` });
    outbox.fail = new GatewayError('STORE_FULL', 'full');
    let refused = false;
    const full: typeof outbox = {
      ...outbox,
      delivered: (...given) => {
        refused = true;
        return outbox.delivered(...given);
      },
    };
    const forwarder = bench.forwarder(full, clock, [{ url: receiver.url, inFlight: 1 }]);
    forwarder.start();
    await until(() => refused);
    await settled();
    await passTime(clock, 4_000);
    expect(receiver.deliveries).toHaveLength(1);
    outbox.fail = null;
    await passTime(clock, 1_000);
    await until(() => forwarder.status()[0]?.waiting === 0);
    expect(receiver.deliveries).toHaveLength(2);
    const [first, second] = receiver.deliveries;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
  });

  it('stop lets a delivery in flight end and sends no other', async () => {
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 200, afterMs: 100 }));
    const { outbox, add } = bench.outbox('sqlite', systemClock.now);
    add(1, 5);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url, batch: 1 }]);
    forwarder.start();
    await until(() => receiver.deliveries.length === 1);
    await forwarder.stop();
    expect(receiver.deliveries).toHaveLength(1);
    expect(outbox.waiting('main').count).toBe(4);
  });

  it('stop cuts what has not ended after ten seconds, and that is sent again', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ hang: true }));
    const { outbox, add } = bench.outbox('memory', clock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, clock, [{ url: receiver.url, timeoutMs: 60_000 }]);
    forwarder.start();
    await until(() => receiver.deliveries.length === 1);
    const stopped = forwarder.stop();
    await clock.advance(10_000);
    await stopped;
    expect(outbox.state('main').failures).toBe(0);
    receiver.answer(() => ({ status: 200 }));
    const next = bench.forwarder(outbox, clock, [{ url: receiver.url }]);
    next.start();
    await receiver.until(1);
  });

  it.each([20 * hour, -400 * 24 * hour])(
    'a wall clock that is set by %i ms does not keep a parked event waiting',
    async (offset) => {
      const clock = manualClock();
      const receiver = await bench.receiver();
      const { outbox, add } = bench.outbox('sqlite', clock.now);
      const [first = ''] = add(1);
      await outbox.retry('main', [1], clock.now() + 19 * hour, said('HTTP 500'));
      let moved = 0;
      const stepped = { ...clock, now: () => clock.now() + moved };
      const forwarder = bench.forwarder(outbox, stepped, [{ url: receiver.url }]);
      forwarder.start();
      await settled();
      moved = offset;
      await passTime(clock, 10 * 60_000, 60_000);
      await receiver.until(1);
      expect(receiver.effects().map(({ id }) => id)).toEqual([first]);
    },
  );

  it('a wall clock that is set back does not make a wait longer', async () => {
    const clock = manualClock();
    const receiver = await bench.receiver();
    receiver.answer(() => ({ status: 429, headers: { 'retry-after': '60' } }));
    const { outbox, add } = bench.outbox('memory', clock.now);
    add(1);
    let offset = 0;
    const stepped = { ...clock, now: () => clock.now() + offset };
    const forwarder = bench.forwarder(outbox, stepped, [{ url: receiver.url }]);
    forwarder.start();
    await held(forwarder, stepped);
    await settled();
    receiver.answer(() => ({ status: 200 }));
    offset = -25 * hour;
    forwarder.wake();
    await passTime(clock, 60_000, 10_000);
    await receiver.until(1);
  });
});
