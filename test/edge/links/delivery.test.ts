import { expect, test } from 'vitest';
import { GatewayError, silentLog } from '../../../src/kit/index.ts';
import { createDelivery } from '../../../src/links/delivery.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const message = { topic: 'rfid/a', payload: new Uint8Array(), redelivered: false, retained: false, at: 0 };

function setUp(fail: () => Error | null) {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  let done = 0;
  delivery.add('rfid/a', () => {
    const error = fail();
    if (error !== null) throw error;
  });
  delivery.deliver(message, () => {
    done += 1;
  });
  return { clock, delivery, done: () => done };
}

test('a message that the store cannot take is offered for as long as it takes, and acknowledged once it is taken', async () => {
  let full = true;
  const { clock, delivery, done } = setUp(() => (full ? new GatewayError('STORE_FULL', 'full') : null));
  await clock.advance(3_600_000);
  expect(done()).toBe(0);
  full = false;
  await clock.advance(5_000);
  expect(done()).toBe(1);
  expect(delivery.counts().givenUp).toBe(0);
});

test('a message that meets a bug each time is given up and counted, so that it does not stop the others for ever', async () => {
  const { clock, delivery, done } = setUp(() => new TypeError('x is not a function'));
  await clock.advance(60_000);
  expect(done()).toBe(1);
  expect(delivery.counts().givenUp).toBe(1);
});

test('a message that is held goes to the handler that took the place of the one that held it, and to nobody twice', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  const got: string[] = [];
  let done = 0;
  delivery.add('rfid/#', () => void got.push('other'));
  const remove = delivery.add('rfid/a', () => {
    throw new GatewayError('LINK_LOST', 'this reader is stopped');
  });
  delivery.deliver(message, () => {
    done += 1;
  });
  remove();
  delivery.add('rfid/a', () => void got.push('new'));
  await clock.advance(5_000);
  expect([got, done]).toEqual([['other', 'new'], 1]);
});

test('a message that only a removed handler held is let go, and later ones do not reach it', async () => {
  const clock = manualClock();
  const delivery = createDelivery({ clock, log: silentLog, random: () => 1 });
  let done = 0;
  const remove = delivery.add('rfid/a', () => {
    throw new GatewayError('LINK_LOST', 'this reader is stopped');
  });
  const count = () => {
    done += 1;
  };
  delivery.deliver(message, count);
  remove();
  await clock.advance(5_000);
  expect(done).toBe(1);
  delivery.deliver(message, count);
  expect([done, delivery.counts().unrouted, delivery.filters()]).toEqual([2, 1, []]);
});
