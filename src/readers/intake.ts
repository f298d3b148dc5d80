import { type DecodeContext, EARLIEST, type ReaderAnswer, type Sign, type Sink } from '../protocols/index.ts';
import { createReadBatch, type ReadBatch } from '../tags/index.ts';
import type { StatusTracker } from './status-tracker.ts';

/** A reader's time is plausible when it is no further ahead of ours. */
export const LATEST_AHEAD_MS = 5_000;
const SAMPLE_BYTES = 256;
/** Damaged inputs of one chunk or message that are kept as samples. */
const SAMPLES = 10;
/** Batches that are counted in their order, however long the first of them waits for the disk. */
const MOST_IN_ORDER = 1_000;

/** How a batch ended: everything of it counts, or all but its reads, or nothing, because the same comes again. */
type Ending = 'kept' | 'lost' | 'comes again';

/** What one chunk or message decoded to. Several may be on their way at once. */
export type Batch = {
  readonly reads: ReadBatch;
  /** Rows of it. */
  readonly size: number;
  /** Tells the answers in it at once, ahead of `settle`. */
  answer(): void;
  /** Counts it, once all that were taken before it are settled: the newest word of a reader is the last. */
  settle(ending: Ending): void;
};

/** Collects what decoders find until `take`. */
export type Intake = { readonly sink: Sink; readonly context: DecodeContext; take(): Batch };

/**
 * `antenna` is given to reports that name none. `answered` is called on settling, or by `answer`. A reader's time is kept when it is
 * plausible: after 2015-01-01 and at most 5 s ahead of ours; else the read is given the time of receipt.
 */
export function createIntake(
  reader: string,
  antenna: number | null,
  tracker: StatusTracker,
  answered: (answer: ReaderAnswer) => void,
): Intake {
  const order = createOrder(tracker, reader);
  let pending = order.next();
  const sink: Sink = {
    rows: () => pending.reads,
    read: () => {
      pending.reads.size += 1;
    },
    readUnstamped: (count) => {
      const { reads } = pending;
      const skewed = stampRows(reads, reads.size, reads.size + count, tracker);
      if (skewed > 0) sink.warn('CLOCK_SKEW', skewed);
      reads.size += count;
    },
    answer: (answer) => {
      const tell = createOnce(() => answered(answer));
      pending.answers.push(tell);
      pending.facts.push(tell);
    },
    event: (event) => void (event.routine !== true && pending.facts.push(() => tracker.event(event))),
    bad: (reason, bytes) => {
      pending.bad.set(reason, (pending.bad.get(reason) ?? 0) + 1);
      // A payload of a million damaged members costs a million increments, not a million copies.
      if (pending.samples.length < SAMPLES) {
        pending.samples.push({ reason, bytes: Uint8Array.from(bytes.subarray(0, SAMPLE_BYTES)) });
      }
    },
    sign: (sign, at) => {
      // The sign that each of many reads gives is one object: it is told once.
      if (sign === pending.sign || pending.remarks.has(sign)) return;
      if (sign.about === 'remark') pending.remarks.add(sign);
      else pending.sign = sign;
      pending.facts.push(() => tracker.sign(sign, at));
    },
    warn: (code, by) => void pending.facts.push(() => tracker.warn(code, by)),
  };
  const stamp = (at: number | null, receivedAt: number) => {
    if (at === null) return receivedAt;
    tracker.offset(at - receivedAt, receivedAt);
    if (isPlausible(at, receivedAt)) return at;
    sink.warn('CLOCK_SKEW', 1);
    return receivedAt;
  };
  return {
    sink,
    context: { reader, antenna, stamp },
    take: () => {
      const taken = pending;
      pending = order.next();
      return order.add(taken);
    },
  };
}

function isPlausible(at: number, receivedAt: number): boolean {
  return at >= EARLIEST && at <= receivedAt + LATEST_AHEAD_MS;
}

