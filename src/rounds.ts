import { GatewayError, type Log } from './kit/index.ts';

/** So many last sights are written in one turn. */
export const sightsPerTurn = 1_000;
/** A round over the last sights begins every 30 s. */
const ticksPerRound = 120;

/** Each tick writes a part of a round: all of a full store at once would keep the reads waiting. */
export function createRounds(
  waiting: () => number,
  carrySights: (most: number) => Promise<number>,
): () => Promise<void> {
  let ticks = 0;
  let left = 0;
  return async () => {
    if (++ticks % ticksPerRound === 0) left = waiting();
    if (left <= 0) return;
    left -= sightsPerTurn;
    await carrySights(sightsPerTurn);
  };
}

/** Work that is not begun again before it has ended. */
export function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}

/** Runs what a timer asks for: there is nobody to hand the database's failure to. A bug still ends the process. */
export async function logged(log: Log, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log.error({ code: error.code, reason: error.message }, what);
  }
}
