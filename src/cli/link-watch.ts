import { type Clock, GatewayError } from '../kit/index.ts';
import type { LinkState } from '../links/index.ts';

/** How long `replay` waits for its link, ms. */
export const patienceMs = 30_000;
const lookMs = 50;

/** Gives each new error of a link to `say`, once; the link itself goes on trying. */
export function sayErrors(state: () => LinkState, say: (text: string) => void, clock: Clock): { stop(): void } {
  const said = new Set<string>();
  const looking = clock.every(lookMs, () => {
    const { error } = state();
    if (error === null || said.has(error)) return;
    said.add(error);
    say(error);
  });
  return { stop: () => looking.cancel() };
}

/** Resolves when the link is open. Rejects with LINK_NOT_FOUND after 30 s; why it is not open was said before. */
export async function untilOpen(state: () => LinkState, say: (text: string) => void, clock: Clock): Promise<void> {
  const errors = sayErrors(state, say, clock);
  // Between two attempts nothing is open, and no timer of a clock keeps a process: it would end here without a word.
  const alive = setInterval(() => undefined, patienceMs);
  try {
    await new Promise<void>((resolve, reject) => {
      const looking = clock.every(lookMs, () => {
        if (state().state !== 'open') return;
        tired.cancel();
        looking.cancel();
        resolve();
      });
      const tired = clock.after(patienceMs, () => {
        looking.cancel();
        reject(new GatewayError('LINK_NOT_FOUND', `Given up: the link did not open within ${patienceMs / 1000} s.`));
      });
    });
  } finally {
    errors.stop();
    clearInterval(alive);
  }
}
