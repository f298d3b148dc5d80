import type { Observation } from './observation.ts';
import { NO_SLOT, setSlot, slotOf, stateOf } from './record.ts';
import type { Room } from './room.ts';
import { dueAt, endStay, notBefore, plan } from './stays.ts';

/** What a look at the clock gave. */
export type Expired = {
  readonly observations: readonly Observation[];
  /** The number of this turn; 0 where it has no observation. */
  readonly turn: number;
  /** There is more that is due: ask again before long. */
  readonly more: boolean;
};

/** Ends the stays whose silence is over at `now` (epoch ms), but looks at no more than `most` stays. */
export function expireStays(room: Room, now: number, most: number): Expired {
  const turn = { now, out: [] as Observation[] };
  const at = now - room.line.shift;
  room.wheel.begin(at);
  let left = most;
  for (let some = next(room, at); some.length > 0 && left > 0; some = left > 0 ? next(room, at) : some) {
    for (const [entry, slot] of some) {
      if (isIn(room, entry, slot)) look(room, entry, at, turn);
    }
    left -= some.length;
  }
  return { observations: turn.out, turn: room.settling.end(turn.out.length > 0), more: left <= 0 };
}

/** The records that are looked at next, and the slot of each: what is overdue in the order in which it was due, or one that is due now. */
function next(room: Room, at: number): (readonly [record: number, slot: number])[] {
  const { wheel } = room;
  const late = wheel.overdue().filter((record) => isIn(room, record, wheel.slot()));
  if (late.length > 0) {
    const due = new Map(late.map((record) => [record, dueAt(room, record)]));
    return late.sort((a, b) => (due.get(a) ?? 0) - (due.get(b) ?? 0)).map((record) => [record, wheel.slot()]);
  }
  const record = wheel.next(at);
  return record === 0 ? [] : [[record, wheel.slot()]];
}

/** What was planned anew since is looked at in its new slot. */
function isIn({ slab }: Room, record: number, slot: number): boolean {
  return stateOf(slab, record) !== 0 && slotOf(slab, record) === slot;
}

function look(room: Room, entry: number, at: number, turn: { now: number; out: Observation[] }): void {
  setSlot(room.slab, entry, NO_SLOT);
  const due = dueAt(room, entry);
  const passed = room.wheel.passed();
  const isDue = due <= at && due < passed + 1;
  const again = isDue ? notBefore(room, entry, at) : Math.max(due, passed > at ? passed : passed + 1);
  if (again === null) endStay(room, entry, turn);
  else plan(room, entry, again);
}
