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
  readonly lastError: string | null;
  readonly lastSuccessAt: number | null;
  readonly since: number;
};
