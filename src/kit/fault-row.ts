import type { ErrorCode } from './errors.ts';

/** What is said of a fault in English, for logs and the command line; each `{name}` is a value that it has to be given. */
export type FaultRow = {
  /** The code under which it is thrown, logged and answered over HTTP. */
  readonly error: ErrorCode;
  readonly text: string;
};
