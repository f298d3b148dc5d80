import type { Observation, ReadPoint } from '../presence/index.ts';
import { factsOf, isQuiet, movedBack } from './arrival.ts';
import { wordsOfDeparture, wordsOfInput, wordsOfSighting } from './cbv-words.ts';
import { entered, eventOf } from './change.ts';
import type { Item } from './item.ts';
import type { ItemEvent } from './item-event.ts';
import { nextLifecycle } from './lifecycle.ts';
import { isExit, kindOf, type Setup } from './setup.ts';

/** The events of a departure: moved back, departed, or departed and an exit alarm. None where the item was not. */
export function departure(setup: Setup, before: Item | null, gone: Observation): ItemEvent[] {
  if (before === null || !isHere(before, gone)) return [];
  const elsewhere = gone.elsewhere === null ? undefined : setup.readPoints.get(gone.elsewhere);
  if (gone.elsewhere !== null) return elsewhere === undefined ? [] : [returnTo(setup, before, gone, elsewhere)];
  const readPoint = setup.readPoints.get(gone.readPoint);
  return isExit(readPoint) ? leave(setup, before, gone, readPoint) : [fallSilent(setup, before, gone, readPoint)];
}

/** Whether the item is where the tag departed from; one that a business input moved is where its tag was last. */
function isHere(item: Item, gone: Observation): boolean {
  if (item.presence !== 'PRESENT' && item.presence !== 'EXITING') return false;
  return item.readPoint === gone.readPoint || (item.readPoint === null && gone.elsewhere === null);
}

function returnTo(setup: Setup, before: Item, gone: Observation, readPoint: ReadPoint): ItemEvent {
  const after = movedBack(setup, before, readPoint, gone.at);
  const moved = before.location !== after.location;
  return eventOf(setup, before, after, {
    type: moved ? 'item.moved' : 'item.changed',
    input: 'seen',
    at: gone.at,
    announce: moved && !isQuiet(after, readPoint),
    alert: null,
    cause: null,
    source: gone.readPoint,
    words: wordsOfSighting(after, readPoint.locationKind, null),
  });
}

function fallSilent(setup: Setup, before: Item, gone: Observation, readPoint: ReadPoint | undefined): ItemEvent {
  return departed(setup, before, { ...absent(before, gone), absentReason: 'timeout' }, gone, readPoint);
}

function leave(setup: Setup, before: Item, gone: Observation, readPoint: ReadPoint | undefined): ItemEvent[] {
  const left: Item = { ...absent(before, gone), absentReason: 'exit' };
  const marked = left.lifecycle === 'SOLD' ? { ...left, lifecycleReason: 'left' } : left;
  const first = departed(setup, before, marked, gone, readPoint);
  const to = nextLifecycle(before.lifecycle, 'exitUnpaid', factsOf(before, readPoint, gone.confidence));
  if (to === null || gone.at < before.asOf) return [first];
  const stolen = entered(setup, marked, marked, 'exitUnpaid', to, gone.at);
  const alarm = eventOf(setup, marked, stolen, {
    type: 'item.alert',
    input: 'exitUnpaid',
    at: gone.at,
    announce: true,
    alert: 'exit-unpaid',
    cause: null,
    source: gone.readPoint,
    words: wordsOfInput('exitUnpaid', stolen, kindOf(setup, stolen.location)),
  });
  return [first, alarm];
}

function absent(item: Item, gone: Observation): Item {
  return {
    ...item,
    presence: 'ABSENT',
    placeConfidence: gone.confidence,
    reader: gone.reader,
    antenna: gone.antenna,
    rssi: gone.rssi,
    lastSeenAt: Math.max(item.lastSeenAt ?? gone.lastSeenAt, gone.lastSeenAt),
  };
}

function departed(
  setup: Setup,
  before: Item,
  after: Item,
  gone: Observation,
  readPoint: ReadPoint | undefined,
): ItemEvent {
  return eventOf(setup, before, after, {
    type: 'item.departed',
    input: 'seen',
    at: gone.at,
    // What was bought is announced when it leaves, and not on later visits of its owner.
    announce: !isQuiet(before, readPoint),
    alert: null,
    cause: null,
    source: gone.readPoint,
    words: wordsOfDeparture(after, kindOf(setup, after.location)),
  });
}
