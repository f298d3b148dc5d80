import { type Clock, pause } from '../../kit/index.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import { attempt } from './attempt.ts';
import type { Conversation } from './conversation.ts';
import { compileMatch, type Matcher } from './match.ts';
import { compileTemplate, templateNames } from './template.ts';
import type { TemplateValues } from './template-values.ts';

/** Asks for one inventory round after the other, for readers that stop after each. */
export type Rounds = {
  /** Runs until `signal` aborts; a round whose end does not come is given up after `silenceMs`. */
  run(signal: AbortSignal): Promise<void>;
  /** A whole frame came: it may end the step that is under way. */
  heard(frame: Uint8Array): void;
};

/** `antennas` are the configured ports; a round that names `{antenna…}` is played for each in turn. */
export function createRounds(
  profile: ByteProfile,
  talk: Conversation,
  clock: Clock,
  antennas: readonly number[],
): Rounds {
  const { round = [], pauseMs = 0, silenceMs, retryMs } = profile.session;
  const steps = round.map((step) => ({ operation: step.operation, ends: compileMatch(step.until) }));
  const ports = namesAntenna(profile) ? antennas : antennas.slice(0, 1);
  let waiting: { readonly ends: Matcher; readonly done: AbortController } | null = null;

  const play = async (values: TemplateValues, signal: AbortSignal) => {
    for (const { operation, ends } of steps) {
      if (signal.aborted) return;
      const done = new AbortController();
      waiting = { ends, done };
      await talk.tell(operation, values);
      if (!signal.aborted) await pause(clock, silenceMs, done.signal);
    }
    if (pauseMs > 0) await pause(clock, pauseMs, signal);
  };
  return {
    run: async (signal) => {
      signal.addEventListener('abort', () => waiting?.done.abort(), { once: true });
      for (let turn = 0; !signal.aborted; turn++) {
        const antenna = ports[turn % ports.length] ?? 1;
        const { problem } = await attempt(() => play({ ...portValues(antennas), antenna }, signal));
        if (problem !== null) await pause(clock, retryMs, signal);
      }
    },
    heard: (frame) => {
      if (waiting?.ends(frame) === true) waiting.done.abort();
    },
  };
}

/** What command templates may say of the configured ports. */
export function portValues(antennas: readonly number[]): TemplateValues {
  const antennaMask = antennas.reduce((mask, port) => mask + 2 ** (port - 1), 0);
  return { antennas, antennaMask, antenna: antennas[0] ?? 1 };
}

function namesAntenna({ session, commands }: ByteProfile): boolean {
  return (session.round ?? []).some(({ operation }) => {
    const template = compileTemplate(commands[operation]?.send ?? '');
    return template !== null && templateNames(template, 'antenna');
  });
}