/** Rows whose offset counts: a median of the newest reads is no other for those before. */
const NEWEST = 31;

/** Does to the times of rows what `stamp` does to one; how many of them were not plausible. */
function stampRows({ at, receivedAt }: ReadBatch, from: number, to: number, tracker: StatusTracker): number {
  let skewed = 0;
  for (let row = from; row < to; row++) {
    const told = at[row] ?? Number.NaN;
    const isTold = !Number.isNaN(told);
    if (isTold && (row === from || row >= to - NEWEST)) tracker.offset(told - receivedAt, receivedAt);
    if (isTold && isPlausible(told, receivedAt)) continue;
    if (isTold) skewed += 1;
    at[row] = receivedAt;
  }
  return skewed;
}

/** Batches are counted in the order in which they were taken, whichever ends first. */
function createOrder(tracker: StatusTracker, reader: string): { next(): Pending; add(taken: Pending): Batch } {
  const underWay: Pending[] = [];
  const free: Pending[] = [];
  const giveBack = (one: Pending) => {
    if (free.length < MOST_BATCHES && one.reads.idType.length <= MOST_ROWS) free.push(one);
  };
  const countEnded = (newest: Pending) => {
    if (underWay.length > MOST_IN_ORDER) return countOutOfOrder(newest);
    for (let [first] = underWay; first?.ending != null; [first] = underWay) {
      underWay.shift();
      if (first.ending !== 'comes again') count(first, tracker);
      giveBack(first);
    }
  };
  const countOutOfOrder = (one: Pending) => {
    underWay.splice(underWay.indexOf(one), 1);
    if (one.ending !== 'comes again') count(one, tracker);
  };
  return {
    next: () => {
      const used = free.pop();
      return used === undefined ? createPending(reader, countEnded) : emptied(used);
    },
    add: (taken) => {
      underWay.push(taken);
      taken.batch.size = taken.reads.size;
      return taken.batch;
    },
  };
}

/** Batches that wait to be filled again, and rows of one that is worth keeping. */
const MOST_BATCHES = 64;
const MOST_ROWS = 4_096;

function createOnce(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}

function count({ reads, facts, bad, samples, ending }: Pending, tracker: StatusTracker): void {
  if (ending === 'kept' && reads.size > 0) tracker.reads(reads);
  for (const [reason, by] of bad) tracker.reject(reason, by);
  for (const { reason, bytes } of samples) tracker.sample(reason, bytes);
  for (const fact of facts) fact();
}

type Pending = {
  readonly reads: ReadBatch;
  readonly facts: (() => void)[];
  /** Those of the facts that answer a command. */
  readonly answers: (() => void)[];
  ending: Ending | null;
  sign: Sign | null;
  readonly remarks: Set<Sign>;
  readonly bad: Map<string, number>;
  readonly samples: { readonly reason: string; readonly bytes: Uint8Array }[];
  /** The same as others see it. */
  readonly batch: Batch & { size: number };
};

/** What is filled, again and again: its columns and lists cost more to make than to fill. */
function createPending(reader: string, ended: (pending: Pending) => void): Pending {
  const reads = createReadBatch();
  reads.reader = reader;
  const pending: Pending = {
    reads,
    facts: [],
    answers: [],
    ending: null,
    sign: null,
    remarks: new Set(),
    bad: new Map(),
    samples: [],
    batch: {
      reads,
      size: 0,
      answer: () => {
        for (const tell of pending.answers) tell();
      },
      settle: (ending) => {
        pending.ending = ending;
        ended(pending);
      },
    },
  };
  return pending;
}

function emptied(pending: Pending): Pending {
  pending.reads.size = 0;
  pending.ending = null;
  pending.sign = null;
  for (const list of [pending.facts, pending.answers, pending.samples]) if (list.length > 0) list.length = 0;
  for (const kept of [pending.remarks, pending.bad]) if (kept.size > 0) kept.clear();
  return pending;
}
