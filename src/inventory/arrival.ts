import type { Observation, ReadPoint } from '../presence/index.ts';
import { type CbvWords, wordsOfInput, wordsOfSighting } from './cbv-words.ts';
import { entered, eventOf, ignoredEvent, placeAt, placed } from './change.ts';
import type { Item, Lifecycle } from './item.ts';
import type { ItemEvent, ItemEventType } from './item-event.ts';
import { type LifecycleFacts, nextLifecycle } from './lifecycle.ts';
import { epcOfId, newItem } from './new-item.ts';
import { isAdopted, isExit, keepsStock, type Setup } from './setup.ts';

/** Acts that a read point's business step stands for; any other step only names what happens there. */
const actByStep: Readonly<Record<string, string>> = {
  receiving: 'receive',
  commissioning: 'commission',
  retail_selling: 'sell',
  shipping: 'ship',
};

/** Lifecycles that may pass an exit; what was never registered is not ours to keep in. */
const mayLeave: ReadonlySet<Lifecycle> = new Set(['UNREGISTERED', 'SOLD', 'WITH_HOLDER', 'OUTBOUND']);

/** The events of one confirmed arrival: at most one, and none at a read point that is not configured. */
export function arrival(setup: Setup, before: Item | null, seen: Observation): ItemEvent[] {
  const readPoint = setup.readPoints.get(seen.readPoint);
  if (readPoint === undefined) return [];
  if (before === null) return [firstArrival(setup, seen, readPoint)];
  const source = readPoint.id;
  if (isStale(before, seen)) return [ignoredEvent(setup, before, { input: 'seen', at: seen.at, cause: null, source })];
  if (nextLifecycle(before.lifecycle, 'seen', factsOf(before, readPoint)) === null)
    return [refusedRead(setup, before, seen, 'retired-read')];
  return [knownArrival(setup, before, seen, readPoint)];
}

function firstArrival(setup: Setup, seen: Observation, readPoint: ReadPoint): ItemEvent {
  const fresh = newItem(seen.id, seen.hex, epcOfId(setup.tags, seen.id, seen.hex), seen.at);
  const input = firstInput(setup, fresh.gtin, readPoint);
  const lifecycle = nextLifecycle(null, input, factsOf(fresh, readPoint)) ?? 'UNREGISTERED';
  const after = sighted(setup, entered(setup, null, fresh, input, lifecycle, seen.at), seen, readPoint);
  const alarm = lifecycle === 'UNREGISTERED' && after.gtin !== null && setup.options.isOwn(after.gtin);
  const quiet = !alarm && isQuiet(after, readPoint);
  return eventOf(setup, null, after, {
    type: alarm ? 'item.alert' : quiet ? 'item.changed' : 'item.arrived',
    input,
    at: seen.at,
    announce: !quiet,
    alert: alarm ? 'unregistered-own' : null,
    cause: null,
    source: readPoint.id,
    words: wordsOf(after, input, readPoint),
  });
}

function knownArrival(setup: Setup, before: Item, seen: Observation, readPoint: ReadPoint): ItemEvent {
  const facts = factsOf(before, readPoint);
  const input = knownInput(setup, before, readPoint, facts);
  const refused = readPoint.bizStep === 'retail_selling' && readPoint.kind === 'point-of-sale' && input === 'seen';
  const to = nextLifecycle(before.lifecycle, input, facts) ?? before.lifecycle;
  const after = sighted(setup, entered(setup, before, before, input, to, seen.at), seen, readPoint);
  const alert = alertOf(before, readPoint, refused);
  const type = typeOf(before, after, alert);
  return eventOf(setup, before, after, {
    type,
    input,
    at: seen.at,
    announce: to !== before.lifecycle || (type !== 'item.changed' && !isQuiet(after, readPoint)),
    alert,
    cause: null,
    source: readPoint.id,
    words: wordsOf(after, input, readPoint),
  });
}

/** A read that the table has no row for (a retired item): told, not applied. */
function refusedRead(setup: Setup, item: Item, seen: Observation, alert: string): ItemEvent {
  return eventOf(setup, item, item, {
    type: 'item.alert',
    input: 'seen',
    at: seen.at,
    announce: true,
    alert,
    cause: null,
    source: seen.readPoint,
    words: { action: 'OBSERVE', bizStep: 'inspecting', disposition: 'unknown' },
  });
}

/** What a guard may ask of a sighting. */
export function factsOf(item: Item, readPoint: ReadPoint | undefined, confidence = 0): LifecycleFacts {
  return {
    owner: item.owner,
    reason: item.lifecycleReason,
    confidence,
    counts: 0,
    atDock: readPoint?.bizStep === 'receiving',
    atExit: isExit(readPoint),
  };
}

function firstInput(setup: Setup, gtin: string | null, readPoint: ReadPoint): string {
  const act = actByStep[readPoint.bizStep ?? ''];
  if (act === 'receive' || act === 'commission') return act;
  return isAdopted(setup, gtin, readPoint) ? 'commission' : 'read';
}

