import { systemClock } from '../kit/index.ts';

/** Resolves at SIGINT, SIGTERM or after the given seconds; until then it keeps the process alive. */
export function untilStopped(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const stop = () => {
      clearInterval(alive);
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    if (seconds !== undefined) systemClock.after(seconds * 1000, stop);
  });
}
