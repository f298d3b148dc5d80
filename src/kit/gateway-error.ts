import type { ErrorCode } from './errors.ts';
import type { Fault } from './faults.ts';

/** The one error class that is thrown on purpose; everything else that is thrown is a bug. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;
  /** What `message` says, for programs and translations; null where nothing but the code is for them. */
  readonly fault: Fault | null;

  /** `message` is one plain sentence for a human: what is wrong and what to do. `context` holds fields for the log. */
  constructor(
    code: ErrorCode,
    message: string,
    context: Record<string, unknown> = {},
    cause?: unknown,
    fault: Fault | null = null,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GatewayError';
    this.code = code;
    this.context = context;
    this.fault = fault;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
