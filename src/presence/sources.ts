import { type Confirmation, confirmationOf, departMsOf } from './policy.ts';
import type { ReadPoint } from './read-point.ts';
import { createRhythm, type Rhythm } from './rhythm.ts';

/** A read point as the hot path needs it. */
export type Place = {
  readonly id: string;
  /** dBm; -Infinity = no floor. */
  readonly minRssi: number;
  readonly confirm: Confirmation;
  readonly departMs: number;
  readonly isExit: boolean;
  /** By reader; filled as they are met. */
  readonly rhythms: Map<string, Rhythm>;
  /** Tags that count as present here and at no place that read them later. */
  present: number;
};

/** What a reader is known for. Times on the gateway's line. */
export type Listener = {
  readonly id: string;
  /** Its link is lost: what it does not read is not silence. */
  isDown: boolean;
  /** When some of its reads were refused for want of room; they come again, so until then its silence says nothing. */
  refusedAt: number | null;
  /** When it was heard again after it could not be heard. */
  heardAgainAt: number;
  /** By antenna, 0 = none named: its source, and for which message that was looked up. */
  readonly current: (Source | null)[];
  readonly lookedUp: number[];
  readonly sources: Source[];
};

/** An antenna of a reader at a read point. */
export type Source = {
  readonly index: number;
  readonly listener: Listener;
  /** 0 = none named. */
  readonly antenna: number;
  readonly place: Place;
  readonly rhythm: Rhythm;
  /** Repeats of this message that are not counted yet. */
  repeats: number;
};

type ReadPointOf = (reader: string, antenna: number | null) => string | null;

/** All places, readers and sources that were ever met. */
export type Sources = {
  readonly places: ReadonlyMap<string, Place>;
  readonly lost: Map<string, Place>;
  readonly listeners: Map<string, Listener>;
  readonly list: Source[];
  readonly readPointOf: ReadPointOf;
};

/** As many as a record can name. */
const mostSources = 65_535;

export function createSources(readPoints: readonly ReadPoint[], readPointOf: ReadPointOf): Sources {
  const places = new Map(readPoints.map((readPoint) => [readPoint.id, placeOf(readPoint)]));
  return { places, lost: new Map(), listeners: new Map(), list: [], readPointOf };
}

export function listenerOf({ listeners }: Sources, id: string): Listener {
  const known = listeners.get(id);
  if (known !== undefined) return known;
  const listener: Listener = {
    id,
    isDown: false,
    refusedAt: null,
    heardAgainAt: Number.NEGATIVE_INFINITY,
    current: [],
    lookedUp: [],
    sources: [],
  };
  listeners.set(id, listener);
  return listener;
}

/** The source of an antenna (0 = none named) where it reads now, or null; `message` numbers the messages: it is asked once for each. */
export function sourceNow(sources: Sources, listener: Listener, antenna: number, message: number): Source | null {
  if (listener.lookedUp[antenna] === message) return listener.current[antenna] ?? null;
  const id = sources.readPointOf(listener.id, antenna === 0 ? null : antenna);
  const place = id === null ? undefined : sources.places.get(id);
  const source = place === undefined ? null : sourceAt(sources, listener, antenna, place);
  listener.lookedUp[antenna] = message;
  listener.current[antenna] = source;
  return source;
}

/** The source of an antenna at a place; a new one where it was not met before. Null where there are too many. */
export function sourceAt(sources: Sources, listener: Listener, antenna: number, place: Place): Source | null {
  for (const source of listener.sources) if (source.antenna === antenna && source.place === place) return source;
  const index = sources.list.length;
  if (index >= mostSources) return null;
  const source = { index, listener, antenna, place, rhythm: rhythmAt(place, listener.id), repeats: 0 };
  sources.list.push(source);
  listener.sources.push(source);
  return source;
}

/** The place of an id from disk. At a read point that is not configured any more, what was there leaves at once. */
export function placeNamed({ places, lost }: Sources, id: string): Place {
  const known = places.get(id) ?? lost.get(id);
  if (known !== undefined) return known;
  const place = { ...nowhere, id, rhythms: new Map<string, Rhythm>() };
  lost.set(id, place);
  return place;
}

const nowhere = {
  minRssi: Number.NEGATIVE_INFINITY,
  confirm: { reads: 2, withinMs: 0 },
  departMs: 0,
  isExit: false,
  present: 0,
} as const satisfies Partial<Place>;

function placeOf(readPoint: ReadPoint): Place {
  return {
    id: readPoint.id,
    minRssi: readPoint.minRssi ?? Number.NEGATIVE_INFINITY,
    confirm: confirmationOf(readPoint),
    departMs: departMsOf(readPoint),
    isExit: readPoint.kind === 'exit',
    rhythms: new Map(),
    present: 0,
  };
}

function rhythmAt(place: Place, reader: string): Rhythm {
  const known = place.rhythms.get(reader);
  if (known !== undefined) return known;
  const rhythm = createRhythm();
  place.rhythms.set(reader, rhythm);
  return rhythm;
}
