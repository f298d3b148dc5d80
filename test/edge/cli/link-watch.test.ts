import { expect, it } from 'vitest';
import { sayErrors, untilOpen } from '../../../src/cli/link-watch.ts';
import type { LinkState } from '../../../src/links/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

function dead(error: string | null) {
  const clock = manualClock();
  const said: string[] = [];
  const link: { now: LinkState } = { now: { state: 'waiting', since: 0, error, fault: null } };
  return { clock, said, link, state: () => link.now, say: (text: string) => void said.push(text) };
}

it('a link that does not open is told once, and given up after 30 seconds', async () => {
  const { clock, said, state, say } = dead('Nothing listens at 127.0.0.1:1.');
  const outcome = untilOpen(state, say, clock).then(
    () => 'open',
    (error: Error) => error.message,
  );
  await clock.advance(29_000);
  expect(said).toEqual(['Nothing listens at 127.0.0.1:1.']);
  await clock.advance(1000);
  expect(await outcome).toBe('Given up: the link did not open within 30 s.');
});

it('a link that opens late is waited for', async () => {
  const { clock, said, link, state, say } = dead('The broker is not ready.');
  const outcome = untilOpen(state, say, clock);
  await clock.advance(10_000);
  link.now = { state: 'open', since: 10_000, error: null, fault: null };
  await clock.advance(100);
  await outcome;
  await clock.advance(60_000);
  expect(said).toEqual(['The broker is not ready.']);
});

it('a link that is watched says each fault once, however often it comes back', async () => {
  const { clock, said, link, state, say } = dead(null);
  const watch = sayErrors(state, say, clock);
  for (const error of ['one', null, 'one', 'two']) {
    link.now = { ...link.now, error };
    await clock.advance(1000);
  }
  watch.stop();
  link.now = { ...link.now, error: 'three' };
  await clock.advance(1000);
  expect(said).toEqual(['one', 'two']);
});
