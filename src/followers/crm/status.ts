import type { Fault } from '../../kit/index.ts';

/** What is known of one destination, as the API, the page and `doctor` show it. Times are epoch ms. */
export type DestinationStatus = {
  readonly id: string;
  readonly url: string;
  readonly state: 'ok' | 'retrying' | 'paused' | 'disabled';
  readonly waiting: number;
  readonly oldestWaitingAt: number | null;
  readonly dead: number;
  readonly delivered: number;
  readonly failures: number;
  readonly nextAttemptAt: number | null;
  /** What went wrong last, as a sentence and as the fault it is made from. */
  readonly lastError: string | null;
  readonly lastFault: Fault | null;
  readonly lastSuccessAt: number | null;
  readonly since: number;
};
