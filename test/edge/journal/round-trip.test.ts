import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerEvent } from '../../../src/customers/index.ts';
import { buckets, type Item, type ItemEvent, lifecycles, type StockDelta } from '../../../src/inventory/index.ts';
import { createByteReader, createByteWriter } from '../../../src/journal/bytes.ts';
import { gtinText, identityOf, idOf as idFrom, prefixDigits, sgtinUri } from '../../../src/journal/identity.ts';
import type { Fact, Store } from '../../../src/journal/index.ts';
import type { Observation } from '../../../src/presence/index.ts';
import { at, batch, createStores } from './store-fixture.ts';

const { folder, open } = createStores();

const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const name = fc.oneof(fc.constantFrom('floor', 'back', '倉庫', 'desk-1', ''), fc.string({ maxLength: 8 }));
const time = fc.oneof(fc.integer({ min: at - 1e9, max: at + 1e9 }), fc.integer({ min: 0, max: 2 ** 45 }));
const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
/** SQLite knows one zero: adding 0 makes it of both. */
const decimal = fc
  .oneof(
    fc.integer({ min: -12_000, max: 0 }).map((n) => n / 100),
    fc.double({ noNaN: true }),
  )
  .map((n) => n + 0);
const serial = fc.oneof(
  fc.nat(1e9).map(String),
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.constantFrom('007', '0', '%2F', 'a/b'),
);
const hex = fc.oneof(
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()),
  fc.string({ maxLength: 8 }),
);
const eventId = fc.oneof(
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  fc.stringMatching(/^[A-Za-z0-9_-]{27}$/),
  fc.string({ minLength: 1, maxLength: 40 }),
);

/** What is fixed for an item: identity, GTIN, and the URI that mostly follows from them. */
const identity = fc.oneof(
  fc.tuple(digits(14), serial, fc.integer({ min: 6, max: 12 }), fc.boolean()).map(([gtin, of, prefix, isOdd]) => {
    const id = `https://id.gs1.org/01/${gtin}/21/${of}`;
    const uri = isOdd ? `urn:epc:id:sgtin:${gtin}.${of}` : sgtinUri(identityOf(id), prefix);
    return { id, gtin, epcUri: uri as string | null };
  }),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 60 }), orNull(digits(14)), orNull(name))
    .map(([id, gtin, epcUri]) => ({ id, gtin, epcUri })),
);

function itemOf(of: { id: string; gtin: string | null; epcUri: string | null }): fc.Arbitrary<Item> {
  return fc.record({
    id: fc.constant(of.id),
    hex,
    scheme: fc.constantFrom('sgtin-96', 'raw', 'sscc-96'),
    epcUri: fc.constant(of.epcUri),
    gtin: fc.constant(of.gtin),
    presence: fc.constantFrom('UNSEEN', 'PRESENT', 'EXITING', 'ABSENT', 'GONE'),
    absentReason: orNull(fc.constantFrom('timeout', 'exit')),
    readPoint: orNull(name),
    location: orNull(name),
    previousLocation: orNull(name),
    placeSince: orNull(time),
    placeSource: orNull(fc.constantFrom('sensor', 'inferred', 'business')),
    placeConfidence: orNull(decimal),
    lifecycle: fc.constantFrom(...lifecycles),
    lifecycleReason: orNull(name),
    owner: fc.constantFrom('own', 'customer', 'vendor'),
    custody: orNull(fc.record({ party: name, since: time, due: orNull(time) })),
    condition: fc.constantFrom('ok', 'alert', 'hold'),
    tag: fc.constantFrom('blank', 'encoded', 'verified', 'locked', 'killed'),
    bucket: orNull(fc.constantFrom(...buckets)),
    serviceCount: fc.nat(),
    reader: orNull(name),
    antenna: orNull(fc.integer({ min: -1, max: 300 })),
    rssi: orNull(decimal),
    firstSeenAt: orNull(time),
    lastSeenAt: orNull(time),
    asOf: time,
  });
}

const line = fc.record({ gtin: digits(14), location: name, bucket: fc.constantFrom(...buckets) });
/** What an event takes from a line was put there before. */
const stock = fc.tuple(orNull(line), orNull(line));

const itemEvents = identity.chain((of) =>
  fc.array(
    fc.record({
      id: eventId,
      type: fc.constantFrom<ItemEvent['type']>('item.arrived', 'item.moved', 'item.sold', 'item.alert', 'item.ignored'),
      input: name,
      at: time,
      announce: fc.boolean(),
      alert: orNull(name),
      fromLocation: orNull(name),
      fromLifecycle: orNull(name),
      action: fc.constantFrom<ItemEvent['action']>('ADD', 'OBSERVE', 'DELETE'),
      bizStep: orNull(name),
      disposition: orNull(name),
      cause: orNull(name),
      item: itemOf(of),
      lines: stock,
    }),
    { minLength: 1, maxLength: 4 },
  ),
);
const customerEvent: fc.Arbitrary<CustomerEvent> = fc.record({
  id: eventId,
  type: fc.constantFrom('customer.identified', 'customer.interaction'),
  customer: fc.string({ minLength: 1, maxLength: 10 }),
  at: time,
  readPoint: name,
  location: name,
  reader: name,
});

type Told = Omit<ItemEvent, 'stock'> & { lines: readonly [Line | null, Line | null] };
type Line = Omit<StockDelta, 'delta'>;

