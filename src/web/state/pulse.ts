import { type ReadonlySignal, signal } from '@preact/signals';

/** A counter that rises at once, then at most every `gapMs`; the last call is never lost. */
export function pulse(gapMs: number): { count: ReadonlySignal<number>; raise: () => void } {
  const count = signal(0);
  let raisedAt = 0;
  let waiting = false;
  const raise = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(
      () => {
        waiting = false;
        raisedAt = Date.now();
        count.value += 1;
      },
      Math.max(0, raisedAt + gapMs - Date.now()),
    );
  };
  return { count, raise };
}
