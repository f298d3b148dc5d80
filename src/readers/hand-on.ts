import { GatewayError } from '../kit/index.ts';
import type { Intake } from './intake.ts';
import type { StatusTracker } from './status-tracker.ts';
import type { OnReads } from './types.ts';

/**
 * Hands the reads of one chunk down the line. A byte channel cannot be asked to send again, so what the store could not
 * keep is counted as STORE_FAILED; a bug is thrown on.
 */
export function createHandOn(intake: Intake, tracker: StatusTracker, onReads: OnReads): () => void {
  return () => {
    const { reads, settle } = intake.take();
    try {
      if (reads.length > 0) onReads(reads, false);
      settle(true);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      tracker.reject('STORE_FAILED', reads.length);
      settle(false);
    }
  };
}
