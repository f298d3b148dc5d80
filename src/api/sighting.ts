import type { Sighting } from '../contract/index.ts';
import type { Item } from '../inventory/index.ts';
import type { LastSeen } from '../presence/index.ts';
import type { ApiDeps } from './deps.ts';

/** Newest events of an item in which its last read is looked for. */
const eventsLookedAt = 20;

/**
 * Where the newest read of an item was made, which need not be where it is believed to be: a business input may have moved
 * it, or a read elsewhere was too weak to. `seen` is what memory holds of it; after a departure the log tells. Null when it
 * was never read.
 */
export function sightingOf(
  deps: Pick<ApiDeps, 'store' | 'readPoints'>,
  item: Item,
  seen: LastSeen | null,
): Sighting | null {
  const locationOf = (id: string | null) => deps.readPoints.find((point) => point.id === id)?.location ?? null;
  if (seen !== null && seen.at >= (item.lastSeenAt ?? 0)) {
    const { at, readPoint, reader, antenna, rssi } = seen;
    return { at, readPoint, location: locationOf(readPoint), reader, antenna, rssi };
  }
  if (item.lastSeenAt === null) return null;
  const left = lastDeparture(deps.store, item.id, item.lastSeenAt);
  const { readPoint = null, reader = null, antenna = null, rssi = null } = left ?? {};
  return { at: item.lastSeenAt, readPoint, location: locationOf(readPoint), reader, antenna, rssi };
}

/** The item as it was when it departed after its last read; a departure's time is that of the last read there. */
function lastDeparture(store: ApiDeps['store'], id: string, at: number): Item | null {
  const { rows } = store.history(id, null, eventsLookedAt);
  return rows.find(({ event }) => event.type === 'item.departed' && event.at === at)?.event.item ?? null;
}
