import { expect, test } from 'vitest';
import { createClosing, silentLog } from '../../../src/kit/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const never = () => new Promise<void>(() => undefined);

test('what hangs is left behind at its stage’s limit, and the last steps run in turn all the same', async () => {
  const clock = manualClock();
  const done: string[] = [];
  const warned: unknown[] = [];
  const closing = createClosing(clock, { ...silentLog, warn: (fields) => void warned.push(fields['step']) });
  closing.add('last', 'database', () => done.push('database'));
  closing.add('last', 'flush', () => done.push('flush'));
  closing.add('channels', 'broker', never);
  closing.add('work', 'reader a', never);
  closing.add('work', 'reader b', async () => done.push('reader b'));
  let over = false;
  const run = closing.run().then(() => {
    over = true;
  });
  expect(closing.isRunning()).toBe(true);
  await clock.advance(2_999);
  expect([done, over]).toEqual([['reader b'], false]);
  await clock.advance(1_001);
  await run;
  expect(done).toEqual(['reader b', 'flush', 'database']);
  expect(warned).toEqual(['reader a', 'broker']);
});

test('what fails keeps nothing from running, and is what the closing rejects with', async () => {
  const done: string[] = [];
  const closing = createClosing(manualClock(), silentLog);
  closing.add('last', 'database', () => done.push('database'));
  closing.add('last', 'flush', () => {
    throw new Error('the disk is gone');
  });
  closing.add('work', 'reader', () => Promise.reject(new Error('unplugged')));
  closing.add('work', 'clock', () => done.push('clock'));
  await expect(closing.run()).rejects.toThrow('unplugged');
  expect(done).toEqual(['clock', 'database']);
});

test('a clock that is set meanwhile makes nothing longer, and a second closing is the first', async () => {
  const clock = manualClock();
  let runs = 0;
  const closing = createClosing(clock, silentLog);
  closing.add('work', 'reader', () => {
    runs += 1;
    clock.set(clock.now() - 3_600_000);
    return Promise.resolve();
  });
  await Promise.all([closing.run(), closing.run()]);
  expect(runs).toBe(1);
});

test('steps that were added last begin first', async () => {
  const begun: string[] = [];
  const closing = createClosing(manualClock(), silentLog);
  for (const name of ['broker', 'connection']) closing.add('channels', name, async () => begun.push(name));
  await closing.run();
  expect(begun).toEqual(['connection', 'broker']);
});
