import type { Trouble } from '../readers/index.ts';

/** Where the session with a reader stands. `since` is epoch ms, and so is `at` of the newest attempt. */
export type SessionFact = {
  readonly state: 'idle' | 'running' | 'halted' | 'failed';
  /** It reports tags and answers nothing. */
  readonly onlySends: boolean;
  readonly since: number;
  readonly trouble: (Trouble & { readonly at: number }) | null;
};
