/**
 * What only a glimpse needs, in records of ten lanes of 8 bytes that are free again when the tag has arrived or was a stray.
 * Times of the gateway are on its own time line (see time-line.ts).
 */
export type Glimpses = { readonly segments: Float64Array[]; free: number; made: number; size: number };

/** The lanes. Times in ms; `PREVIOUS` and `BEFORE` are the second and third latest read by the reader's clock. */
export const HEARD = 0;
export const OPENED = 1;
export const PREVIOUS = 2;
export const BEFORE = 3;
/** NaN where the report had none. */
export const SEQ = 4;
/** dBm of the last read; NaN where the report had none. */
export const LAST_RSSI = 5;
/** How long it waits for its next read. */
export const WAIT = 6;
export const COUNT = 7;
export const READS = 8;
/** Running number of the glimpse: which of two was opened first. */
const lanes = 10;
const perSegment = 1024;

/** Of one glimpse, bytes. */
export const glimpseBytes = 8 * lanes;

export const longAgo = Number.NEGATIVE_INFINITY;

export function createGlimpses(): Glimpses {
  return { segments: [], free: 0, made: 0, size: 0 };
}

/** A record to fill; its number is 1 or more. */
export function newGlimpse(glimpses: Glimpses): number {
  glimpses.size++;
  const { free } = glimpses;
  if (free !== 0) {
    glimpses.free = glimpseLane(glimpses, free, 0);
    return free;
  }
  glimpses.made++;
  if (glimpses.made >= glimpses.segments.length * perSegment) {
    glimpses.segments.push(new Float64Array(perSegment * lanes));
  }
  return glimpses.made;
}

export function freeGlimpse(glimpses: Glimpses, glimpse: number): void {
  setGlimpse(glimpses, glimpse, 0, glimpses.free);
  glimpses.free = glimpse;
  glimpses.size--;
}

export function glimpseLane({ segments }: Glimpses, glimpse: number, lane: number): number {
  return segments[glimpse >>> 10]?.[(glimpse & 1023) * lanes + lane] ?? 0;
}

export function setGlimpse({ segments }: Glimpses, glimpse: number, lane: number, value: number): void {
  const segment = segments[glimpse >>> 10];
  if (segment !== undefined) segment[(glimpse & 1023) * lanes + lane] = value;
}
