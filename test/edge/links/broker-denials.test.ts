import { expect, test } from 'vitest';
import { type Log, silentLog } from '../../../src/kit/index.ts';
import { createDenials } from '../../../src/links/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

function scene() {
  const clock = manualClock(0);
  const lines: Record<string, unknown>[] = [];
  const log: Log = { ...silentLog, warn: (fields) => void lines.push(fields) };
  const denials = createDenials({ clock, log });
  const some = { kind: 'publish', username: 'one', address: '10.0.0.5', clientId: 'dock', topic: 'a' } as const;
  return { clock, lines, denials, some: { ...some, signedIn: true } };
}

test('one kind of denial of one account is at most one line a minute, which says how often it was', async () => {
  const { clock, lines, denials, some } = scene();
  for (let second = 0; second < 150; second++) {
    denials.note({ ...some, topic: `t${second}`, address: `10.0.0.${second}` });
    await clock.advance(1000);
  }
  expect(lines.map(({ times, topic }) => [times, topic])).toEqual([
    [1, 't0'],
    [60, 't60'],
    [60, 't120'],
  ]);
  denials.note({ ...some, kind: 'subscribe' });
  expect(lines).toHaveLength(4);
  expect(denials.list().map(({ kind, count }) => [kind, count])).toEqual([
    ['publish', 150],
    ['subscribe', 1],
  ]);
});

test('who has no account is counted by address, whatever user name it makes up', () => {
  const { lines, denials, some } = scene();
  for (let i = 0; i < 50; i++) denials.note({ ...some, kind: 'signIn', username: `u${i}`, signedIn: false });
  expect(lines).toHaveLength(1);
  expect(denials.list()).toMatchObject([{ username: 'u49', count: 50 }]);
});

test('a flood from many addresses is at most 30 lines a minute, and the 200 newest are kept', async () => {
  const { clock, lines, denials, some } = scene();
  const flood = () => {
    for (let i = 0; i < 1000; i++) denials.note({ ...some, address: `fe80::${i}`, signedIn: false });
  };
  flood();
  expect(lines).toHaveLength(30);
  expect(denials.list().map(({ address }) => address)).toEqual(
    Array.from({ length: 200 }, (_, i) => `fe80::${800 + i}`),
  );
  await clock.advance(60_000);
  flood();
  expect(lines).toHaveLength(60);
  // A clock that is set back silences nothing.
  clock.set(-1e9);
  denials.note(some);
  expect(lines).toHaveLength(61);
});

test('texts of strangers are cut short and lose what a terminal would obey', () => {
  const { denials, some } = scene();
  denials.note({ ...some, topic: `\u001b[2J\u202e\n${'x'.repeat(5000)}`, username: null, clientId: '\0' });
  const [found] = denials.list();
  expect([found?.topic?.slice(0, 7), found?.topic?.length, found?.username, found?.clientId]).toEqual([
    '?[2J??x',
    200,
    null,
    '?',
  ]);
});
