import { crash, GatewayError } from '../kit/index.ts';
import type { Intake } from './intake.ts';
import type { StatusTracker } from './status-tracker.ts';
import type { OnReads, Pressure } from './types.ts';

/** Batches that wait for the disk when the device is made to wait, and when it may go on. */
const HOLD_AT = 64;
const GO_ON_AT = 16;
/** Reads that may wait for the disk. A serial line cannot be made to wait: what it brings beyond is dropped. */
export const MOST_WAITING = 50_000;

/**
 * Hands the reads of one chunk down the line, and tells answers to whoever asked without waiting for the disk. A byte
 * channel cannot be asked to send again, so what the store could not keep is counted as STORE_FAILED, and what found too
 * much waiting as BACKLOG_FULL; a bug ends the process. `hold` asks the link to read nothing more while many batches wait,
 * or, under `pressure`, any.
 */
export function createHandOn(
  intake: Intake,
  tracker: StatusTracker,
  onReads: OnReads,
  hold: (isHeld: boolean) => void,
  pressure: Pressure = () => null,
): () => void {
  const queue = createQueue(hold, pressure);
  return () => {
    const { reads, size, answer, settle } = intake.take();
    const lose = (reason: string) => {
      tracker.reject(reason, size);
      settle('lost');
    };
    const failed = (error: unknown) => {
      if (!(error instanceof GatewayError)) crash(error);
      // The reads for which there was no room are counted as such; the others had their effect.
      else if (error.code === 'PRESENCE_FULL') settle('kept');
      else lose('STORE_FAILED');
    };
    if (size === 0) return settle('kept');
    if (queue.isFull()) {
      answer();
      return lose('BACKLOG_FULL');
    }
    const keeping = onReads(reads, false);
    if (keeping === null) {
      answer();
      return settle('kept');
    }
    queue.add(size);
    const ended = (end: () => void) => {
      queue.remove(size);
      end();
    };
    void keeping.then(
      () => ended(() => settle('kept')),
      (error: unknown) => ended(() => failed(error)),
    );
    answer();
  };
}

/** What waits for the disk. */
function createQueue(hold: (isHeld: boolean) => void, pressure: Pressure) {
  const waiting = { batches: 0, reads: 0 };
  let isHeld = false;
  const look = () => {
    const wasHeld = isHeld;
    const most = pressure() === null ? (wasHeld ? GO_ON_AT : HOLD_AT) : 1;
    isHeld = waiting.batches >= most;
    if (isHeld !== wasHeld) hold(isHeld);
  };
  return {
    isFull: () => waiting.reads >= MOST_WAITING,
    add: (reads: number) => {
      waiting.batches += 1;
      waiting.reads += reads;
      look();
    },
    remove: (reads: number) => {
      waiting.batches -= 1;
      waiting.reads -= reads;
      look();
    },
  };
}
