/** A timer that can be taken back. */
export type Timer = { cancel(): void };

/** Time as a value: the daemon has the system's, a test holds its own in the hand. All times are epoch milliseconds. */
export type Clock = {
  /** Wall-clock time in epoch milliseconds. */
  now(): number;
  /** Calls `run` once after `ms` milliseconds; never keeps the process alive by itself. */
  after(ms: number, run: () => void): Timer;
  /** Calls `run` every `ms` milliseconds until cancelled; never keeps the process alive by itself. */
  every(ms: number, run: () => void): Timer;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    timer.unref();
    return { cancel: () => clearInterval(timer) };
  },
};

/** Resolves after `ms` on the given clock, or at once when `signal` aborts (it never rejects: the caller checks the signal). */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
