import { aliveOf, elsewhereOf, placeOfEntry } from './entries.ts';
import { glimpseBytes, glimpseLane, HEARD } from './glimpses.ts';
import { recordMask } from './hash-index.ts';
import { GLIMPSED, laneOf, stateOf } from './record.ts';
import { leastWaitMs } from './rhythm.ts';
import type { Room, Turn } from './room.ts';
import type { Place } from './sources.ts';
import { endOne, endStay } from './stays.ts';

/** Of one tag at one read point, everything included: the bench `dedup` measures it. While an index outgrows its array it is more. */
export const pairBytes = 96;
/** The part of the budget that only exits may use. */
const reserveShare = 1 / 16;
/** Records looked at for one that may go. */
const looked = 128;

/** `bytes` for all that is kept. */
export function budgetOf(bytes: number): Room['budget'] {
  return { bytes, reserve: Number.isFinite(bytes) ? Math.floor(bytes * reserveShare) : 0, hand: 0 };
}

/** What is kept now, bytes. */
export function spent({ slab, glimpses, tags }: Room): number {
  return slab.size * pairBytes + glimpses.size * glimpseBytes + tags.beside;
}

/** Whether one more stay may be opened at a place. The last part of the budget is for exits: there a tag matters most. */
export function hasRoom(room: Room, place: Place): boolean {
  const { bytes, reserve } = room.budget;
  const left = bytes - spent(room) - (place.isExit ? 0 : reserve);
  return left >= pairBytes + glimpseBytes && room.slab.size < recordMask - 1;
}

/**
 * Ends the stalest of the next stays where that says nothing of stock, until there is room or all that were looked at matter: a
 * stay whose tag has been read at another place since, which it names, and a glimpse that was not read for 5 s, which was a stray.
 * A tag's only place is never given up, nor a glimpse at an exit. Of those that may go, the one that was silent longest goes first.
 */
export function makeRoom(room: Room, place: Place, turn: Turn): void {
  while (!hasRoom(room, place)) {
    const stalest = stalestOfNext(room, turn.now - room.line.shift);
    if (stalest === 0) return;
    if (stateOf(room.slab, stalest) === GLIMPSED) endStay(room, stalest, turn);
    else endOne(room, stalest, elsewhereOf(room, stalest), turn);
  }
}

/** Goes round over all records, a part of them with each call. */
function stalestOfNext(room: Room, now: number): number {
  const { slab, budget } = room;
  let stalest = 0;
  for (let step = Math.min(looked, slab.made); step > 0; step--) {
    budget.hand = budget.hand >= slab.made ? 1 : budget.hand + 1;
    if (!mayGo(room, budget.hand, now)) continue;
    if (stalest === 0 || aliveOf(room, budget.hand) < aliveOf(room, stalest)) stalest = budget.hand;
  }
  return stalest;
}

function mayGo(room: Room, record: number, now: number): boolean {
  const state = stateOf(room.slab, record);
  if (state === 0) return false;
  if (state !== GLIMPSED) return elsewhereOf(room, record) !== null;
  if (placeOfEntry(room, record)?.isExit === true) return false;
  return now - glimpseLane(room.glimpses, laneOf(room.slab, record, 8), HEARD) >= leastWaitMs;
}
