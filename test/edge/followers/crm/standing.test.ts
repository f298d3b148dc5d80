import { expect, test } from 'vitest';
import { createStanding } from '../../../../src/followers/crm/standing.ts';
import { silentLog } from '../../../../src/kit/index.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { memoryOutbox } from '../../../fakes/memory-outbox.ts';

test('the time of the last success is on disk once a minute, and when the gateway stops', async () => {
  const clock = manualClock();
  const outbox = memoryOutbox(clock.now);
  const standing = createStanding('main', outbox, { clock, random: () => 0.5, log: silentLog });
  const onDisk = () => outbox.state('main')?.lastSuccessAt;
  const first = clock.now();
  await standing.succeeded();
  await clock.advance(59_999);
  await standing.succeeded();
  expect(onDisk()).toBe(first);
  await standing.flush();
  expect(onDisk()).toBe(first + 59_999);
  await clock.advance(60_000);
  await standing.succeeded();
  expect(onDisk()).toBe(first + 119_999);
});
