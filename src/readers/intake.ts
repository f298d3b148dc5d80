import { type DecodeContext, EARLIEST, type ReaderAnswer, type Sign, type Sink } from '../protocols/index.ts';
import type { TagRead } from '../tags/index.ts';
import type { StatusTracker } from './status-tracker.ts';

const LATEST_AHEAD_MS = 5_000;
const SAMPLE_BYTES = 256;
/** Damaged inputs of one chunk or message that are kept as samples. */
const SAMPLES = 10;
/** Batches that are counted in their order, however long the first of them waits for the disk. */
const MOST_IN_ORDER = 1_000;

/** How a batch ended: everything of it counts, or all but its reads, or nothing, because the same comes again. */
type Ending = 'kept' | 'lost' | 'comes again';

/** What one chunk or message decoded to. Several may be on their way at once. */
export type Batch = {
  readonly reads: TagRead[];
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
  let pending = emptyPending();
  const order = createOrder(tracker);
  const sink: Sink = {
    read: (read) => void pending.reads.push(read),
    answer: (answer) => {
      const tell = createOnce(() => answered(answer));
      pending.answers.push(tell);
      pending.facts.push(tell);
    },
    event: (event) => {
      if (event.routine !== true) pending.facts.push(() => tracker.event(event));
    },
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
    if (at >= EARLIEST && at <= receivedAt + LATEST_AHEAD_MS) return at;
    sink.warn('CLOCK_SKEW', 1);
    return receivedAt;
  };
  return {
    sink,
    context: { reader, antenna, stamp },
    take: () => {
      const taken = pending;
      pending = emptyPending();
      return order.add(taken);
    },
  };
}

/** Batches are counted in the order in which they were taken, whichever ends first. */
function createOrder(tracker: StatusTracker): { add(taken: Pending): Batch } {
  const underWay: Pending[] = [];
  const countEnded = (newest: Pending) => {
    if (underWay.length > MOST_IN_ORDER) return countOutOfOrder(newest);
    for (let [first] = underWay; first?.ending != null; [first] = underWay) {
      underWay.shift();
      if (first.ending !== 'comes again') count(first, tracker);
    }
  };
  const countOutOfOrder = (one: Pending) => {
    underWay.splice(underWay.indexOf(one), 1);
    if (one.ending !== 'comes again') count(one, tracker);
  };
  return {
    add: (taken) => {
      underWay.push(taken);
      return {
        reads: taken.reads,
        answer: () => {
          for (const tell of taken.answers) tell();
        },
        settle: (ending) => {
          taken.ending = ending;
          countEnded(taken);
        },
      };
    },
  };
}

function createOnce(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}

function count({ reads, facts, bad, samples, ending }: Pending, tracker: StatusTracker): void {
  if (ending === 'kept') for (const read of reads) tracker.read(read);
  for (const [reason, by] of bad) tracker.reject(reason, by);
  for (const { reason, bytes } of samples) tracker.sample(reason, bytes);
  for (const fact of facts) fact();
}

type Pending = {
  readonly reads: TagRead[];
  readonly facts: (() => void)[];
  /** Those of the facts that answer a command. */
  readonly answers: (() => void)[];
  ending: Ending | null;
  sign: Sign | null;
  readonly remarks: Set<Sign>;
  readonly bad: Map<string, number>;
  readonly samples: { readonly reason: string; readonly bytes: Uint8Array }[];
};

const emptyPending = (): Pending => ({
  reads: [],
  facts: [],
  answers: [],
  ending: null,
  sign: null,
  remarks: new Set(),
  bad: new Map(),
  samples: [],
});
