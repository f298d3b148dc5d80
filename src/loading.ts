import type { Page } from './journal/index.ts';
import { type Clock, GatewayError, type Log } from './kit/index.ts';

/** What could not be read is tried again after so long. */
const againMs = 5_000;

type Options = { readonly clock: Clock; readonly log: Log };

/** Resolves when others have had their turn. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Hands over each page from the first to the last, in a turn of its own, until `signal` aborts. A page that the database does not
 * give is logged and tried again after 5 s.
 */
export async function inSlices<Row>(
  { clock, log }: Options,
  signal: AbortSignal,
  pageAt: (cursor: string | null) => Page<Row>,
  take: (rows: readonly Row[]) => void,
): Promise<void> {
  let cursor: string | null = null;
  while (!signal.aborted) {
    try {
      const page = pageAt(cursor);
      take(page.rows);
      cursor = page.next;
      if (cursor === null) return;
      await turn();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      log.warn({ code: error.code, reason: error.message }, 'what is on disk could not be loaded; it is looked up');
      await pause(clock, againMs, signal);
    }
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        timer.cancel();
        resolve();
      },
      { once: true },
    );
  });
}
