import type { Observation } from './observation.ts';
import { NO_SLOT, setSlot, slotOf, stateOf } from './record.ts';
import type { Room, Turn } from './room.ts';
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
  const turn: Turn = { now, out: [] };
  const at = now - room.line.shift;
  room.wheel.begin(at);
  let left = most;
  while (left > 0) {
    const looked = lookAtLate(room, at, turn) || lookAtNext(room, at, turn);
    if (looked === 0) break;
    left -= looked;
  }
  return { observations: turn.out, turn: room.settling.end(turn.out.length > 0), more: left <= 0 };
}

/** Looks at what is overdue, in the order in which it was due; how many these are. */
function lookAtLate(room: Room, at: number, turn: Turn): number {
  const { wheel } = room;
  const overdue = wheel.overdue();
  if (overdue.length === 0) return 0;
  const slot = wheel.slot();
  const late = overdue.filter((record) => isIn(room, record, slot));
  const due = new Map(late.map((record) => [record, dueAt(room, record)]));
  late.sort((a, b) => (due.get(a) ?? 0) - (due.get(b) ?? 0));
  for (const record of late) if (isIn(room, record, slot)) look(room, record, at, turn);
  return late.length;
}

/** Looks at the next stay that is due now; 0 where there is none. */
function lookAtNext(room: Room, at: number, turn: Turn): number {
  const record = room.wheel.next(at);
  if (record === 0) return 0;
  if (isIn(room, record, room.wheel.slot())) look(room, record, at, turn);
  return 1;
}

/** What was planned anew since is looked at in its new slot. */
function isIn({ slab }: Room, record: number, slot: number): boolean {
  return stateOf(slab, record) !== 0 && slotOf(slab, record) === slot;
}

function look(room: Room, entry: number, at: number, turn: Turn): void {
  setSlot(room.slab, entry, NO_SLOT);
  const due = dueAt(room, entry);
  const passed = room.wheel.passed();
  const isDue = due <= at && due < passed + 1;
  const again = isDue ? notBefore(room, entry, at) : Math.max(due, passed > at ? passed : passed + 1);
  if (again === null) endStay(room, entry, turn);
  else plan(room, entry, again);
}
