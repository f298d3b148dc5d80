/** Turns a reader's uptime into time of day, for readers without a clock of day. */
export type LlrpClock = {
  /** The reader said its uptime (µs) in a message that came at `receivedAt` (epoch ms). */
  heard(uptimeUs: number, receivedAt: number): void;
  /** Epoch ms of an uptime in µs; null where there is nothing to go by. */
  timeOf(uptimeUs: number, receivedAt: number): number | null;
};

/**
 * The reader's start is the earliest that any message allows: none can be received before it was sent. `live` is false
 * where messages have no time of receipt. A new connection needs a new clock: the reader may have restarted.
 */
export function createLlrpClock(live: boolean): LlrpClock {
  let startedAt: number | null = null;
  const heard = (uptimeUs: number, receivedAt: number) => {
    const start = receivedAt - Math.floor(uptimeUs / 1000);
    startedAt = startedAt === null ? start : Math.min(startedAt, start);
    return startedAt;
  };
  return {
    heard: (uptimeUs, receivedAt) => void (live && heard(uptimeUs, receivedAt)),
    timeOf: (uptimeUs, receivedAt) => (live ? heard(uptimeUs, receivedAt) + Math.floor(uptimeUs / 1000) : null),
  };
}
