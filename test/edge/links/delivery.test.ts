import { expect, test } from 'vitest';
import { GatewayError, silentLog } from '../../../src/kit/index.ts';
import { createDelivery } from '../../../src/links/delivery.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const message = { topic: 'rfid/a', payload: new Uint8Array(), redelivered: false, retained: false, at: 0 };

async function setUp(fail: () => Error | null) {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  let done = 0;
  delivery.add('rfid/a', async () => {
    const error = fail();
    if (error !== null) throw error;
  });
  delivery.deliver(message, () => {
    done += 1;
  });
  await clock.advance(0);
  return { clock, delivery, done: () => done };
}

test('a message that the store cannot take is offered for as long as it takes, and acknowledged once it is taken', async () => {
  let full = true;
  const { clock, delivery, done } = await setUp(() => (full ? new GatewayError('STORE_FULL', 'full') : null));
  await clock.advance(3_600_000);
  expect(done()).toBe(0);
  full = false;
  await clock.advance(5_000);
  expect(done()).toBe(1);
  expect(delivery.counts().givenUp).toBe(0);
});

test('a message of which a part was taken comes again as a redelivery, after pauses that grow; one of which nothing was does not', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  const seen: [string, boolean, number][] = [];
  const taking = (name: string, code: 'PRESENCE_FULL' | 'STORE_FULL') => {
    let attempts = 0;
    delivery.add('rfid/a', async ({ redelivered }) => {
      seen.push([name, redelivered, clock.now()]);
      attempts += 1;
      if (attempts < 4) throw new GatewayError(code, 'not now');
    });
  };
  taking('partly', 'PRESENCE_FULL');
  taking('not', 'STORE_FULL');
  delivery.deliver(message, () => undefined);
  await clock.advance(0);
  await clock.advance(30_000);
  const of = (name: string) => seen.filter(([who]) => who === name);
  expect(of('partly').map(([, redelivered]) => redelivered)).toEqual([false, true, true, true]);
  expect(of('not').map(([, redelivered]) => redelivered)).toEqual([false, false, false, false]);
  const times = of('partly').map(([, , at]) => at);
  const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(new Set(pauses).size).toBe(3);
});

test('a message that meets a bug each time is given up and counted, so that it does not stop the others for ever', async () => {
  const { clock, delivery, done } = await setUp(() => new TypeError('x is not a function'));
  await clock.advance(60_000);
  expect(done()).toBe(1);
  expect(delivery.counts().givenUp).toBe(1);
});

test('a message that is held goes to the handler that took the place of the one that held it, and to nobody twice', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  const got: string[] = [];
  let done = 0;
  delivery.add('rfid/#', async () => void got.push('other'));
  const remove = delivery.add('rfid/a', async () => {
    throw new GatewayError('LINK_LOST', 'this reader is stopped');
  });
  delivery.deliver(message, () => {
    done += 1;
  });
  await clock.advance(0);
  remove();
  delivery.add('rfid/a', async () => void got.push('new'));
  await clock.advance(5_000);
  expect([got, done]).toEqual([['other', 'new'], 1]);
});

test('a message that only a removed handler held is let go, and later ones do not reach it', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  let done = 0;
  const remove = delivery.add('rfid/a', async () => {
    throw new GatewayError('LINK_LOST', 'this reader is stopped');
  });
  const count = () => {
    done += 1;
  };
  delivery.deliver(message, count);
  await clock.advance(0);
  remove();
  await clock.advance(5_000);
  expect(done).toBe(1);
  delivery.deliver(message, count);
  expect([done, delivery.counts().unrouted, delivery.filters()]).toEqual([2, 1, []]);
});

test('two handlers of a topic get the message side by side; it is acknowledged once both have it, and comes again to the one that failed', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  const calls: string[] = [];
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  let full = true;
  delivery.add('rfid/a', async () => {
    calls.push('slow');
    await slow;
  });
  delivery.add('rfid/#', async () => {
    calls.push('failing');
    if (full) throw new GatewayError('STORE_FULL', 'full');
  });
  let done = 0;
  delivery.deliver(message, () => {
    done += 1;
  });
  expect(calls).toEqual(['slow', 'failing']);
  full = false;
  await clock.advance(10_000);
  expect(done).toBe(0);
  release();
  await clock.advance(0);
  await clock.advance(5_000);
  expect([calls, done]).toEqual([['slow', 'failing', 'failing'], 1]);
});

test('a message that is taken back is neither acknowledged nor offered again, whatever becomes of it', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  const endings: ((error: Error | null) => void)[] = [];
  delivery.add(
    'rfid/a',
    () => new Promise((resolve, reject) => endings.push((error) => (error ? reject(error) : resolve()))),
  );
  let done = 0;
  for (const ending of [null, new GatewayError('STORE_FULL', 'full')]) {
    const takeBack = delivery.deliver(message, () => {
      done += 1;
    });
    takeBack();
    endings.at(-1)?.(ending);
    await clock.advance(10_000);
  }
  expect([done, endings.length]).toEqual([0, 2]);
});
