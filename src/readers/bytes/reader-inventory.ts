import { attempt } from './attempt.ts';
import type { Rounds } from './rounds.ts';
import type { ByteSessionDeps } from './session-deps.ts';
import { askOrTell } from './set-up.ts';
import { inventoryForms, settingValues } from './settings.ts';

/** Starts and stops a reader's inventory in the way of its profile. */
export type ReaderInventory = {
  /** Throws what kept it from starting. Until `signal` aborts, where the gateway asks for each round. */
  start(signal: AbortSignal): Promise<void>;
  /** Asks again what `start` asked, for readers whose stream fell silent. */
  again(): Promise<void>;
  /** Ends once the reader rests; what it read before is still heard. Throws what kept it from resting. */
  rest(): Promise<void>;
};

export function createReaderInventory(deps: ByteSessionDeps, rounds: Rounds): ReaderInventory {
  const { profile, talk } = deps;
  const { style } = profile.session;
  let running: Promise<void> = Promise.resolve();
  const ask = () => {
    const wanted = deps.wanted.now();
    return talk.tell('startInventory', settingValues(profile, wanted), inventoryForms(wanted));
  };
  return {
    start: async (signal) => {
      if (style === 'rounds') running = rounds.run(signal);
      else await ask();
    },
    again: async () => {
      if (style !== 'rounds') await attempt(ask);
    },
    rest: async () => {
      rounds.rest();
      await running;
      if (style !== 'rounds' && profile.commands.stopInventory !== undefined)
        await askOrTell(deps, 'stopInventory', {});
    },
  };
}
