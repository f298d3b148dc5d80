import { crash, GatewayError } from '../kit/index.ts';
import type { Intake } from './intake.ts';
import type { StatusTracker } from './status-tracker.ts';
import type { OnReads } from './types.ts';

/**
 * Hands the reads of one chunk down the line, and tells answers to whoever asked without waiting for the disk. A byte
 * channel cannot be asked to send again, so what the store could not keep is counted as STORE_FAILED; a bug ends the process.
 */
export function createHandOn(intake: Intake, tracker: StatusTracker, onReads: OnReads): () => void {
  return () => {
    const { reads, answer, settle } = intake.take();
    if (reads.length === 0) return settle('kept');
    const lost = (error: unknown) => {
      if (!(error instanceof GatewayError)) return crash(error);
      tracker.reject('STORE_FAILED', reads.length);
      settle('lost');
    };
    void onReads(reads, false).then(() => settle('kept'), lost);
    answer();
  };
}
