import { customerToEpcis, type Site, toEpcis } from '../../epcis/index.ts';
import type { Fact, NewMessage, Product } from '../../journal/index.ts';

type ItemEvent = Extract<Fact, { kind: 'item' }>['event'];
type CustomerEvent = Extract<Fact, { kind: 'customer' }>['event'];

export type Composer = {
  readonly site: Site;
  /** The product of a GTIN as it is now, or null. */
  product(gtin: string): Product | null;
};

/** Type of the event, and whether destinations are to hear of it at all. */
export function headOf({ kind, event }: Fact): { readonly type: string; readonly announce: boolean } {
  return { type: event.type, announce: kind === 'customer' || event.announce };
}

/** What a destination hears of a fact, in the words and with the product's names of this moment. */
export function compose(fact: Fact, { site, product }: Composer): NewMessage {
  const { seq, event } = fact;
  const head = { fact: seq, eventId: event.id, type: event.type, at: event.at };
  if (fact.kind === 'customer') {
    const { customer } = fact.event;
    return { ...head, lane: customer, customer, data: customerText(fact.event, site) };
  }
  const { id, gtin } = fact.event.item;
  const named = gtin === null ? null : product(gtin);
  return { ...head, lane: id, customer: null, data: itemText(fact.event, named, site) };
}

/** Names no person. */
function itemText(event: ItemEvent, product: Product | null, site: Site): string {
  const { item } = event;
  return JSON.stringify({
    epcis: toEpcis(event, site),
    item: {
      id: item.id,
      epcUri: item.epcUri,
      hex: item.hex,
      gtin: item.gtin,
      sku: product?.sku ?? null,
      name: product?.name ?? null,
      location: item.location,
      lifecycle: item.lifecycle,
      previousLocation: item.previousLocation,
      previousLifecycle: event.fromLifecycle,
      presence: item.presence,
      readPoint: item.readPoint,
      bucket: item.bucket,
      alert: event.alert,
      reader: item.reader,
      antenna: item.antenna,
      rssi: item.rssi,
      firstSeenAt: item.firstSeenAt,
      lastSeenAt: item.lastSeenAt,
    },
    customer: null,
  });
}

/** The person is only ever the CRM's own reference. */
function customerText(event: CustomerEvent, site: Site): string {
  return JSON.stringify({
    epcis: customerToEpcis(event, site),
    item: null,
    customer: {
      id: event.customer,
      location: event.location,
      readPoint: event.readPoint,
      reader: event.reader,
    },
  });
}
