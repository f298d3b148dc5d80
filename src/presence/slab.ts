/**
 * Records of 64 bytes in segments of 1 MB that never move: growing copies nothing. A record is a tag at a read point. The
 * first one of a tag also says who the tag is; the others of it follow by `next` and name the first one. The spelling of a tag
 * by which it is known besides is a record of its own, which names the first one, too.
 *
 * lanes of 4 bytes, `ints`                          lanes of 8 bytes, `floats`
 *   0–2  first 24 digits of the content, or the tag   5  firstSeenAt, reader’s clock
 *   3    what the content is, and flags of the tag    6  lastSeenAt, reader’s clock
 *   4    hash of the identity                         7  aliveAt, or openedAt where that is later (`early`)
 *   5    next record of the tag, or of the free ones
 *   6    source, slot of the time wheel
 *   7    state and flags, evidence, share
 *   8    reads; of a glimpse the number of its record among the glimpses
 *   9    count, RSSI in hundredths of a dBm
 */
export type Slab = {
  readonly ints: Int32Array[];
  readonly floats: Float64Array[];
  /** First of the free records, 0 = none. */
  free: number;
  /** Records that there ever were at one time. */
  made: number;
  size: number;
};

export const recordBytes = 64;
const perSegment = 1 << 14;
/** The C library gives a large block 16 bytes after the start of a page: from here on a record is one cache line. */
const aligned = 48;

/** No records. */
export function createSlab(): Slab {
  return { ints: [], floats: [], free: 0, made: 0, size: 0 };
}

/** A record of zeros; its number is 1 or more. */
export function newRecord(slab: Slab): number {
  slab.size++;
  const { free } = slab;
  if (free !== 0) {
    const at = intsAt(free);
    const ints = intsOf(slab, free);
    slab.free = ints[at + 5] ?? 0;
    ints[at + 5] = 0;
    return free;
  }
  slab.made++;
  if (slab.made >= slab.ints.length * perSegment) addSegment(slab);
  return slab.made;
}

export function freeRecord(slab: Slab, record: number): void {
  const ints = intsOf(slab, record);
  const at = intsAt(record);
  ints.fill(0, at, at + 16);
  ints[at + 5] = slab.free;
  slab.free = record;
  slab.size--;
}

/** The lanes of 4 bytes of a record begin at `intsAt` of these. */
export function intsOf(slab: Slab, record: number): Int32Array {
  return slab.ints[record >>> 14] ?? nothing;
}

export function intsAt(record: number): number {
  return (record & 0x3fff) << 4;
}

/** The lanes of 8 bytes of a record begin at `floatsAt` of these. */
export function floatsOf(slab: Slab, record: number): Float64Array {
  return slab.floats[record >>> 14] ?? noFloats;
}

export function floatsAt(record: number): number {
  return (record & 0x3fff) << 3;
}

/** A lane of 4 bytes. */
export function intAt(ints: Int32Array, index: number): number {
  return ints[index] ?? 0;
}

/** A word as a lane of 4 bytes holds it. */
export function wordAt(words: Uint32Array, index: number): number {
  return (words[index] ?? 0) | 0;
}

/** A lane of 8 bytes. */
export function floatAt(floats: Float64Array, index: number): number {
  return floats[index] ?? 0;
}

const nothing = new Int32Array(0);
const noFloats = new Float64Array(0);

function addSegment({ ints, floats }: Slab): void {
  const bytes = new ArrayBuffer(perSegment * recordBytes + 64);
  ints.push(new Int32Array(bytes, aligned, perSegment * 16));
  floats.push(new Float64Array(bytes, aligned, perSegment * 8));
}
