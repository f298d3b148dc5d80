import {
  createInventory,
  type InputResult,
  type InventoryOptions,
  type Item,
  type ItemEvent,
  type ItemInput,
} from '../../../src/inventory/index.ts';
import { contentId } from '../../../src/kit/index.ts';
import type { LocationKind, Observation, ReadPoint, ReadPointKind } from '../../../src/presence/index.ts';
import { identityOf } from '../../../src/tags/index.ts';

export const start = Date.parse('2026-11-21T09:00:00Z');
/** An SGTIN-96 as a reader reported it. */
export const hex = '3034257BF7194E4000001A85';
export const id = identityOf(hex).epc.id;
export const gtin = identityOf(hex).epc.gtin ?? '';
/** Something without a GTIN. */
export const rawHex = 'E28011606000020934D6FAF7';

function readPoint(
  name: string,
  location: string,
  locationKind: LocationKind,
  kind: ReadPointKind,
  bizStep?: string,
): ReadPoint {
  return { id: name, location, locationKind, kind, bizStep: bizStep ?? null, minRssi: null, departAfterMs: null };
}

export const readPoints = [
  readPoint('dock-in', 'back', 'back-room', 'portal', 'receiving'),
  readPoint('dock-out', 'ramp', 'shipping', 'portal', 'shipping'),
  readPoint('store-1', 'back', 'back-room', 'shelf'),
  readPoint('shelf-1', 'floor', 'sales-floor', 'shelf'),
  readPoint('shelf-2', 'floor', 'sales-floor', 'shelf'),
  readPoint('fit-1', 'fitting', 'fitting-room', 'fitting-room'),
  readPoint('pos-1', 'till', 'point-of-sale', 'point-of-sale', 'retail_selling'),
  readPoint('pos-2', 'till', 'point-of-sale', 'point-of-sale'),
  readPoint('exit-1', 'door', 'exit', 'exit'),
  readPoint('printer', 'back', 'back-room', 'desk', 'commissioning'),
];

export const locations = [
  ...new Map(readPoints.map((r) => [r.location, { id: r.location, kind: r.locationKind }])).values(),
];

/** An inventory with its items in a map, as the store would keep them, and everything that happened. */
export type World = {
  readonly items: Map<string, Item>;
  readonly log: ItemEvent[];
  observe(...observations: Observation[]): ItemEvent[];
  input(input: string, at: number, more?: Partial<ItemInput>): InputResult;
  item(): Item;
};

export function world(options: Partial<InventoryOptions> = {}): World {
  const items = new Map<string, Item>();
  const isAwaited = (of: string) =>
    [...items.values()].some(({ gtin, bucket }) => gtin === of && bucket === 'expected');
  const inventory = createInventory({
    readPoints,
    locations,
    adopt: 'all',
    isOwn: () => false,
    isAwaited,
    contentId,
    ...options,
  });
  const log: ItemEvent[] = [];
  const lookUp = (key: string) => items.get(key) ?? null;
  const keep = (events: readonly ItemEvent[]) => {
    for (const event of events) items.set(event.item.id, event.item);
    log.push(...events);
  };
  return {
    items,
    log,
    observe: (...observations) => {
      const events = inventory.apply(observations, lookUp);
      keep(events);
      return events;
    },
    input: (input, at, more = {}) => {
      const given = { id: `i${log.length}-${input}`, input, item: id, hex: null, at: start + at, location: null };
      const result = inventory.input({ ...given, reason: null, party: null, ...more }, lookUp);
      if (result.ok) keep(result.events);
      return result;
    },
    item: () => {
      const item = items.get(id);
      if (item === undefined) throw new Error('there is no item');
      return item;
    },
  };
}

/** An arrival at `at` ms after start, confirmed 400 ms later. */
export function arrived(place: string, at: number, more: Partial<Observation> = {}): Observation {
  return {
    change: 'arrived',
    id,
    hex,
    readPoint: place,
    reader: 'r1',
    antenna: 1,
    rssi: -50,
    at: start + at,
    firstSeenAt: start + at,
    lastSeenAt: start + at + 400,
    reads: 2,
    elsewhere: null,
    confidence: 1,
    ...more,
  };
}

/** A departure whose last read was at `at` ms after start. */
export function departed(place: string, at: number, more: Partial<Observation> = {}): Observation {
  return arrived(place, at, { change: 'departed', lastSeenAt: start + at, ...more });
}

/** Stock as the sum of all deltas, without the zeros. */
export function stockOf(log: readonly ItemEvent[]): Record<string, number> {
  const stock = new Map<string, number>();
  for (const { location, bucket, delta } of log.flatMap((event) => event.stock)) {
    stock.set(`${location} ${bucket}`, (stock.get(`${location} ${bucket}`) ?? 0) + delta);
  }
  return Object.fromEntries([...stock].filter(([, quantity]) => quantity !== 0).sort());
}

/** Stock counted anew from the items, without using what they say of their bucket's line. */
export function recount(items: Iterable<Item>): Record<string, number> {
  const stock = new Map<string, number>();
  for (const { location, bucket } of items) {
    if (bucket !== null) stock.set(`${location} ${bucket}`, (stock.get(`${location} ${bucket}`) ?? 0) + 1);
  }
  return Object.fromEntries([...stock].sort());
}

export const types = (events: readonly ItemEvent[]) => events.map((e) => `${e.type}${e.announce ? '' : ' (quiet)'}`);
