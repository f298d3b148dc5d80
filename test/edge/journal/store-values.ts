import type { CustomerEvent } from '../../../src/customers/index.ts';
import type { Item, ItemEvent, StockDelta } from '../../../src/inventory/index.ts';
import type { Batch, Fact, NewMessage, Store } from '../../../src/journal/index.ts';
import type { Observation } from '../../../src/presence/index.ts';

export const gtin = '04710088000019';
export const at = Date.UTC(2026, 10, 21, 9);

export function idOf(serial: number | string): string {
  return `https://id.gs1.org/01/${gtin}/21/${serial}`;
}

export function item(serial: number | string, more: Partial<Item> = {}): Item {
  return {
    id: idOf(serial),
    hex: '30151F7B2000004000000007',
    scheme: 'sgtin-96',
    epcUri: `urn:epc:id:sgtin:4710088.000001.${serial}`,
    gtin,
    presence: 'PRESENT',
    absentReason: null,
    readPoint: 'shelf-1',
    location: 'floor',
    previousLocation: null,
    placeSince: at,
    placeSource: 'sensor',
    placeConfidence: 0.75,
    lifecycle: 'IN_STOCK',
    lifecycleReason: null,
    owner: 'own',
    custody: null,
    condition: 'ok',
    tag: 'encoded',
    bucket: 'on_floor',
    serviceCount: 0,
    reader: 'desk-1',
    antenna: 1,
    rssi: -55.5,
    firstSeenAt: at,
    lastSeenAt: at,
    asOf: at,
    ...more,
  };
}

export function event(id: string, of: Item, more: Partial<ItemEvent> = {}): ItemEvent {
  return {
    id,
    type: 'item.arrived',
    input: 'seen',
    at,
    announce: true,
    alert: null,
    fromLocation: null,
    fromLifecycle: null,
    action: 'OBSERVE',
    bizStep: 'stocking',
    disposition: 'sellable_accessible',
    cause: null,
    item: of,
    stock: [],
    ...more,
  };
}

export function plus(location = 'floor', bucket: StockDelta['bucket'] = 'on_floor', of = gtin): StockDelta {
  return { gtin: of, location, bucket, delta: 1 };
}

export function minus(location = 'floor', bucket: StockDelta['bucket'] = 'on_floor', of = gtin): StockDelta {
  return { gtin: of, location, bucket, delta: -1 };
}

/** An item that arrives on the floor and is counted there. */
export function arrival(serial: number | string, more: Partial<ItemEvent> = {}): ItemEvent {
  return event(`arrival-${serial}`, item(serial), { stock: [plus()], ...more });
}

export function observation(serial: number | string, more: Partial<Observation> = {}): Observation {
  return {
    change: 'arrived',
    id: idOf(serial),
    hex: '30151F7B2000004000000007',
    readPoint: 'shelf-1',
    reader: 'desk-1',
    antenna: 1,
    rssi: -55.5,
    at,
    firstSeenAt: at,
    lastSeenAt: at,
    reads: 3,
    elsewhere: null,
    confidence: 0.75,
    ...more,
  };
}

export function customerEvent(id: string, customer: string): CustomerEvent {
  return { id, type: 'customer.identified', customer, at, readPoint: 'desk', location: 'floor', reader: 'desk-1' };
}

export function batch(more: Partial<Batch>): Batch {
  return { observations: [], events: [], customerEvents: [], ...more };
}

export const anyStock = { gtin: null, sku: null, locations: null, bucket: null, q: null, cursor: null, limit: 100 };
export const anyItem = { gtin: null, locations: null, lifecycle: null, cursor: null, limit: 100 };

/** Tells destinations what the log has for them, as a follower does. */
export async function tell(store: Store, ...destinations: readonly string[]): Promise<void> {
  for (const follower of destinations) {
    const facts = store.facts(store.cursors.get(follower) ?? 0, 1_000);
    const last = facts.at(-1);
    if (last !== undefined) await store.outbox.tell(follower, facts.map(messageOf), { follower, seq: last.seq });
  }
}

export function messageOf({ seq, kind, event }: Fact): NewMessage {
  const [lane, customer] = kind === 'item' ? [event.item.id, null] : [event.customer, event.customer];
  const data = JSON.stringify({ eventID: event.id, lane });
  return { fact: seq, eventId: event.id, type: event.type, lane, at: event.at, customer, data };
}
