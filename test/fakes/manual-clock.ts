import type { Clock, Timer } from '../../src/kit/index.ts';

/** A clock in the test's hand: time passes only by `advance`, and every timer due on the way runs in its order. */
export type ManualClock = Clock & { advance(ms: number): Promise<void>; set(at: number): void };

type Entry = { at: number; order: number; run: () => void };

/** `start` is epoch ms. */
export function manualClock(start = Date.parse('2026-11-21T09:00:00Z')): ManualClock {
  let time = start;
  let order = 0;
  const entries = new Set<Entry>();
  const at = (when: number, run: () => void): Timer => {
    const entry = { at: when, order: order++, run };
    entries.add(entry);
    return { cancel: () => void entries.delete(entry) };
  };
  const nextDue = (until: number) =>
    [...entries].filter((e) => e.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
  const clock: ManualClock = {
    now: () => time,
    after: (ms, run) => at(time + ms, run),
    every: (ms, run) => {
      let timer: Timer;
      const again = () => {
        timer = at(time + ms, again);
        run();
      };
      timer = at(time + ms, again);
      return { cancel: () => timer.cancel() };
    },
    set: (when) => {
      time = when;
    },
    advance: async (ms) => {
      const until = time + ms;
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        entries.delete(due);
        time = Math.max(time, due.at);
        due.run();
        await settle();
      }
      time = until;
      await settle();
    },
  };
  return clock;
}

/** Lets promises and I/O callbacks that are already due run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
