import type { ErrorCode, Fault } from '../kit/index.ts';

/** Why a reader could not be set up: which step or setting, and the reader's neutral error word where it gave one. */
export type Trouble = {
  readonly code: ErrorCode;
  readonly about: string;
  readonly error: string | null;
  readonly fault: Fault;
};
