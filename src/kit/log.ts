type Write = (fields: Record<string, unknown>, message: string) => void;

/**
 * Structured log, the shape of pino: `message` is a constant, what varies is in `fields`.
 * error = someone must act; warn = degraded, heals itself; info = state changes; debug = decisions; trace = bytes.
 */
export type Log = {
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
  readonly debug: Write;
  readonly trace: Write;
  isLevelEnabled(level: string): boolean;
  child(fields: Record<string, unknown>): Log;
};

const nothing: Write = () => undefined;

/** A log that says nothing, for tests and tools. */
export const silentLog: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  isLevelEnabled: () => false,
  child: () => silentLog,
};
