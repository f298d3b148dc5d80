import type { TagRead } from '../tags/index.ts';
import { EARLIEST } from './messages/time.ts';
import type { DecodeContext, ReaderAnswer, Sink } from './sink.ts';
import type { StatusTracker } from './status-tracker.ts';
import type { Sign } from './supervision/sign.ts';

const LATEST_AHEAD_MS = 5_000;
const SAMPLE_BYTES = 256;
/** Damaged inputs of one chunk or message that are kept as samples. */
const SAMPLES = 10;

/** What one chunk or message decoded to. `settle` counts it; when it is not called, nothing was counted. */
export type Batch = { readonly reads: TagRead[]; settle(kept: boolean): void };

/** Collects what decoders find until `take`. */
export type Intake = { readonly sink: Sink; readonly context: DecodeContext; take(): Batch };

/**
 * `antenna` is given to reports that name none. `answered` is called on settling. A reader's time is kept when it is
 * plausible: after 2015-01-01 and at most 5 s ahead of ours; else the read is given the time of receipt.
 */
export function createIntake(
  reader: string,
  antenna: number | null,
  tracker: StatusTracker,
  answered: (answer: ReaderAnswer) => void,
): Intake {
  let pending = emptyPending();
  const sink: Sink = {
    read: (read) => void pending.reads.push(read),
    answer: (answer) => void pending.facts.push(() => answered(answer)),
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
      return { reads: taken.reads, settle: (kept) => settle(taken, kept, tracker) };
    },
  };
}

function settle({ reads, facts, bad, samples }: Pending, kept: boolean, tracker: StatusTracker): void {
  if (kept) for (const read of reads) tracker.read(read);
  for (const [reason, by] of bad) tracker.reject(reason, by);
  for (const { reason, bytes } of samples) tracker.sample(reason, bytes);
  for (const fact of facts) fact();
}

type Pending = {
  readonly reads: TagRead[];
  readonly facts: (() => void)[];
  sign: Sign | null;
  readonly remarks: Set<Sign>;
  readonly bad: Map<string, number>;
  readonly samples: { readonly reason: string; readonly bytes: Uint8Array }[];
};

const emptyPending = (): Pending => ({
  reads: [],
  facts: [],
  sign: null,
  remarks: new Set(),
  bad: new Map(),
  samples: [],
});
