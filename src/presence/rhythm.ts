/**
 * How one reader reports at one read point: how long it lets pass between two reads of a tag, and whether its counts only
 * ever grow. Learned from its reads; constant work and no allocation per read.
 */
export type Rhythm = {
  /** How often the time between two reads of a tag was in each range; the ranges double from 256 ms on. */
  readonly gaps: Float64Array;
  sum: number;
  /** Gateway time of the first gap, and of the last halving. */
  since: number;
  halvedAt: number;
  /** How often a count was larger, or smaller, than the one before of the same tag. */
  grown: number;
  fallen: number;
  /** A stray that may be read again: how a rhythm longer than the wait is learned. */
  strayId: string | null;
  strayAt: number;
};

const seconds = 1_000;
const minutes = 60 * seconds;

/** Bounds of the wait of a glimpse, and what it is while nothing is learned. */
export const leastWaitMs = 5 * seconds;
export const mostWaitMs = 10 * minutes;
export const firstWaitMs = 30 * seconds;

/** A longer gap is an absence and no rhythm. */
const longestGapMs = 4 * minutes;
const rangeMs = 256;
const ranges = 1 + 32 - Math.clz32(longestGapMs / rangeMs);
/** Of the longest gaps so many make the rhythm: one long gap between bursts of at most 25 reads. */
const longShare = 1 / 25;
const waitPerGap = 2.5;
/** From so many gaps, and for one half-life, a rhythm is learned before a glimpse waits for less than the first wait. */
const settledGaps = 8;
/** Half of what was learned is forgotten in so long; all of it where strays are all that comes for twice as long. */
const halfLifeMs = 5 * minutes;
/** A count that grew so often, and fell hardly ever, is a sum since the reader began. */
const grownOften = 8;
const fallenPerGrown = 1 / 20;

/** Nothing is learned yet. */
export function createRhythm(): Rhythm {
  return {
    gaps: new Float64Array(ranges),
    sum: 0,
    since: 0,
    halvedAt: 0,
    grown: 0,
    fallen: 0,
    strayId: null,
    strayAt: 0,
  };
}

/** A tag was read again `gapMs` after its read before; `now` is the gateway's time. */
export function learnGap(rhythm: Rhythm, gapMs: number, now: number): void {
  if (gapMs <= 0 || gapMs > longestGapMs) return;
  if (rhythm.since === 0) {
    rhythm.since = now;
    rhythm.halvedAt = now;
  }
  if (Math.abs(now - rhythm.halvedAt) > halfLifeMs) halve(rhythm, now);
  const range = gapMs < rangeMs ? 0 : 32 - Math.clz32(gapMs / rangeMs);
  rhythm.gaps[range] = (rhythm.gaps[range] ?? 0) + 1;
  rhythm.sum += 1;
}

/** The count of a tag that lies here was `before`, and is `count` now. */
export function learnCount(rhythm: Rhythm, before: number, count: number): void {
  if (count > before) rhythm.grown += 1;
  else if (count < before) rhythm.fallen += 1;
}

/** Whether its counts are sums since the reader began: then a count alone says nothing of now. */
export function isCumulative({ grown, fallen }: Rhythm): boolean {
  return grown >= grownOften && fallen <= grown * fallenPerGrown;
}

/** How long a glimpse waits for its next read, ms. */
export function waitMsOf(rhythm: Rhythm): number {
  const { sum, since, halvedAt } = rhythm;
  const learned = Math.min(waitPerGap * longGap(rhythm), mostWaitMs);
  const isSettled = sum >= settledGaps && halvedAt !== since;
  return Math.max(learned, isSettled ? leastWaitMs : firstWaitMs);
}

/** The upper end of the range in which the longest gaps are; 0 where there are none. */
function longGap({ gaps, sum }: Rhythm): number {
  let longer = 0;
  for (let range = ranges - 1; range >= 0; range--) {
    longer += gaps[range] ?? 0;
    if (longer > 0 && longer >= sum * longShare) return rangeMs * 2 ** range;
  }
  return 0;
}

/**
 * A glimpse of `id` was a stray, last read at `at`. While strays are all there is, what was learned is forgotten, and the
 * stray is remembered: when it is read again, the reader's rhythm is longer than the wait was.
 */
export function learnStray(rhythm: Rhythm, id: string, at: number, now: number): void {
  if (Math.abs(now - rhythm.halvedAt) > 2 * halfLifeMs) forgetRhythm(rhythm, now);
  if (rhythm.strayId !== null && Math.abs(at - rhythm.strayAt) <= longestGapMs) return;
  rhythm.strayId = id;
  rhythm.strayAt = at;
}

/** A tag comes into view at `at`. */
export function learnReturn(rhythm: Rhythm, id: string, at: number, now: number): void {
  if (rhythm.strayId !== id) return;
  rhythm.strayId = null;
  if (rhythm.sum < settledGaps) learnGap(rhythm, at - rhythm.strayAt, now);
}

/** Nothing is kept of the tag `id`. */
export function forgetStray(rhythm: Rhythm, id: string): void {
  if (rhythm.strayId === id) rhythm.strayId = null;
}

function forgetRhythm(rhythm: Rhythm, now: number): void {
  rhythm.gaps.fill(0);
  rhythm.sum = 0;
  rhythm.since = now;
  rhythm.halvedAt = now;
}

function halve(rhythm: Rhythm, now: number): void {
  const { gaps } = rhythm;
  for (let range = 0; range < ranges; range++) gaps[range] = (gaps[range] ?? 0) / 2;
  rhythm.sum /= 2;
  rhythm.grown /= 2;
  rhythm.fallen /= 2;
  rhythm.halvedAt = now;
}
