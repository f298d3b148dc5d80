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
  const out: Observation[] = [];
  const at = now - room.line.shift;
  room.wheel.begin(at);
  let left = most;
  let more = false;
  for (let entry = room.wheel.next(at); entry !== 0; entry = room.wheel.next(at)) {
    // What was planned anew since is looked at in its new slot.
    if (stateOf(room.slab, entry) !== 0 && slotOf(room.slab, entry) === room.wheel.slot()) {
      setSlot(room.slab, entry, NO_SLOT);
      look(room, entry, at, { now, out });
    }
    left--;
    more = left <= 0;
    if (more) break;
  }
  return { observations: out, turn: room.settling.end(out.length > 0), more };
}

function look(room: Room, entry: number, at: number, turn: { now: number; out: Observation[] }): void {
  const due = dueAt(room, entry);
  const passed = room.wheel.passed();
  const isDue = due <= at && due < passed + 1;
  const again = isDue ? notBefore(room, entry, at) : Math.max(due, passed > at ? passed : passed + 1);
  if (again === null) endStay(room, entry, turn);
  else plan(room, entry, again);
}
