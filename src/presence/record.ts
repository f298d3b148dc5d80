import { floatsAt, floatsOf, intsAt, intsOf, type Slab } from './slab.ts';

/*
 * What stands in which lane of a record (see slab.ts). States: 0 = no stay, GLIMPSED, PRESENT.
 */
export const GLIMPSED = 1;
export const PRESENT = 2;

/** Flags of lane 7, beside the state. */
export const UNSAVED = 4;
/** Lane 7 of 8 bytes holds when the stay was opened, because that is later than when its tag was last proven to be there. */
export const EARLY = 8;
/** It was opened by a return from disk. */
export const RESTORED = 16;
/** It was last read by another spelling than the tag's own. */
export const SPELLED = 32;

/** Bits of lane 3 that tell one content from another: digits, type of the identity, AFI. */
export const CONTENT = 0x7ffff;
/** Flags of lane 3. Whether the report had a PC word. */
export const PC_GIVEN = 1 << 19;
export const ALIAS = 1 << 20;
/** The content has more digits than the words hold. */
export const LONG = 1 << 21;
/** The identity does not follow from the content. */
export const ODD = 1 << 22;
export const KEYED = 1 << 23;
/** It is not the first record of its tag. */
export const FURTHER = 1 << 24;
export const UNSETTLED = 1 << 25;
/** The tag has other spellings. */
export const ALIASED = 1 << 26;

/** Of lane 6: in no slot of the wheel. */
export const NO_SLOT = 0xffff;
/** Of lane 9: no report had an RSSI. */
export const NO_RSSI = -32_768;

export function laneOf(slab: Slab, record: number, lane: number): number {
  return intsOf(slab, record)[intsAt(record) + lane] ?? 0;
}

export function setLane(slab: Slab, record: number, lane: number, value: number): void {
  intsOf(slab, record)[intsAt(record) + lane] = value;
}

export function timeOf(slab: Slab, record: number, lane: number): number {
  return floatsOf(slab, record)[floatsAt(record) + lane] ?? 0;
}

export function setTime(slab: Slab, record: number, lane: number, value: number): void {
  floatsOf(slab, record)[floatsAt(record) + lane] = value;
}

export function stateOf(slab: Slab, record: number): number {
  return laneOf(slab, record, 7) & 3;
}

export function nextOf(slab: Slab, record: number): number {
  return laneOf(slab, record, 5);
}

export function metaOf(slab: Slab, record: number): number {
  return laneOf(slab, record, 3);
}

export function hasFlag(slab: Slab, record: number, flag: number): boolean {
  return (laneOf(slab, record, 7) & flag) !== 0;
}

export function setFlag(slab: Slab, record: number, flag: number, on: boolean): void {
  const before = laneOf(slab, record, 7);
  setLane(slab, record, 7, on ? before | flag : before & ~flag);
}

export function setMeta(slab: Slab, record: number, flag: number, on: boolean): void {
  const before = laneOf(slab, record, 3);
  setLane(slab, record, 3, on ? before | flag : before & ~flag);
}

export function setState(slab: Slab, record: number, state: number): void {
  setLane(slab, record, 7, (laneOf(slab, record, 7) & ~3) | state);
}

export function sourceOf(slab: Slab, record: number): number {
  return laneOf(slab, record, 6) & 0xffff;
}

export function setSource(slab: Slab, record: number, source: number): void {
  setLane(slab, record, 6, (laneOf(slab, record, 6) & ~0xffff) | source);
}

export function slotOf(slab: Slab, record: number): number {
  return laneOf(slab, record, 6) >>> 16;
}

export function setSlot(slab: Slab, record: number, slot: number): void {
  setLane(slab, record, 6, (laneOf(slab, record, 6) & 0xffff) | (slot << 16));
}

/** dBm, or null. */
export function rssiOf(slab: Slab, record: number): number | null {
  const hundredths = laneOf(slab, record, 9) >> 16;
  return hundredths === NO_RSSI ? null : hundredths / 100;
}

/** Hundredths of a dBm as lane 9 holds them; NaN is none. */
export function hundredthsOf(rssi: number): number {
  if (Number.isNaN(rssi)) return NO_RSSI;
  return Math.max(NO_RSSI + 1, Math.min(32_767, Math.round(rssi * 100)));
}

/** A count as lane 9 holds it. */
export function shortCount(count: number): number {
  return Math.min(65_535, count);
}

/** The tag whose record this is: the number of its first one. */
export function tagOfRecord(slab: Slab, record: number): number {
  const meta = metaOf(slab, record);
  if ((meta & FURTHER) !== 0) return laneOf(slab, record, 0);
  return (meta & ALIAS) === 0 ? record : laneOf(slab, record, 5);
}

/** Reads that the running share at a read point looks back on. */
const evidenceReads = 20;
/** From so many reads on the share is counted in these; before, in reads. */
const shareUnits = 60_000;

/** Tells a record whether its tag was read here or elsewhere just now. */
export function weighRecord(ints: Int32Array, at: number, isHere: boolean): void {
  const flags = ints[at + 7] ?? 0;
  const reads = (flags >>> 8) & 31;
  let share = flags >>> 16;
  if (reads >= evidenceReads) share += Math.round(((isHere ? shareUnits : 0) - share) / evidenceReads);
  else {
    if (isHere) share++;
    if (reads + 1 === evidenceReads) share *= shareUnits / evidenceReads;
  }
  ints[at + 7] = (flags & 0xff) | (Math.min(evidenceReads, reads + 1) << 8) | (share << 16);
}

/** Share of the tag's last reads that were made here, 0..1. */
export function shareOf(slab: Slab, record: number): number {
  const flags = laneOf(slab, record, 7);
  const reads = (flags >>> 8) & 31;
  if (reads === 0) return 0;
  return (flags >>> 16) / (reads < evidenceReads ? reads : shareUnits);
}
