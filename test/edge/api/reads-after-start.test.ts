import { expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { t0 } from './api-fixture.ts';
import { E1, E2, scene } from './push-scene.ts';

test('of a gateway that has just started only what may be of before is a redelivery', async () => {
  const { post, redeliveries, clock } = await scene();
  await clock.advance(60_000);
  const bodyAt = (at: number) => ({ reads: [{ epc: E1, at }] });
  await post(bodyAt(t0 - 1_000));
  await post(bodyAt(t0 + 5_000));
  await post(bodyAt(t0 + 5_001));
  await post({ reads: [...bodyAt(t0 + 30_000).reads, { epc: E2, at: t0 }] });
  expect(redeliveries).toEqual([true, true, false, true]);
  await clock.advance(9 * 60_000);
  await post(bodyAt(t0 - 2_000));
  expect(redeliveries.at(-1)).toBe(false);
});

test('a body for which there was no room is a redelivery when it comes again: a part of it had its effect', async () => {
  const { post, redeliveries, clock, store } = await scene();
  await clock.advance(60_000);
  for (const code of ['PRESENCE_FULL', 'STORE_FULL'] as const) {
    const body = { reads: [{ epc: E1, at: t0 + 50_000, seq: code.length }] };
    store.failure = new GatewayError(code, 'no room');
    await post(body);
    store.failure = null;
    await post(body);
  }
  expect(redeliveries).toEqual([true, false]);
});
