import type { ErrorCode, Fault } from '../../kit/index.ts';

/** Why a reader could not be set up: which step or setting, and the reader's neutral error word where it gave one. */
export type Trouble = {
  readonly code: ErrorCode;
  readonly about: string;
  readonly error: string | null;
  readonly fault: Fault;
};

/** Where the session with a reader stands. `since` is epoch ms, and so is `at` of the newest attempt. */
export type SessionFact = {
  readonly state: 'idle' | 'running' | 'halted' | 'failed';
  /** It reports tags and answers nothing. */
  readonly onlySends: boolean;
  readonly since: number;
  readonly trouble: (Trouble & { readonly at: number }) | null;
};
