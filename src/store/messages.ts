import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import type { Describe, Site } from './store.ts';
import type { Product } from './types.ts';

/** The site and its way of putting events into EPCIS words. */
export type Teller = { readonly describe: Describe; readonly site: Site };

/**
 * What a destination is told of an item event, as JSON text. Frozen at commit: a later change of the product's name or of
 * this program never changes what an id stands for. Names no person.
 */
export function itemMessage(event: ItemEvent, product: Product | null, teller: Teller): string {
  const { item } = event;
  return JSON.stringify({
    epcis: teller.describe.item(event, teller.site),
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

/** The same for a customer event: the person is only ever the CRM's own reference. */
export function customerMessage(event: CustomerEvent, teller: Teller): string {
  return JSON.stringify({
    epcis: teller.describe.customer(event, teller.site),
    item: null,
    customer: {
      id: event.customer,
      location: event.location,
      readPoint: event.readPoint,
      reader: event.reader,
    },
  });
}
