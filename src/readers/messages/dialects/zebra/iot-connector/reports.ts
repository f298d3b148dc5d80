import type { Clock } from '../../../../../kit/index.ts';
import { hexText, jsonMembers, valueAt } from '../../../../../protocols/index.ts';

/** Looks out for what a reader reports of one tag while an operation is carried out on it. */
export type Reports = {
  /** A message with reads. Costs nothing while nobody waits. */
  see(payload: Uint8Array): void;
  /** Gives the results of each report of the tag to `judge` until it makes something of them, or time is up: undefined. */
  wait<T>(epc: string, ms: number, judge: (results: readonly unknown[]) => T | undefined): Promise<T | undefined>;
};

const utf8 = new TextDecoder();

export function createReports(clock: Clock): Reports {
  const watchers = new Set<(epc: string, results: readonly unknown[]) => void>();
  const tell = (member: unknown) => {
    const epc = hexText(valueAt(member, 'data.idHex'));
    const results = valueAt(member, 'data.accessResults');
    if (epc === null || epc === 'bad' || !Array.isArray(results)) return;
    for (const watch of [...watchers]) watch(epc.hex, results);
  };
  return {
    see: (payload) => {
      if (watchers.size === 0) return;
      for (const { value } of jsonMembers(utf8.decode(payload))) tell(value);
    },
    wait: (epc, ms, judge) =>
      new Promise((resolve) => {
        const end = (found: ReturnType<typeof judge>) => {
          timer.cancel();
          watchers.delete(watch);
          resolve(found);
        };
        const watch = (seen: string, results: readonly unknown[]) => {
          const found = seen === epc ? judge(results) : undefined;
          if (found !== undefined) end(found);
        };
        const timer = clock.after(ms, () => end(undefined));
        watchers.add(watch);
      }),
  };
}
