import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../src/inventory/index.ts';
import { contentId, type Log, silentLog } from '../../../src/kit/index.ts';
import { createPipeline } from '../../../src/pipeline.ts';
import { createPresence } from '../../../src/presence/index.ts';
import { identityOf } from '../../../src/tags/index.ts';
import { read, readPoint, start, tag } from '../../core/presence/fixtures.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { createStores } from '../store/store-fixture.ts';

const { folder, open } = createStores();
const readPoints = [readPoint('shelf-1', 'shelf'), readPoint('door', 'access', { location: 'entrance' })];
const id = identityOf(tag).epc.id;
const departMs = 600_000;

/** The line over a real database, with time in the hand and what it logs and counts at hand. */
function line(idOf = contentId) {
  const path = folder();
  const store = open(path);
  const clock = manualClock(start);
  const errors: Record<string, unknown>[] = [];
  const counted: string[] = [];
  const log: Log = { ...silentLog, error: (fields) => void errors.push(fields) };
  const count = (_: string, reason: string) => void counted.push(reason);
  const presence = createPresence({
    readPoints,
    readPointOf: (_, antenna) => (antenna === 2 ? 'door' : 'shelf-1'),
    identify: ({ epc }) => identityOf(epc).epc.id,
    count: (reader, reason, _, by) => {
      for (let n = 0; n < by; n++) count(reader, reason);
    },
    seed: 1,
  });
  const inventory = createInventory({
    readPoints,
    locations: [{ id: 'floor', kind: 'sales-floor' }],
    adopt: 'all',
    isOwn: () => false,
    isAwaited: () => false,
    contentId: idOf,
  });
  const committed = () => undefined;
  const pipeline = createPipeline({ presence, inventory, readPoints, store, clock, log, committed, count });
  /** Time in which the line looks at the clock, as the running gateway does. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 4_000) {
      await clock.advance(Math.min(left, 4_000));
      if (left > 4_000) await pipeline.tick();
    }
  };
  const arrive = () => pipeline.take([read(1, 0), read(1, 400)], false);
  /** Runs `work` while another process holds the database. */
  const held = async (work: () => Promise<void>) => {
    const other = new Database(`${path}/silentgate.db`);
    other.exec('BEGIN IMMEDIATE');
    try {
      await work();
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
  };
  return { store, clock, errors, counted, pipeline, pass, arrive, held };
}

const consent = (given: boolean) => ({
  customer: 'crm-42',
  consent: { given, textVersion: 'v3', at: start, source: 'till' },
});

describe('a database that cannot be written for a while', () => {
  it('does not end the gateway when the last sights are due; they are written with the next reads', async () => {
    const { store, errors, pipeline, arrive, held } = line();
    await arrive();
    await pipeline.take([read(1, 2_000)], false);
    await held(() => pipeline.flush());
    expect(errors).toEqual([expect.objectContaining({ code: 'STORE_UNAVAILABLE' })]);
    expect(store.lookUp(id)?.lastSeenAt).toBe(start + 400);
    await pipeline.take([read(1, 3_000)], false);
    await pipeline.flush();
    expect(store.lookUp(id)?.lastSeenAt).toBe(start + 3_000);
  });

  it('delays a departure and loses it not', async () => {
    const { store, errors, pipeline, pass, arrive, held } = line();
    await arrive();
    await pass(departMs + 1_000);
    await held(() => pipeline.tick());
    expect(errors).toHaveLength(1);
    expect(store.lookUp(id)?.presence).toBe('PRESENT');
    await pipeline.tick();
    await pass(departMs + 1_000);
    await pipeline.tick();
    expect(store.lookUp(id)).toMatchObject({ presence: 'ABSENT', absentReason: 'timeout' });
    expect(store.presences()).toEqual([]);
  });
});

describe('what became of each read', () => {
  it('is counted: an arrival, a repeat, and a glimpse', async () => {
    const { counted, pipeline } = line();
    await pipeline.take([read(1, 0), read(1, 400), read(1, 800), read(1, 900, { epc: 'BEEF' })], false);
    expect(counted.sort()).toEqual(['ARRIVED', 'GLIMPSED', 'GLIMPSED', 'REPEAT']);
  });

  it('is not counted where nothing could be written', async () => {
    const { counted, pipeline, held } = line();
    await held(() => expect(pipeline.take([read(1, 0)], false)).rejects.toThrow());
    expect(counted).toEqual([]);
  });
});

describe('a message that comes again', () => {
  it.each([
    ['a read', {}],
    ['a count that grew', { count: 9 }],
  ])('confirms nothing, not by %s', async (_, more) => {
    const { store, counted, pipeline } = line();
    const timeless = (at: number) => read(1, at, { receivedAt: start + at });
    await pipeline.take([read(1, 0)], false);
    await pipeline.take([read(1, 0, { ...more, receivedAt: start + 900 })], true);
    await pipeline.take([{ ...timeless(1_000), ...more }], true);
    expect(counted).toEqual(['GLIMPSED', 'DUPLICATE', 'DUPLICATE']);
    expect(store.lookUp(id)).toBeNull();
    await pipeline.take([read(1, 2_000)], false);
    expect(store.lookUp(id)?.presence).toBe('PRESENT');
  });
});

describe('last sights', () => {
  it('are written a part at a time, so that a full store never keeps the reads waiting, and all at the stop', async () => {
    const { store, pipeline } = line();
    const many = Array.from(
      { length: 1_500 },
      (_, n) => `3034257BF7194E40${(0x1000 + n).toString(16).toUpperCase().padStart(8, '0')}`,
    );
    const readAll = (at: number) =>
      pipeline.take(
        many.map((epc) => read(1, at, { epc })),
        false,
      );
    const written = (at: number) => store.presences().filter(({ lastSeenAt }) => lastSeenAt === start + at).length;
    await readAll(0);
    await readAll(400);
    await readAll(2_000);
    for (let n = 0; n < 119; n++) await pipeline.tick();
    expect(written(2_000)).toBe(0);
    await pipeline.tick();
    expect(written(2_000)).toBe(1_000);
    await readAll(3_000);
    await pipeline.tick();
    expect(written(3_000)).toBe(1_000);
    await pipeline.tick();
    expect(written(3_000)).toBe(1_000);
    await pipeline.flush();
    expect(written(3_000)).toBe(1_500);
  });
});

describe('a clock that leaps', () => {
  it.each([86_400_000, -86_400_000])(
    'by %i ms, as when the network sets it, makes no departure; real silence after it does',
    async (leap) => {
      const { store, clock, pipeline, pass, arrive } = line();
      await arrive();
      clock.set(start + leap);
      await pipeline.tick();
      await pass(departMs - 10_000);
      await pipeline.tick();
      expect(store.lookUp(id)?.presence).toBe('PRESENT');
      await pass(20_000);
      await pipeline.tick();
      expect(store.lookUp(id)).toMatchObject({ presence: 'ABSENT', lastSeenAt: start + 400 });
    },
  );
});

describe('a bug', () => {
  it('is not taken for a failing disk: it leaves the tick', async () => {
    let broken = false;
    const { pipeline, pass, arrive } = line((parts) => {
      if (broken) throw new TypeError('a bug');
      return contentId(parts);
    });
    await arrive();
    broken = true;
    await pass(departMs + 1_000);
    await expect(pipeline.tick()).rejects.toThrow(TypeError);
  });
});

describe('a customer with consent', () => {
  const told = ({ store }: ReturnType<typeof line>) => store.facts(0, 100).map(({ event }) => event.type);

  it('is identified once a visit; each further arrival of it is an interaction', async () => {
    const world = line();
    world.store.customers.put(consent(true), [id]);
    await world.arrive();
    await world.pipeline.take([read(2, 60_000)], false);
    expect(told(world)).toEqual(['customer.identified', 'customer.interaction']);
    await world.pass(3_600_000);
    await world.pipeline.tick();
    await world.pipeline.take([read(2, 3_600_000)], false);
    expect(told(world)).toEqual(['customer.identified', 'customer.interaction', 'customer.identified']);
  });

  it('is still on the same visit where the token was read on at one place for long', async () => {
    const world = line();
    world.store.customers.put(consent(true), [id]);
    await world.arrive();
    for (let minutes = 8; minutes <= 48; minutes += 8) await world.pipeline.take([read(1, minutes * 60_000)], false);
    await world.pipeline.flush();
    await world.pipeline.take([read(2, 50 * 60_000)], false);
    expect(told(world)).toEqual(['customer.identified', 'customer.interaction']);
  });
});

describe('the card of a person who was erased', () => {
  it('is withheld when it is read again, and makes no item', async () => {
    const { store, counted, pipeline, pass, arrive } = line();
    store.customers.put(consent(true), [id]);
    store.customers.erase('crm-42');
    await arrive();
    await pass(departMs + 1_000);
    await pipeline.tick();
    expect(counted.filter((reason) => reason === 'NO_CONSENT')).toHaveLength(3);
    expect(store.lookUp(id)).toBeNull();
    expect(store.presences()).toEqual([]);
    expect(store.eventsAfter(0, 10)).toEqual([]);
  });
});

describe('a person who takes the consent back while the token is here', () => {
  it('leaves nothing on disk once the token has gone', async () => {
    const { store, counted, pipeline, pass, arrive } = line();
    store.customers.put(consent(true), [id]);
    await arrive();
    expect(store.presences()).toHaveLength(1);
    store.customers.put(consent(false), [id]);
    await pass(departMs + 1_000);
    await pipeline.tick();
    expect(counted).toContain('NO_CONSENT');
    expect(store.presences()).toEqual([]);
    expect(store.lookUp(id)).toBeNull();
  });
});
