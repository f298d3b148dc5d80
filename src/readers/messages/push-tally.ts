import type { PushedEffects } from '../types.ts';

type Tally = { arrived: number; repeated: number; waiting: number; readonly without: Map<string, number> };

/** Not of the reads of this body: strays are of earlier ones, and whom a token belongs to is not for the sender to know. */
const untold: ReadonlySet<string> = new Set(['STRAY', 'NO_CONSENT']);

/** Adds up what the line says of the reads of one body until its first wait. */
export function createPushTally() {
  let open: Tally | null = null;
  return {
    during: async <T extends object>(work: () => Promise<T>): Promise<T & { readonly effects: PushedEffects }> => {
      const tally: Tally = { arrived: 0, repeated: 0, waiting: 0, without: new Map() };
      open = tally;
      const working = work();
      open = null;
      const taken = await working;
      return { ...taken, effects: { ...tally, without: Object.fromEntries(tally.without) } };
    },
    count: (outcome: string, by = 1): void => {
      if (open !== null) add(open, outcome, by);
    },
  };
}

function add(tally: Tally, outcome: string, by: number): void {
  if (outcome === 'ARRIVED') tally.arrived += by;
  else if (outcome === 'REPEAT') tally.repeated += by;
  else if (outcome === 'GLIMPSED') tally.waiting += by;
  else if (!untold.has(outcome)) tally.without.set(outcome, (tally.without.get(outcome) ?? 0) + by);
}
