import type { Observation } from '../../../../src/presence/observation.ts';
import { holdMs } from '../../../../src/presence/policy.ts';
import { learnStray, leastWaitMs } from '../../../../src/presence/rhythm.ts';
import { createDueQueue, type DueQueue } from './due-queue.ts';
import { createEndedStays, type EndedStays } from './ended-stays.ts';
import { type Entry, elsewhereOf, isLater, isWhereabouts, observe } from './entry.ts';
import type { TagIndex } from './tag-index.ts';

/** All stays of tags at read points, and when each one's silence is over. */
export type Stays = {
  readonly index: TagIndex;
  readonly queue: DueQueue<Entry>;
  /** Readers whose link is lost: what they do not read is not silence. */
  readonly deaf: Set<string>;
  readonly heardAgainAt: Map<string, number>;
  /** How many there ever were. */
  made: number;
  readonly ended: EndedStays;
  count(reader: string, reason: string, antenna: number | null): void;
};

/** No stays yet; `count` hears of each stray, by reader and reason. */
export function createStays(index: TagIndex, count: Stays['count']): Stays {
  const ended = createEndedStays();
  return { index, queue: createDueQueue<Entry>(), deaf: new Set(), heardAgainAt: new Map(), made: 0, ended, count };
}

/**
 * What an entry's silence counts from: its last receipt, its return from disk, or when its reader was heard of again, if
 * the stay had begun before that. What a reader that is heard again reports late gains nothing by it.
 */
export function aliveSince(stays: Stays, entry: Entry): number {
  const since = Math.max(entry.aliveAt, entry.restoredAt);
  const heardAgainAt = stays.heardAgainAt.get(entry.reader);
  if (heardAgainAt === undefined || heardAgainAt <= entry.openedAt) return since;
  return Math.max(since, heardAgainAt);
}

/** Adds a new entry, glimpsed or (from disk) present. */
export function openStay(stays: Stays, entry: Entry): void {
  stays.index.add(entry);
  plan(stays, entry, dueAt(stays, entry));
}

/** A glimpse becomes an arrival; where silence never ends a stay (a handheld), the newer arrival does. */
export function confirmStay(stays: Stays, entry: Entry, out: Observation[]): void {
  entry.state = 'PRESENT';
  out.push(observe(entry, 'arrived', entry.firstSeenAt, elsewhereOf(entry)));
  const due = dueAt(stays, entry);
  if (due < entry.queuedAt) plan(stays, entry, due);
  wakeOthers(stays, entry);
  for (const other of [...entry.tag.entries]) {
    if (other.state !== 'PRESENT' || other.place.departMs !== Number.POSITIVE_INFINITY) continue;
    if (isLater(entry, other)) endOne(stays, other, entry.place.id, out);
  }
}

/** Ends one stay: departed or stray. A tag that left its last place has left every place it was at before, too. */
export function endStay(stays: Stays, entry: Entry, now: number, out: Observation[]): void {
  if (entry.state === 'GLIMPSED') {
    learnStray(entry.rhythm, entry.tag.id, entry.lastSeenAt, now);
    endOne(stays, entry, null, out);
    wakeOthers(stays, entry);
    return;
  }
  const elsewhere = elsewhereOf(entry);
  const present = entry.tag.entries.filter((other) => other.state === 'PRESENT');
  const last = present.find(isWhereabouts);
  for (const other of elsewhere === null ? [entry, ...present.filter((one) => one !== entry)] : [entry]) {
    endOne(stays, other, other === last ? null : (elsewhere ?? last?.place.id ?? null), out);
  }
}

/** Forgets an entry without a word. */
export function dropStay(stays: Stays, entry: Entry): void {
  const { index, queue } = stays;
  entry.state = 'GONE';
  index.remove(entry);
  if (queue.size() > 2 * index.size() + 1024) queue.keep((due) => isCurrent(due.value, due.at));
}

/** Moves what silence counts from with the gateway's clock, from `from` to `to` (epoch ms): a leap of the clock is no silence. */
export function moveStays(stays: Stays, from: number, to: number): void {
  const { index, queue, heardAgainAt } = stays;
  const ms = to - from;
  for (const [reader, at] of heardAgainAt) if (at <= from) heardAgainAt.set(reader, at + ms);
  queue.keep(() => false);
  index.each((entry) => {
    entry.openedAt += ms;
    entry.heardAt += ms;
    entry.aliveAt += ms;
    entry.restoredAt += ms;
    plan(stays, entry, dueAt(stays, entry));
  });
}

/** Ends the stays whose silence is over at `now` (epoch ms). */
export function expireStays(stays: Stays, now: number): Observation[] {
  const out: Observation[] = [];
  for (let due = stays.queue.take(now); due !== undefined; due = stays.queue.take(now)) {
    const entry = due.value;
    if (!isCurrent(entry, due.at)) continue;
    const later = dueAt(stays, entry);
    // Whose silence was broken since takes its turn among those that are due, too.
    if (later > due.at) {
      plan(stays, entry, later);
      continue;
    }
    const again = notBefore(stays, entry, now);
    if (again === null) endStay(stays, entry, now, out);
    else plan(stays, entry, again);
  }
  return out;
}

function endOne(stays: Stays, entry: Entry, elsewhere: string | null, out: Observation[]): void {
  const stray = entry.state === 'GLIMPSED';
  if (stray) stays.count(entry.reader, 'STRAY', entry.antenna);
  dropStay(stays, entry);
  stays.ended.add(entry);
  out.push(observe(entry, stray ? 'stray' : 'departed', entry.lastSeenAt, elsewhere));
}

/** Departures that waited for a glimpse to become something need not wait any longer. */
function wakeOthers(stays: Stays, entry: Entry): void {
  for (const other of entry.tag.entries) {
    if (other.state !== 'PRESENT' || other === entry) continue;
    const due = dueAt(stays, other);
    if (due < other.queuedAt) plan(stays, other, due);
  }
}

function dueAt(stays: Stays, entry: Entry): number {
  if (entry.state === 'GLIMPSED') return entry.heardAt + entry.waitMs;
  return aliveSince(stays, entry) + entry.place.departMs;
}

function plan(stays: Stays, entry: Entry, at: number): void {
  entry.queuedAt = at;
  if (at !== Number.POSITIVE_INFINITY) stays.queue.add(entry, at);
}

/** An entry planned anew leaves its old slot in the queue; that slot means nothing. */
function isCurrent(entry: Entry, at: number): boolean {
  return entry.state !== 'GONE' && entry.queuedAt === at;
}

/** When to look again at an entry whose slot came up, or null when its time is over. */
function notBefore(stays: Stays, entry: Entry, now: number): number | null {
  const due = dueAt(stays, entry);
  if (due > now) return due;
  if (entry.state === 'GLIMPSED') return null;
  if (stays.deaf.has(entry.reader)) return now + Math.max(entry.place.departMs, leastWaitMs);
  return elsewhereOf(entry) === null ? laterGlimpse(entry, now) : null;
}

/** A tag glimpsed elsewhere after its last read here may be about to arrive there: the departure waits for that. */
function laterGlimpse(entry: Entry, now: number): number | null {
  let until: number | null = null;
  for (const other of entry.tag.entries) {
    const open = other.heardAt + Math.min(other.waitMs, holdMs);
    if (other.state === 'GLIMPSED' && open > now && isLater(other, entry)) until = Math.max(until ?? 0, open);
  }
  return until;
}
