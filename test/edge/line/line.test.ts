import { describe, expect, it } from 'vitest';
import { contentId } from '../../../src/kit/index.ts';
import { batchOf, identityOf } from '../../../src/tags/index.ts';
import { read, start, tag } from '../../core/presence/fixtures.ts';
import { createStores } from '../journal/store-fixture.ts';
import { held, lineOver } from './line-scene.ts';

const { folder, open } = createStores();
const id = identityOf(tag).epc.id;
const departMs = 600_000;

function world(more: Parameters<typeof lineOver>[1] = {}) {
  const path = folder();
  const made = lineOver(open(path), more);
  const arrive = () => made.line.take(batchOf([read(1, 0), read(1, 400)]), false);
  return { ...made, arrive, held: (work: () => Promise<unknown>) => held(path, work) };
}

const consent = (given: boolean) => ({
  customer: 'crm-42',
  consent: { given, textVersion: 'v3', at: start, source: 'till' },
});

describe('a database that cannot be written for a while', () => {
  it('does not end the gateway when the last sights are due; they are written with the next reads', async () => {
    const { store, errors, line, arrive, held } = world();
    await arrive();
    await line.take(batchOf([read(1, 2_000)]), false);
    await held(() => line.flush());
    expect(errors).toEqual([expect.objectContaining({ code: 'STORE_UNAVAILABLE' })]);
    expect(store.lookUp(id)?.lastSeenAt).toBe(start + 400);
    await line.take(batchOf([read(1, 3_000)]), false);
    await line.flush();
    expect(store.lookUp(id)?.lastSeenAt).toBe(start + 3_000);
  });

  it('delays a departure and loses it not', async () => {
    const { store, errors, line, pass, arrive, held } = world();
    await arrive();
    await pass(departMs + 1_000);
    await held(() => line.tick());
    expect(errors).toHaveLength(1);
    expect(store.lookUp(id)?.presence).toBe('PRESENT');
    await line.tick();
    await pass(departMs + 1_000);
    await line.tick();
    expect(store.lookUp(id)).toMatchObject({ presence: 'ABSENT', absentReason: 'timeout' });
    expect(store.presences()).toEqual([]);
  });
});

