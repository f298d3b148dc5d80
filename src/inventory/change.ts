import type { ReadPoint } from '../presence/index.ts';
import type { CbvWords } from './cbv-words.ts';
import type { Item, Lifecycle } from './item.ts';
import type { ItemEvent, ItemEventType, StockDelta } from './item-event.ts';
import { bucketOf } from './lifecycle.ts';
import { kindOf, type Setup } from './setup.ts';

/** What an event says beside the item before and after. */
export type EventContext = {
  readonly type: ItemEventType;
  readonly input: string;
  readonly at: number;
  readonly announce: boolean;
  readonly alert: string | null;
  readonly cause: string | null;
  /** The read point or place that spoke: two ignored reads at two places are two events. */
  readonly source: string | null;
  readonly words: CbvWords;
};

/** A place the item is at from `at` on. */
export type PlaceChange = {
  readonly readPoint: string | null;
  readonly location: string;
  readonly at: number;
  readonly source: 'sensor' | 'business';
  readonly confidence: number | null;
};

/** The item at another place (or the same one, by another read point); the bucket follows. */
export function placed(setup: Setup, item: Item, place: PlaceChange): Item {
  const moved = item.location !== place.location;
  return counted(setup, {
    ...item,
    readPoint: place.readPoint,
    location: place.location,
    previousLocation: moved ? item.location : item.previousLocation,
    placeSince: moved ? Math.max(place.at, item.placeSince ?? place.at) : item.placeSince,
    placeSource: place.source,
    placeConfidence: place.confidence,
  });
}

const ownerBy: Readonly<Record<string, Item['owner']>> = {
  sell: 'customer',
  handover: 'customer',
  asn: 'own',
  encode: 'own',
  commission: 'own',
  receive: 'own',
  return: 'own',
  voidSale: 'own',
  checkin: 'own',
};

/** Flags for the unusual ways through the table; a hold's own reason is given by the caller. */
function reasonOf(setup: Setup, item: Item, from: Lifecycle | null, input: string): string | null {
  if (input === 'receive' && (from === null || from === 'UNREGISTERED')) return unannounced(setup, item);
  if (input === 'asnClose') return 'short_delivery';
  if (input === 'return') return 'return_inspection';
  if (input === 'sell' && from === 'EXPECTED') return 'sold_before_received';
  if (input === 'sell' && from === 'UNREGISTERED') return 'sold_unregistered';
  if (input === 'seen' && (from === 'STOLEN' || from === 'LOST')) return 'found';
  return null;
}

/** Another piece of this product was announced, not this one. A store that is sent no delivery notes has nothing to compare with. */
function unannounced(setup: Setup, { gtin }: Item): string | null {
  return gtin !== null && setup.options.isAwaited(gtin) ? 'mismatch_instance' : null;
}

/** The item after an input led it to a lifecycle: owner, flags, use count and bucket follow. `at` is epoch ms. */
export function entered(setup: Setup, before: Item | null, item: Item, input: string, to: Lifecycle, at: number): Item {
  const from = before?.lifecycle ?? null;
  if (from === to) return item;
  return counted(setup, {
    ...item,
    lifecycle: to,
    lifecycleReason: reasonOf(setup, item, from, input),
    owner: ownerBy[input] ?? item.owner,
    custody: input === 'checkin' || input === 'serviceOut' ? null : item.custody,
    serviceCount: input === 'serviceIn' ? item.serviceCount + 1 : item.serviceCount,
    asOf: before === null ? at : Math.max(item.asOf, at),
  });
}

/** The same item with the bucket that its lifecycle, owner and place give it. */
export function counted(setup: Setup, item: Item): Item {
  return { ...item, bucket: bucketOf(item, kindOf(setup, item.location)) };
}

/** The event of a change. `before` is null for an item that was not known. */
export function eventOf(setup: Setup, before: Item | null, after: Item, told: EventContext): ItemEvent {
  const { type, input, at, announce, alert, cause, source, words } = told;
  const id = setup.options.contentId([
    after.id,
    type,
    input,
    at,
    source,
    cause,
    alert,
    before?.location ?? null,
    after.location,
    before?.lifecycle ?? null,
    after.lifecycle,
    before?.presence ?? null,
    before?.placeSince ?? null,
    before?.asOf ?? null,
  ]);
  return {
    id,
    type,
    input,
    at,
    announce,
    alert,
    fromLocation: before?.location ?? null,
    fromLifecycle: before?.lifecycle ?? null,
    action: words.action,
    bizStep: words.bizStep,
    disposition: words.disposition,
    cause,
    item: after,
    stock: deltasOf(before, after),
  };
}

/** The stock lines between two states of one item: −1 where it was counted, +1 where it is counted now. */
export function deltasOf(before: Item | null, after: Item): StockDelta[] {
  if (before?.bucket === after.bucket && before?.location === after.location) return [];
  const deltas: StockDelta[] = [];
  for (const [item, delta] of [[before, -1] as const, [after, 1] as const]) {
    if (item === null || item.bucket === null || item.gtin === null || item.location === null) continue;
    deltas.push({ gtin: item.gtin, location: item.location, bucket: item.bucket, delta });
  }
  return deltas;
}

/** An input that is too old to be applied: logged, the item unchanged. */
export function ignoredEvent(
  setup: Setup,
  item: Item,
  told: Pick<EventContext, 'input' | 'at' | 'cause' | 'source'>,
): ItemEvent {
  const words: CbvWords = { action: 'OBSERVE', bizStep: null, disposition: null };
  return eventOf(setup, item, item, { ...told, type: 'item.ignored', announce: false, alert: null, words });
}

/** The place change that a read point stands for. */
export function placeAt(readPoint: ReadPoint, at: number, confidence: number | null): PlaceChange {
  return { readPoint: readPoint.id, location: readPoint.location, at, source: 'sensor', confidence };
}
