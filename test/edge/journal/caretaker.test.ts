import { expect, it } from 'vitest';
import { type StoreHealth, startCaretaker } from '../../../src/journal/index.ts';
import { GatewayError, type Log } from '../../../src/kit/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const well = { writable: true, damage: null } as Pick<StoreHealth, 'writable' | 'damage'>;
const hourMs = 3_600_000;

/** A caretaker of a store in the test's hand, on a site eight hours ahead of UTC. */
function setUp(start: string, random = 0.5) {
  const clock = manualClock(Date.parse(start));
  const wall = { shift: 0 };
  const now = () => clock.now() + wall.shift;
  const looks: string[] = [];
  const said: string[] = [];
  const state = { health: well, found: null as string | null, fails: false };
  const pruning = { slices: 0, unread: 0, asked: [] as number[], fails: false };
  const note = (level: string) => (_: object, text: string) => void said.push(`${level} ${text}`);
  const log = {
    ...{ error: note('error'), warn: note('warn'), info: note('info'), debug: note('debug') },
  } as unknown as Log;
  const store = {
    health: async () => ({
      file: 'x',
      bytes: 0,
      walBytes: 0,
      items: 0,
      events: 0,
      journalMode: 'wal',
      synchronous: 'FULL',
      schemaVersion: 2,
      commits: 0,
      ...state.health,
    }),
    prune: async (at: number, keepMs: number) => {
      pruning.asked.push(at - keepMs);
      if (pruning.fails) throw new GatewayError('STORE_FULL', 'full');
      pruning.slices -= 1;
      return { removed: 1, unread: pruning.unread, more: pruning.slices > 0 };
    },
    examine: async () => {
      looks.push(new Date(now() + 8 * hourMs).toISOString().slice(0, 16));
      if (state.fails) throw new GatewayError('STORE_UNAVAILABLE', 'locked');
      if (state.found !== null) state.health = { writable: true, damage: state.found };
      return state.found;
    },
  };
  const care = startCaretaker({
    store,
    clock: { ...clock, now },
    log,
    offsetMinutes: () => 480,
    random: () => random,
    keepEventsMs: 24 * hourMs,
  });
  return { clock, wall, looks, said, state, care, pruning };
}

it('has the database examined once a night, between three and four by the site’s clock', async () => {
  const { clock, looks, said, care } = setUp('2026-11-21T09:00:00Z');
  await clock.advance(3 * 24 * hourMs);
  expect(looks).toEqual(['2026-11-22T03:30', '2026-11-23T03:30', '2026-11-24T03:30']);
  expect(said.filter((line) => line === 'info the database was examined and is whole')).toHaveLength(3);
  care.cancel();
  await clock.advance(24 * hourMs);
  expect(looks).toHaveLength(3);
});

it('asks nothing more of a store that was closed while it was examined', async () => {
  const { clock, looks, said, state, care } = setUp('2026-11-21T19:29:58Z');
  state.found = 'a page is damaged';
  const passing = clock.advance(5_000);
  expect(looks).toHaveLength(1);
  care.cancel();
  await passing;
  expect(said).toEqual([]);
});

it('spreads the hour by chance, and looks in the first night even when it starts shortly before', async () => {
  const early = setUp('2026-11-21T18:50:00Z', 0);
  await early.clock.advance(hourMs);
  expect(early.looks).toEqual(['2026-11-22T03:00']);
  const late = setUp('2026-11-21T18:50:00Z', 0.999);
  await late.clock.advance(2 * hourMs);
  expect(late.looks).toEqual(['2026-11-22T03:59']);
});

it('looks again after a clock that was set back by years, and not twice in a night', async () => {
  const { clock, wall, looks } = setUp('2026-11-21T09:00:00Z');
  await clock.advance(24 * hourMs);
  wall.shift = Date.parse('2020-01-01T09:00:00Z') - clock.now();
  await clock.advance(24 * hourMs);
  expect(looks.filter((at) => at.startsWith('2020-01-02'))).toEqual(['2020-01-02T03:30']);
});

it('says once that the disk is full, that it is not any more, and what was found damaged', async () => {
  const { clock, said, state } = setUp('2026-11-21T09:00:00Z');
  await clock.advance(20_000);
  expect(said).toEqual([]);
  state.health = { writable: false, damage: null };
  await clock.advance(20_000);
  state.health = well;
  await clock.advance(20_000);
  expect(said).toEqual([
    'error the database cannot be written: reads are not taken, stock is shown',
    'info the database can be written again',
  ]);
  state.found = 'page 7 is damaged';
  await clock.advance(24 * hourMs);
  expect(said.slice(2)).toEqual(['error the database is damaged']);
});

it('says when it could not look, and looks the next night', async () => {
  const { clock, looks, said, state } = setUp('2026-11-21T09:00:00Z');
  state.fails = true;
  await clock.advance(2 * 24 * hourMs);
  expect(looks).toHaveLength(2);
  expect(said).toEqual(Array(2).fill('warn the database could not be examined this night'));
});

it('has facts pruned once a minute, slice after slice with room between them, until none is due', async () => {
  const { clock, care, pruning } = setUp('2026-11-21T09:00:00Z');
  pruning.slices = 3;
  await clock.advance(5_000);
  expect(pruning.asked).toEqual([Date.parse('2026-11-20T09:00:05Z')]);
  await clock.advance(1_000);
  expect(pruning.asked).toHaveLength(3);
  await clock.advance(60_000);
  expect(pruning.asked).toHaveLength(4);
  pruning.slices = 99;
  await clock.advance(60_000);
  care.cancel();
  const { length } = pruning.asked;
  await clock.advance(60_000);
  expect(pruning.asked).toHaveLength(length);
});

it('says when facts go that a follower had not read, and tries again where the disk is full', async () => {
  const { clock, said, pruning } = setUp('2026-11-21T09:00:00Z');
  pruning.fails = true;
  await clock.advance(5_000);
  pruning.fails = false;
  pruning.unread = 7;
  await clock.advance(60_000);
  expect(pruning.asked).toHaveLength(2);
  expect(said).toEqual(['warn facts went that a follower had not read: they were older than twice their time']);
});
