import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHashIndex } from '../../../src/inventory/hash-index.ts';
import { buckets, createItemMemory, type Item, type ItemMemory, lifecycles } from '../../../src/inventory/index.ts';
import { newItem } from '../../../src/inventory/new-item.ts';
import { createTagCodec, identityOf, standardTags } from '../../../src/tags/index.ts';
import { hex, id, start } from './fixtures.ts';

const prefixed = createTagCodec({ companyPrefixes: { size: 1, lengthOf: () => 7 } });

function hexDigits(min: number, max: number) {
  return fc
    .array(fc.constantFrom(...'0123456789ABCDEF'), { minLength: min, maxLength: max })
    .map((digits) => digits.join(''));
}

const sgtins = fc.nat(0xffff).map((serial) => `3034257BF7194E40${serial.toString(16).toUpperCase().padStart(8, '0')}`);

/** Hex with the identity that follows from it, and identities that follow from none. */
const identities = fc.oneof(
  sgtins.map((read) => {
    const { epc } = identityOf(read);
    return { id: epc.id, hex: read, scheme: epc.scheme, epcUri: epc.epcUri, gtin: epc.gtin };
  }),
  hexDigits(1, 70).map((read) => {
    const { epc } = identityOf(read);
    return { id: epc.id, hex: read, scheme: epc.scheme, epcUri: epc.epcUri, gtin: epc.gtin };
  }),
  fc.tuple(fc.constantFrom('uid', 'tid'), hexDigits(8, 24)).map(([type, read]) => ({
    id: `urn:silentgate:${type}:${read}`,
    hex: read,
    scheme: 'raw',
    epcUri: null,
    gtin: null,
  })),
  fc.record({
    id: fc.nat(200).map((serial) => `https://id.gs1.org/01/04710088000019/21/${serial}`),
    hex: fc.oneof(fc.constant(''), sgtins, fc.constant('not hex')),
    scheme: fc.constantFrom('sgtin', 'sgtin-96'),
    epcUri: fc.option(fc.string()),
    gtin: fc.constantFrom('04710088000019', null),
  }),
);

const names = fc.option(fc.string({ maxLength: 12 }));
const times = fc.option(fc.integer({ min: 0, max: 4_102_444_800_000 }));

const items: fc.Arbitrary<Item> = fc
  .record({
    identity: identities,
    presence: fc.constantFrom('UNSEEN', 'PRESENT', 'EXITING', 'ABSENT', 'GONE'),
    absentReason: fc.constantFrom('timeout', 'exit', null),
    readPoint: names,
    location: names,
    previousLocation: names,
    placeSince: times,
    placeSource: fc.constantFrom('sensor', 'inferred', 'business', null),
    placeConfidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    lifecycle: fc.constantFrom(...lifecycles),
    lifecycleReason: names,
    owner: fc.constantFrom('own', 'customer', 'vendor'),
    custody: fc.option(fc.record({ party: fc.string(), since: fc.nat(), due: times })),
    condition: fc.constantFrom('ok', 'alert', 'hold'),
    tag: fc.constantFrom('blank', 'encoded', 'verified', 'locked', 'killed'),
    bucket: fc.option(fc.constantFrom(...buckets)),
    serviceCount: fc.oneof(fc.nat(300), fc.constantFrom(65_535, 65_536, 1e9)),
    reader: names,
    antenna: fc.option(fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constantFrom(0, 65_536))),
    rssi: fc.option(fc.oneof(fc.double({ min: -100, max: 0, noNaN: true }), fc.constant(-58.35))),
    firstSeenAt: times,
    lastSeenAt: times,
    asOf: fc.nat(),
  })
  .map(({ identity, ...axes }) => ({ ...newItem(identity.id, identity.hex, null, 0), ...identity, ...axes }) as Item);

type Step = { readonly put: Item } | { readonly forget: number } | { readonly touch: number; readonly at: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ put: items }) },
  { weight: 2, arbitrary: fc.record({ forget: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ touch: fc.nat(), at: fc.nat() }) },
);

