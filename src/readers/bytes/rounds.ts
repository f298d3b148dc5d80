import { type Clock, pause } from '../../kit/index.ts';
import { type ByteProfile, compileMatch, compileTemplate, type Matcher, templateNames } from '../../protocols/index.ts';
import { attempt } from './attempt.ts';
import type { Conversation } from './conversation.ts';
import { inventoryForms, settingValues, type Wanted } from './settings.ts';

/** Asks for one inventory round after the other, for readers that stop after each. */
export type Rounds = {
  /** Runs until `signal` aborts or `rest` is called; a round whose end does not come is given up after `silenceMs`. */
  run(signal: AbortSignal): Promise<void>;
  /** No further round is begun; `run` ends with the one that is under way. */
  rest(): void;
  /** A whole frame came: it may end the step that is under way. */
  heard(frame: Uint8Array): void;
};

/** A round that names `{antenna…}` is played for each of the wanted antennas in turn. */
export function createRounds(profile: ByteProfile, talk: Conversation, clock: Clock, wanted: () => Wanted): Rounds {
  const { round = [], pauseMs = 0, silenceMs, retryMs } = profile.session;
  const steps = round.map((step) => ({ operation: step.operation, ends: compileMatch(step.until) }));
  const eachAntenna = namesAntenna(profile);
  let waiting: { readonly ends: Matcher; readonly done: AbortController } | null = null;
  let resting = false;

  const play = async (turn: number, signal: AbortSignal) => {
    const now = wanted();
    const values = { ...settingValues(profile, now), antenna: portOf(now.antennas, eachAntenna ? turn : 0) };
    for (const { operation, ends } of steps) {
      if (signal.aborted) return;
      const done = new AbortController();
      waiting = { ends, done };
      await talk.tell(operation, values, inventoryForms(now));
      await pause(clock, signal.aborted ? 0 : silenceMs, done.signal);
    }
    await between(signal);
  };
  const between = async (signal: AbortSignal) => {
    if (pauseMs > 0 && !resting) await pause(clock, pauseMs, signal);
  };
  return {
    run: async (signal) => {
      resting = false;
      signal.addEventListener('abort', () => waiting?.done.abort(), { once: true });
      for (let turn = 0; !signal.aborted && !resting; turn++) {
        const { problem } = await attempt(() => play(turn, signal));
        if (problem !== null) await pause(clock, retryMs, signal);
      }
    },
    rest: () => {
      resting = true;
    },
    heard: (frame) => {
      if (waiting?.ends(frame) === true) waiting.done.abort();
    },
  };
}

const portOf = (ports: readonly number[], turn: number) => ports[turn % ports.length] ?? 1;

function namesAntenna({ session, commands }: ByteProfile): boolean {
  return (session.round ?? []).some(({ operation }) => {
    const template = compileTemplate(commands[operation]?.send ?? '');
    return template !== null && templateNames(template, 'antenna');
  });
}
