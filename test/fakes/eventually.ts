import { setTimeout as wait } from 'node:timers/promises';

/** Waits until `check` gives true (or does not throw, where it gives nothing); fails with its last error after `limitMs`. */
export async function eventually(check: () => unknown, limitMs = 10_000): Promise<void> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      if ((await check()) !== false) return;
      if (Date.now() > until) throw new Error(`not true within ${limitMs} ms: ${check}`);
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await wait(10);
  }
}