/** The same steps on a map. */
function createModel() {
  const items = new Map<string, Item>();
  const ever = new Set<string>();
  const pick = (n: number) => [...ever][n % Math.max(1, ever.size)] ?? 'none';
  const put = (item: Item, memory: ItemMemory) => {
    memory.put(item);
    items.set(item.id, item);
    ever.add(item.id);
  };
  const touch = (id: string, at: number, memory: ItemMemory) => {
    memory.touch(id, at);
    const item = items.get(id);
    if (item !== undefined && (item.lastSeenAt ?? -1) < at) items.set(id, { ...item, lastSeenAt: at });
  };
  const apply = (step: Step, memory: ItemMemory) => {
    if ('put' in step) put(step.put, memory);
    else if ('touch' in step) touch(pick(step.touch), step.at, memory);
    else {
      memory.forget(pick(step.forget));
      items.delete(pick(step.forget));
    }
  };
  return { items, ever, apply };
}

describe('items in memory', () => {
  it.each([
    ['the standard codec', standardTags],
    ['a codec with company prefixes', prefixed],
  ])('come out as they were put, whatever is put, changed, touched and forgotten, with %s', (_, codec) => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 120 }), fc.nat(), (list, seed) => {
        const memory = createItemMemory(codec, seed);
        const model = createModel();
        for (const step of list) model.apply(step, memory);
        expect(memory.size()).toBe(model.items.size);
        for (const of of model.ever) expect(memory.lookUp(of)).toEqual(model.items.get(of) ?? null);
        for (const of of model.ever) expect(memory.has(of)).toBe(model.items.has(of));
      }),
      { numRuns: 150 },
    );
  });

  it('keep the order of the members of Item, so that all have one shape', () => {
    const memory = createItemMemory(standardTags, 1);
    const item = newItem(id, hex, identityOf(hex).epc, start);
    memory.put(item);
    expect(Object.keys(memory.lookUp(id) ?? {})).toEqual(Object.keys(item));
  });

  it('hold on to the identity when the tag is read with another content of the same identity', () => {
    const memory = createItemMemory(standardTags, 1);
    const item = newItem(id, hex, identityOf(hex).epc, start);
    memory.put(item);
    const other = `${hex.slice(0, 2)}1${hex.slice(3)}`;
    memory.put({ ...item, hex: other });
    expect(memory.lookUp(id)).toEqual({ ...item, hex: other });
    memory.put(item);
    expect(memory.lookUp(id)).toEqual(item);
    expect(memory.size()).toBe(1);
  });

  it('are found by the ten thousand after growth over several segments, and gone when they were forgotten', () => {
    const memory = createItemMemory(standardTags, 7);
    const made = Array.from({ length: 40_000 }, (_, n) => {
      const read = `3034257BF7194E40${n.toString(16).toUpperCase().padStart(8, '0')}`;
      return newItem(identityOf(read).epc.id, read, identityOf(read).epc, start + n);
    });
    for (const item of made) memory.put(item);
    expect(memory.size()).toBe(40_000);
    for (const [n, item] of made.entries()) if (n % 3 === 0) memory.forget(item.id);
    const wrong = made.filter((item, n) => memory.lookUp(item.id)?.asOf !== (n % 3 === 0 ? undefined : item.asOf));
    expect(wrong).toEqual([]);
  });
});

describe('the index by hash', () => {
  it('finds each row among others of its hash, and the ones behind it when one goes', () => {
    const index = createHashIndex();
    // Equal hashes and neighbours: the longest chains there are.
    const rows = Array.from({ length: 400 }, (_, row) => ({ row, hash: row % 7 }));
    for (const { row, hash } of rows) index.add(hash, row);
    for (const { row, hash } of rows) if (row % 3 === 0) index.remove(hash, row);
    const found = rows.map(({ row, hash }) => index.find(hash, (candidate) => candidate === row));
    expect(found).toEqual(rows.map(({ row }) => (row % 3 === 0 ? -1 : row)));
  });

  it('lets go of nothing when a row that it does not hold is removed', () => {
    const index = createHashIndex();
    index.add(5, 1);
    index.remove(5, 2);
    expect(index.find(5, () => true)).toBe(1);
  });
});