/** What a line loses was won by the event before. */
function withStock(group: readonly Told[]): ItemEvent[] {
  return group.map(({ lines, ...event }, at) => {
    const [before, after] = [group[at - 1]?.lines[1] ?? null, lines[1]];
    const minus: StockDelta[] = before === null ? [] : [{ ...before, delta: -1 }];
    const plus: StockDelta[] = after === null ? [] : [{ ...after, delta: 1 }];
    return { ...event, stock: [...minus, ...plus] };
  });
}

/** Each item in one group, each id once. */
function fitting(groups: readonly (readonly Told[])[]): ItemEvent[] {
  const once = <T>(all: readonly T[], keyOf: (one: T) => string) => [
    ...new Map([...all].reverse().map((one) => [keyOf(one), one])).values(),
  ];
  const items = once(groups, (group) => group[0]?.item.id ?? '');
  const ids = new Set(once(items.flat(), (event) => event.id));
  return items.flatMap((group) => withStock(group.filter((event) => ids.has(event))));
}

function allFacts(store: Store): Fact[] {
  const facts: Fact[] = [];
  for (let page = store.facts(0, 7); page.length > 0; page = store.facts(facts.at(-1)?.seq ?? 0, 7))
    facts.push(...page);
  return facts;
}

describe('what was written', () => {
  it('comes back from the log, the items and their history as it was, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(itemEvents, { maxLength: 5 }),
        fc.uniqueArray(customerEvent, { maxLength: 4, selector: (event) => event.id }),
        async (groups, people) => {
          const path = folder();
          const first = open(path);
          const events = fitting(groups);
          await first.append(batch({ events, customerEvents: people }));
          await first.close();
          const store = open(path);
          expect(allFacts(store).map(({ event }) => event)).toEqual([...events, ...people]);
          const last = new Map(events.map((event) => [event.item.id, event.item]));
          for (const [id, item] of last) {
            expect(store.lookUp(id)).toEqual(item);
            const history = store.history(id, null, 100).rows.map(({ event }) => event);
            expect(history).toEqual(events.filter((event) => event.item.id === id).reverse());
          }
          const again = await store.append(batch({ events, customerEvents: people }));
          expect(again.duplicates).toEqual(events.map(({ item }) => item.id));
          expect(allFacts(store)).toHaveLength(events.length + people.length);
          await store.close();
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it('comes back as presence, of items and of tags that are none', async () => {
    const observation: fc.Arbitrary<Observation> = identity.chain(({ id }) =>
      fc.record({
        change: fc.constantFrom<Observation['change']>('glimpsed', 'arrived'),
        id: fc.constant(id),
        hex,
        readPoint: name,
        reader: name,
        antenna: orNull(fc.nat(300)),
        rssi: orNull(decimal),
        at: time,
        firstSeenAt: time,
        lastSeenAt: time,
        reads: fc.nat(),
        elsewhere: fc.constant(null),
        confidence: fc.constant(0),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(observation, { maxLength: 6, selector: ({ id, readPoint }) => `${id} ${readPoint}` }),
        async (seen) => {
          const store = open(folder());
          await store.append(batch({ observations: seen }));
          const wanted = seen.map(({ change, at: _, elsewhere: __, confidence: ___, ...row }) => ({
            ...row,
            state: change === 'arrived' ? 'PRESENT' : 'GLIMPSED',
          }));
          const byKey = (rows: readonly { id: string; readPoint: string }[]) =>
            new Map(rows.map((row) => [JSON.stringify([row.id, row.readPoint]), row]));
          expect(byKey(store.presences())).toEqual(byKey(wanted));
          expect(store.presenceCount()).toBe(seen.length);
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('an identity in two columns', () => {
  it('is put together as it was', () => {
    const any = fc.oneof(
      identity.map(({ id }) => id),
      fc.string(),
    );
    fc.assert(
      fc.property(any, (id) => {
        expect(idFrom(identityOf(id))).toBe(id);
      }),
    );
    expect(identityOf('https://id.gs1.org/01/04710088000019/21/007')).toEqual({ class: 4710088000019, serial: '007' });
    expect(gtinText(4710088000019)).toBe('04710088000019');
    const none = 'https://id.gs1.org/01/00000000000000/21/1';
    expect(identityOf(none)).toEqual({ class: 0, serial: none });
  });

  it('gives the pure identity URI that the standard’s own example has', () => {
    const uri = 'urn:epc:id:sgtin:0614141.812345.6789';
    const example = identityOf('https://id.gs1.org/01/80614141123458/21/6789');
    expect(sgtinUri(example, 7)).toBe(uri);
    expect(prefixDigits(example, uri)).toBe(7);
    expect(prefixDigits(example, 'urn:epc:id:sgtin:0614141.812346.6789')).toBe(0);
  });
});

describe('bytes', () => {
  it('that nothing of ours can have written are damage, and never an endless read', () => {
    const refused = expect.objectContaining({ code: 'STORE_DAMAGED' });
    const from = (...bytes: number[]) => createByteReader(Buffer.from(bytes));
    expect(() => from().count()).toThrow(refused);
    expect(() => from(...Array(12).fill(255)).count()).toThrow(refused);
    expect(() => from(9, 65).text()).toThrow(refused);
    expect(() => from(1, 1, 2).decimal()).toThrow(refused);
    expect(() => from(3, 65).hex()).toThrow(refused);
    expect(() => from(1).end()).toThrow(refused);
  });

  it('grow beyond the first room', () => {
    const out = createByteWriter();
    const long = '長'.repeat(5000);
    out.text(long);
    out.count(2 ** 53 - 1);
    const back = createByteReader(out.written());
    expect([back.text(), back.count()]).toEqual([long, 2 ** 53 - 1]);
    back.end();
  });
});
