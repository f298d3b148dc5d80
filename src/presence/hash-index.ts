/**
 * Numbers of records, found by a hash: open addressing in one array, 4 bytes a slot. A slot is 0, or a number and the top six
 * bits of its hash, so that hardly any record is looked at in vain. It grows in steps: while an array is outgrown, each `add`
 * moves a few slots of it, and what is not in the new array is looked for in the old one.
 */
export type HashIndex = {
  slots: Int32Array;
  mask: number;
  /** The outgrown array, or an empty one. */
  old: Int32Array;
  oldMask: number;
  /** The next slot of the outgrown array to move. */
  moving: number;
  /** The array that follows `slots`, as soon as that is nearly full, and how far its memory is there; or an empty one. */
  next: Int32Array;
  ready: number;
  size: number;
  /** The hash of a record that is in the index. */
  readonly hashOf: (record: number) => number;
};

/** The bits of a slot that are the number of a record, which is smaller than this. */
export const recordMask = 0x3ffffff;
/** A slot of an outgrown array whose record is gone; no record has this number. */
const gone = recordMask;
const none = new Int32Array(0);
/** Of the slots that may be taken: then the next array is asked for, and then it is used. */
const nearlyFull = 0.6;
const full = 0.7;
/** The system gives memory by the page when it is first touched, which takes a microsecond or two: one page with so many records. */
const addsPerPage = 16;
const slotsPerPage = 1024;
const firstSlots = 1024;
/**
 * Slots moved with each record that is added: an array is moved before the next one is outgrown, which takes 0.7 as many records
 * as it has slots. Not more, because each moved record is fetched from memory.
 */
const movedPerAdd = 2;
/** Slots moved with each look-up, as long as there are any. */
const movedPerLookUp = 1;

export function createHashIndex(hashOf: (record: number) => number): HashIndex {
  const slots = new Int32Array(firstSlots);
  return { slots, mask: firstSlots - 1, old: none, oldMask: 0, moving: 0, next: none, ready: 0, size: 0, hashOf };
}

/** Adds a record that is not in it. */
export function addTo(index: HashIndex, hash: number, record: number): void {
  if (index.size >= (index.mask + 1) * nearlyFull) prepare(index);
  if (index.size >= (index.mask + 1) * full) grow(index);
  if (index.old.length > 0) move(index, movedPerAdd);
  put(index, hash, record);
  index.size++;
}

/** Moves a part of an outgrown array, by how many look-ups follow: once it is moved they look at one array only. */
export function moveOn(index: HashIndex, lookUps: number): void {
  if (index.old.length > 0) move(index, movedPerLookUp * lookUps);
}

/** The first record with this hash that `fits`, or 0. */
export function findIn(index: HashIndex, hash: number, fits: (record: number) => boolean): number {
  const found = search(index.slots, index.mask, hash, fits);
  return found !== 0 || index.old.length === 0 ? found : search(index.old, index.oldMask, hash, fits);
}

/** Takes a record out; nothing happens where it is not in it. */
export function removeFrom(index: HashIndex, hash: number, record: number): void {
  const at = slotOf(index.slots, index.mask, hash, record);
  if (at >= 0) close(index, at);
  const before = index.old.length > 0 ? slotOf(index.old, index.oldMask, hash, record) : -1;
  if (before >= 0) index.old[before] = gone;
  if (at >= 0 || before >= 0) index.size--;
}

function search(slots: Int32Array, mask: number, hash: number, fits: (record: number) => boolean): number {
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const slot = slots[at] ?? 0;
    if (slot === 0) return 0;
    const record = slot & recordMask;
    if ((slot ^ hash) >>> 26 === 0 && record !== gone && fits(record)) return record;
  }
}

function slotOf(slots: Int32Array, mask: number, hash: number, record: number): number {
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const slot = slots[at] ?? 0;
    if (slot === 0) return -1;
    if ((slot & recordMask) === record) return at;
  }
}

function put({ slots, mask }: HashIndex, hash: number, record: number): void {
  let at = hash & mask;
  while (slots[at] !== 0) at = (at + 1) & mask;
  slots[at] = (hash & ~recordMask) | record;
}

/** Empties a slot, and moves those that were put after it because of it. */
function close({ slots, mask, hashOf }: HashIndex, from: number): void {
  let hole = from;
  for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
    const slot = slots[at] ?? 0;
    if (slot === 0) break;
    const home = hashOf(slot & recordMask) & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    slots[hole] = slot;
    hole = at;
  }
  slots[hole] = 0;
}

/** Has the memory of the next array there before it is used all over. */
function prepare(index: HashIndex): void {
  if (index.next.length === 0) {
    index.next = new Int32Array(2 * index.slots.length);
    index.ready = 0;
  }
  if (index.size % addsPerPage !== 0 || index.ready >= index.next.length) return;
  index.next[index.ready] = 0;
  index.ready += slotsPerPage;
}

function grow(index: HashIndex): void {
  while (index.old.length > 0) move(index, index.old.length);
  index.old = index.slots;
  index.oldMask = index.mask;
  index.moving = 0;
  index.slots = index.next;
  index.mask = index.slots.length - 1;
  index.next = none;
}

function move(index: HashIndex, most: number): void {
  const { old } = index;
  const end = Math.min(old.length, index.moving + most);
  for (; index.moving < end; index.moving++) {
    const record = (old[index.moving] ?? 0) & recordMask;
    if (record !== 0 && record !== gone) put(index, index.hashOf(record), record);
  }
  if (index.moving === old.length) index.old = none;
}
