import { createRefLists } from './ref-lists.ts';

/**
 * Records by when they are due. Three rings of slots: 1 ms, 1.024 s, and 17.5 min wide, 25 days in all; what is due later is
 * looked at before. A record is in one slot; it is not taken out of it but said to be in another one, and what is left behind
 * means nothing. Times are ms on the gateway's own time line.
 */
export type TimeWheel = {
  /** It turns from `now` on, where it does not turn already; before, nothing has a slot. */
  begin(now: number): void;
  /** The slot for what is due at `due`. */
  slotFor(due: number): number;
  push(slot: number, record: number): void;
  /** Some of those that should have been looked at already, in the order in which they were put in. */
  overdue(): readonly number[];
  /**
   * The next record that may be due at `now`, with `slot()` the one it was in; 0 where there is none. It lies in the past as
   * far as `passed()`: what is due later must be put back.
   */
  next(now: number): number;
  slot(): number;
  passed(): number;
  bytes(): number;
};

const ring0 = 1024;
const ring1 = 1024;
const ring2 = 2048;
/** The slot for what should have been looked at already. */
const overdue = ring0 + ring1 + ring2;
/** Of those that are overdue. */
const atOnce = 256;
const none: readonly number[] = [];
const width1 = ring0;
const width2 = ring0 * ring1;
const horizon = width2 * (ring2 - 2);

/** A wheel that does not turn yet. */
export function createTimeWheel(): TimeWheel {
  const lists = createSlots();
  /** All before it has passed. */
  let turn = Number.NEGATIVE_INFINITY;
  let last = overdue;

  const shift = (slot: number): number => {
    last = slot;
    return lists.shift(slot);
  };
  /** What is in the slots that begin at `turn`, the widest first. */
  const here = (): number => {
    const low = lowBits(turn);
    if ((low & (width1 - 1)) !== 0) return shift(low & (ring0 - 1));
    const wide = (low & (width2 - 1)) === 0 ? shift(ring0 + ring1 + ((low >>> 20) & (ring2 - 1))) : 0;
    return wide || shift(ring0 + ((low >>> 10) & (ring1 - 1))) || shift(low & (ring0 - 1));
  };
  return {
    begin: (now) => {
      if (turn === Number.NEGATIVE_INFINITY) turn = Math.floor(now);
    },
    slotFor: (due) => slotFor(turn, Math.floor(due)),
    push: lists.push,
    overdue: () => {
      if (lists.lengthOf(overdue) === 0) return none;
      const out: number[] = [];
      for (let record = shift(overdue); record !== 0; record = out.length < atOnce ? shift(overdue) : 0) {
        out.push(record);
      }
      return out;
    },
    next: (now) => {
      while (turn <= now) {
        const record = here();
        if (record !== 0) return record;
        const width = lists.narrowest();
        const end = Math.floor(now) + 1;
        turn = width === 0 ? end : Math.min(end, turn + width - (lowBits(turn) & (width - 1)));
      }
      return 0;
    },
    slot: () => last,
    passed: () => turn,
    bytes: lists.bytes,
  };
}

function slotFor(turn: number, due: number): number {
  if (due < turn) return overdue;
  const ahead = Math.min(due - turn, horizon);
  const low = lowBits(turn + ahead);
  if (ahead < width1) return low & (ring0 - 1);
  if (ahead < width2) return ring0 + ((low >>> 10) & (ring1 - 1));
  return ring0 + ring1 + ((low >>> 20) & (ring2 - 1));
}

/** The slots, and how many records each ring holds. */
function createSlots() {
  const lists = createRefLists(overdue + 1);
  const filled = new Uint32Array(4);
  const add = (slot: number, by: number) => {
    const ring = ringOf(slot);
    filled[ring] = (filled[ring] ?? 0) + by;
  };
  return {
    push: (slot: number, record: number): void => {
      lists.push(slot, record);
      add(slot, 1);
    },
    shift: (slot: number): number => {
      const record = lists.shift(slot);
      if (record !== 0) add(slot, -1);
      return record;
    },
    /** How wide the narrowest slots are that hold anything, ms; 0 where none do. */
    narrowest: (): number => (filled[0] !== 0 ? 1 : filled[1] !== 0 ? width1 : filled[2] !== 0 ? width2 : 0),
    lengthOf: lists.lengthOf,
    bytes: lists.bytes,
  };
}

function ringOf(slot: number): number {
  return slot < ring0 ? 0 : slot < ring0 + ring1 ? 1 : slot < overdue ? 2 : 3;
}

/** The low 32 bits of a time. */
function lowBits(time: number): number {
  return time >>> 0;
}