describe('what became of each read', () => {
  it('is counted: an arrival, a repeat, and a glimpse', async () => {
    const { counted, line } = world();
    await line.take(batchOf([read(1, 0), read(1, 400), read(1, 800), read(1, 900, { epc: 'BEEF' })]), false);
    expect(counted.sort()).toEqual(['ARRIVED', 'GLIMPSED', 'GLIMPSED', 'REPEAT']);
  });

  it('is not counted where nothing could be written', async () => {
    const { counted, line, held } = world();
    await held(() =>
      expect(line.take(batchOf([read(1, 0)]), false)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' }),
    );
    expect(counted).toEqual([]);
  });
});

describe('a message that comes again', () => {
  it.each([
    ['a read', {}],
    ['a count that grew', { count: 9 }],
  ])('confirms nothing, not by %s', async (_, more) => {
    const { store, counted, line } = world();
    const timeless = (at: number) => read(1, at, { receivedAt: start + at });
    await line.take(batchOf([read(1, 0)]), false);
    await line.take(batchOf([read(1, 0, { ...more, receivedAt: start + 900 })]), true);
    await line.take(batchOf([{ ...timeless(1_000), ...more }]), true);
    expect(counted).toEqual(['GLIMPSED', 'DUPLICATE', 'DUPLICATE']);
    expect(store.lookUp(id)).toBeNull();
    await line.take(batchOf([read(1, 2_000)]), false);
    expect(store.lookUp(id)?.presence).toBe('PRESENT');
  });
});

describe('last sights', () => {
  it('are written a part at a time, so that a full store never keeps the reads waiting, and all at the stop', async () => {
    const { store, line } = world();
    const many = Array.from(
      { length: 1_500 },
      (_, n) => `3034257BF7194E40${(0x1000 + n).toString(16).toUpperCase().padStart(8, '0')}`,
    );
    const readAll = (at: number) => line.take(batchOf(many.map((epc) => read(1, at, { epc }))), false);
    const written = (at: number) => store.presences().filter(({ lastSeenAt }) => lastSeenAt === start + at).length;
    await readAll(0);
    await readAll(400);
    await readAll(2_000);
    for (let n = 0; n < 119; n++) await line.tick();
    expect(written(2_000)).toBe(0);
    await line.tick();
    expect(written(2_000)).toBe(1_000);
    await readAll(3_000);
    await line.tick();
    expect(written(3_000)).toBe(1_000);
    await line.tick();
    expect(written(3_000)).toBe(1_000);
    await line.flush();
    expect(written(3_000)).toBe(1_500);
  });
});

describe('a clock that leaps', () => {
  it.each([86_400_000, -86_400_000])(
    'by %i ms, as when the network sets it, makes no departure; real silence after it does',
    async (leap) => {
      const { store, clock, line, pass, arrive } = world();
      await arrive();
      clock.set(start + leap);
      await line.tick();
      await pass(departMs - 10_000);
      await line.tick();
      expect(store.lookUp(id)?.presence).toBe('PRESENT');
      await pass(20_000);
      await line.tick();
      expect(store.lookUp(id)).toMatchObject({ presence: 'ABSENT', lastSeenAt: start + 400 });
    },
  );
});

describe('a bug', () => {
  it('is not taken for a failing disk: it leaves the tick', async () => {
    let broken = false;
    const { line, pass, arrive } = world({
      idOf: (parts) => {
        if (broken) throw new TypeError('a bug');
        return contentId(parts);
      },
    });
    await arrive();
    broken = true;
    await pass(departMs + 1_000);
    await expect(line.tick()).rejects.toThrow(TypeError);
  });
});

describe('a customer with consent', () => {
  const told = ({ store }: ReturnType<typeof world>) => store.facts(0, 100).map(({ event }) => event.type);

  it('is identified once a visit; each further arrival of it is an interaction', async () => {
    const w = world();
    await w.store.customers.put(consent(true), [id]);
    await w.arrive();
    await w.line.take(batchOf([read(2, 60_000)]), false);
    expect(told(w)).toEqual(['customer.identified', 'customer.interaction']);
    await w.pass(3_600_000);
    await w.line.tick();
    await w.line.take(batchOf([read(2, 3_600_000)]), false);
    expect(told(w)).toEqual(['customer.identified', 'customer.interaction', 'customer.identified']);
  });

  it('is still on the same visit where the token was read on at one place for long', async () => {
    const w = world();
    await w.store.customers.put(consent(true), [id]);
    await w.arrive();
    for (let minutes = 8; minutes <= 48; minutes += 8) await w.line.take(batchOf([read(1, minutes * 60_000)]), false);
    await w.line.flush();
    await w.line.take(batchOf([read(2, 50 * 60_000)]), false);
    expect(told(w)).toEqual(['customer.identified', 'customer.interaction']);
  });
});

describe('a card that was an item under another spelling of its number', () => {
  const hex = 'E28011700000020F5C2A1B3C';
  const uid = `urn:silentgate:uid:${hex}`;
  const raw = `urn:epc:raw:96.x${hex}`;

  it('is no item any more, in memory as on disk, when it is registered as a token', async () => {
    const { store, ledger, line } = world();
    await line.take(batchOf([read(1, 0, { epc: hex }), read(1, 400, { epc: hex })]), false);
    expect(ledger.items.lookUp(raw)).not.toBeNull();
    await store.customers.put(consent(true), [uid]);
    expect([store.lookUp(raw), ledger.items.lookUp(raw)]).toEqual([null, null]);
  });

  it('is no item any more, in memory as on disk, when its person is erased', async () => {
    const { store, ledger, line } = world();
    await store.customers.put(consent(true), [uid]);
    const input = { id: 'po-1', item: raw, hex, input: 'commission', at: start, location: 'floor' };
    expect(await line.inputs([{ ...input, reason: null, party: null }])).toMatchObject([{ ok: true }]);
    expect(ledger.items.lookUp(raw)).not.toBeNull();
    await store.customers.erase('crm-42');
    expect([store.lookUp(raw), ledger.items.lookUp(raw)]).toEqual([null, null]);
  });
});

describe('the card of a person who was erased', () => {
  it('is withheld when it is read again, and makes no item', async () => {
    const { store, counted, line, pass, arrive } = world();
    await store.customers.put(consent(true), [id]);
    await store.customers.erase('crm-42');
    await arrive();
    await pass(departMs + 1_000);
    await line.tick();
    expect(counted.filter((reason) => reason === 'NO_CONSENT')).toHaveLength(3);
    expect(store.lookUp(id)).toBeNull();
    expect(store.presences()).toEqual([]);
    expect(store.eventsAfter(0, 10)).toEqual([]);
  });
});

describe('a person who takes the consent back while the token is here', () => {
  it('leaves nothing on disk once the token has gone', async () => {
    const { store, counted, line, pass, arrive } = world();
    await store.customers.put(consent(true), [id]);
    await arrive();
    expect(store.presences()).toHaveLength(1);
    await store.customers.put(consent(false), [id]);
    await pass(departMs + 1_000);
    await line.tick();
    expect(counted).toContain('NO_CONSENT');
    expect(store.presences()).toEqual([]);
    expect(store.lookUp(id)).toBeNull();
  });
});