function knownInput(setup: Setup, item: Item, readPoint: ReadPoint, facts: LifecycleFacts): string {
  const act = actByStep[readPoint.bizStep ?? ''];
  const allowed = act !== undefined && (act !== 'sell' || maySell(setup, item, readPoint));
  if (allowed && nextLifecycle(item.lifecycle, act, facts) !== null) return act;
  if (item.lifecycle === 'UNREGISTERED' && isAdopted(setup, item.gtin, readPoint)) return 'commission';
  return 'seen';
}

/** A till sells what it reads, but not what a customer wears: of strangers' things only an entered product is ours to sell. */
function maySell(setup: Setup, item: Item, readPoint: ReadPoint): boolean {
  if (readPoint.kind !== 'point-of-sale') return false;
  return item.lifecycle !== 'UNREGISTERED' || (item.gtin !== null && setup.options.isOwn(item.gtin));
}

/** Older than what is known of the item, newer reads elsewhere, or a replay of the stay that ended last. */
function isStale(item: Item, seen: Observation): boolean {
  if (seen.elsewhere !== null || seen.lastSeenAt < Math.max(item.asOf, item.placeSince ?? item.asOf)) return true;
  const ended = item.presence === 'ABSENT' && item.readPoint === seen.readPoint;
  return ended && item.lastSeenAt !== null && seen.lastSeenAt <= item.lastSeenAt;
}

/** What being read here makes of an item: ours that may not pass an exit is on its way out there. */
function presenceAt(item: Item, readPoint: ReadPoint): Item['presence'] {
  return isExit(readPoint) && item.owner === 'own' && !mayLeave.has(item.lifecycle) ? 'EXITING' : 'PRESENT';
}

/** The item as present at a read point: place, presence and last read follow the observation. */
function sighted(setup: Setup, item: Item, seen: Observation, readPoint: ReadPoint): Item {
  return {
    ...placed(setup, item, placeAt(readPoint, seen.at, seen.confidence)),
    hex: seen.hex,
    presence: presenceAt(item, readPoint),
    absentReason: null,
    reader: seen.reader,
    antenna: seen.antenna,
    rssi: seen.rssi,
    firstSeenAt: item.firstSeenAt ?? seen.firstSeenAt,
    lastSeenAt: Math.max(item.lastSeenAt ?? seen.lastSeenAt, seen.lastSeenAt),
  };
}

/** Where to an item moves back when another read point has read it since; its last read there is not known here. */
export function movedBack(setup: Setup, item: Item, readPoint: ReadPoint, at: number): Item {
  const place = placed(setup, item, placeAt(readPoint, at, null));
  return {
    ...place,
    presence: presenceAt(item, readPoint),
    absentReason: null,
    reader: null,
    antenna: null,
    rssi: null,
  };
}

function wordsOf(item: Item, input: string, readPoint: ReadPoint): CbvWords {
  const step = readPoint.bizStep;
  const acts = step !== null && actByStep[step] !== undefined;
  // Adopting what is on a shelf gives nothing an identity: that word is kept for where tags are commissioned.
  const adopted = input === 'commission' && step !== 'commissioning';
  if (input === 'seen' || input === 'read' || adopted)
    return wordsOfSighting(item, readPoint.locationKind, acts ? null : step);
  return wordsOfInput(input, item, readPoint.locationKind);
}

/** Strangers that pass, and what a customer bought and carries in again, are nobody's business outside this log. */
export function isQuiet(item: Item, readPoint: ReadPoint | undefined): boolean {
  if (item.lifecycle === 'SOLD') return item.lifecycleReason === 'left';
  if (item.lifecycle !== 'UNREGISTERED') return false;
  return item.gtin !== null || readPoint === undefined || !keepsStock(readPoint);
}

function alertOf(before: Item, readPoint: ReadPoint, sellRefused: boolean): string | null {
  if (sellRefused && before.lifecycle === 'HELD') return 'sale-refused';
  const back = before.lifecycle === 'SOLD' && before.lifecycleReason === 'left' && before.presence === 'ABSENT';
  return back && !isExit(readPoint) ? 'possible-return' : null;
}

/** The strongest meaning of an arrival. */
function typeOf(before: Item, after: Item, alert: string | null): ItemEventType {
  if (alert === 'sale-refused') return 'item.alert';
  if (alert === 'possible-return') return 'item.changed';
  if (after.lifecycle === 'SOLD' && before.lifecycle !== 'SOLD') return 'item.sold';
  if (before.presence === 'ABSENT' && before.absentReason === 'exit') return 'item.returned';
  if (before.presence !== 'PRESENT' && before.presence !== 'EXITING') return 'item.arrived';
  return before.location === after.location ? 'item.changed' : 'item.moved';
}
