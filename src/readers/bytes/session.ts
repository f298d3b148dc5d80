import { type Clock, GatewayError, type Log, pause, type Timer } from '../../kit/index.ts';
import type { ByteProfile, Operation } from '../profile/byte-profile.ts';
import type { StatusTracker } from '../status-tracker.ts';
import type { Conversation } from './conversation.ts';
import type { CompiledFraming } from './framing.ts';
import type { TemplateValues } from './template.ts';

/** Keeps a byte reader taking inventory. */
export type Session = {
  /** The channel is open: the set-up is played, also after every reconnect because boards differ in what they keep. */
  opened(): void;
  lost(): void;
  /** A whole frame came, whatever it says. */
  heard(framing: CompiledFraming): void;
  /** Ends the inventory at the reader, as far as it still listens. */
  stop(): Promise<void>;
};

export type SessionDeps = {
  readonly profile: ByteProfile;
  readonly framings: readonly CompiledFraming[];
  /** Code of the configured region and configured dBm; null leaves what the reader has. */
  readonly region: number | null;
  readonly power: number | null;
  readonly talk: Conversation;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracker: StatusTracker;
  reopen(): void;
};

/**
 *   opened ─▶ stop ─▶ identify ─▶ region ─▶ power ─▶ start ─▶ (reports)
 *                ▲                                              │ silent: start again
 *                └──────── silent `missed` times ◀──────────────┘
 *   a set-up that fails is tried again after `retryMs`; `missed` failures on end reopen the channel
 */
export function createSession(deps: SessionDeps): Session {
  const { profile, talk, clock, tracker } = deps;
  const { missed, retryMs } = profile.session;
  let alive = new AbortController();
  let failures = 0;
  const watch = createSilenceWatch(profile.session, clock, {
    again: () => void attempt(() => startInventory(deps)),
    dead: () => begin(),
  });
  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const { problem } = await attempt(() => setUp(deps, signal));
      if (signal.aborted) return;
      if (problem === null) {
        failures = 0;
        tracker.say('inventory started');
        return watch.begin();
      }
      failures += 1;
      sayFailed(deps, problem, failures);
      if (failures % missed === 0) deps.reopen();
      await pause(clock, retryMs, signal);
    }
  };
  const halt = () => {
    alive.abort();
    talk.reset();
    watch.end();
  };
  const begin = () => {
    halt();
    alive = new AbortController();
    void run(alive.signal);
  };
  return {
    opened: begin,
    lost: halt,
    heard: (framing) => {
      watch.heard();
      talk.speak(framing);
    },
    stop: async () => {
      const running = watch.watching();
      halt();
      if (running && profile.commands.stopInventory !== undefined) await attempt(() => talk.ask('stopInventory'));
    },
  };
}

function sayFailed({ tracker, log }: SessionDeps, problem: GatewayError, failures: number): void {
  tracker.say(problem.message);
  tracker.warn(problem.code, 1);
  log.warn({ code: problem.code, reason: problem.message, failures }, 'reader set-up failed');
}

/** Calls `again` after each silence and `dead` after `missed` of them on end. */
function createSilenceWatch(
  { silenceMs, missed }: ByteProfile['session'],
  clock: Clock,
  calls: { again(): void; dead(): void },
) {
  let timer: Timer | null = null;
  let heardAt = 0;
  let silences = 0;
  const check = () => {
    if (clock.now() - heardAt < silenceMs) return;
    silences += 1;
    if (silences < missed) calls.again();
    else calls.dead();
  };
  return {
    begin: () => {
      heardAt = clock.now();
      silences = 0;
      timer = clock.every(silenceMs, check);
    },
    heard: () => {
      heardAt = clock.now();
      silences = 0;
    },
    end: () => {
      timer?.cancel();
      timer = null;
    },
    watching: () => timer !== null,
  };
}

async function setUp(deps: SessionDeps, signal: AbortSignal): Promise<void> {
  const { profile, talk, clock, tracker } = deps;
  await pause(clock, profile.port.openMs, signal);
  // The module may still be reporting to a gateway that is gone. One that is idle need not answer.
  if (profile.commands.stopInventory !== undefined) await attempt(() => talk.ask('stopInventory', {}, 0));
  if (!signal.aborted) tracker.identify(await identify(deps, signal));
  for (const [operation, values] of settings(deps)) if (!signal.aborted) await talk.ask(operation, values);
  if (!signal.aborted) await startInventory(deps);
}

function startInventory({ profile, talk }: SessionDeps): Promise<void> {
  return talk.tell('startInventory', { rounds: profile.session.rounds ?? 0 });
}

/** Asks who is there, in each framing of the profile beginning with the one last heard. */
async function identify({ profile, framings, talk }: SessionDeps, signal: AbortSignal): Promise<string> {
  if (profile.commands.identify === undefined) return profile.id;
  const first = talk.spoken();
  for (const framing of [first, ...framings.filter((other) => other !== first)]) {
    if (signal.aborted) break;
    talk.speak(framing);
    const { value, problem } = await attempt(() => talk.ask('identify'));
    if (problem === null) return String(value.fields['text'] ?? profile.id);
    if (problem.code !== 'READER_TIMEOUT') throw problem;
  }
  talk.speak(first);
  throw new GatewayError('READER_TIMEOUT', 'The reader does not answer: check cable, power, port and baud rate.');
}

function settings({ region, power }: SessionDeps): [Operation, TemplateValues][] {
  const list: [Operation, TemplateValues][] = [];
  if (region !== null) list.push(['setRegion', { region }]);
  if (power !== null) list.push(['setPower', { power }]);
  return list;
}

type Outcome<T> =
  | { readonly value: T; readonly problem: null }
  | { readonly value: null; readonly problem: GatewayError };

/** What went wrong as a value; bugs pass through. */
async function attempt<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await run(), problem: null };
  } catch (error) {
    if (error instanceof GatewayError) return { value: null, problem: error };
    throw error;
  }
}
