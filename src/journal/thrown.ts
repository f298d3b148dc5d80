import { type errorCodes, GatewayError } from '../kit/index.ts';

/** An error as plain data: its class does not survive the way from thread to thread. */
export type Thrown = {
  /** Null: it is a bug. */
  readonly code: keyof typeof errorCodes | null;
  readonly context: Readonly<Record<string, string | number | boolean | null>>;
  readonly message: string;
  readonly stack: string;
};

export function thrownOf(error: unknown): Thrown {
  if (!(error instanceof Error)) return { code: null, context: {}, message: String(error), stack: '' };
  const { message, stack = '' } = error;
  if (!(error instanceof GatewayError)) return { code: null, context: {}, message, stack };
  const context = JSON.parse(JSON.stringify(error.context)) as Thrown['context'];
  return { code: error.code, context, message, stack };
}

/** The error again, with the stack of where it was thrown. */
export function errorOf({ code, context, message, stack }: Thrown): Error {
  const error = code === null ? new Error(message) : new GatewayError(code, message, { ...context });
  if (stack !== '') error.stack = stack;
  return error;
}
