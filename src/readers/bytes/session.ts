import { type Clock, type GatewayError, type Log, pause } from '../../kit/index.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import type { StatusTracker } from '../status-tracker.ts';
import { attempt } from './attempt.ts';
import type { Conversation } from './conversation.ts';
import type { CompiledFraming } from './framing.ts';
import { bytesOf } from './hex.ts';
import { compileMatch, compileMatches } from './match.ts';
import { createRounds, portValues } from './rounds.ts';
import { askOrTell, setUp } from './set-up.ts';
import { createSilenceWatch } from './silence.ts';

/** Keeps a byte reader taking inventory. */
export type Session = {
  /** The channel is open: the set-up is played, also after every reconnect because boards differ in what they keep. */
  opened(): void;
  lost(): void;
  /** A whole frame came, whatever it says. */
  heard(framing: CompiledFraming, frame: Uint8Array): void;
  /** Ends the inventory at the reader, as far as it still listens. */
  stop(): Promise<void>;
};

export type SessionDeps = {
  readonly profile: ByteProfile;
  readonly framings: readonly CompiledFraming[];
  /** Code of the configured region and configured dBm; null leaves what the reader has. */
  readonly region: number | null;
  readonly power: number | null;
  /** Configured ports, from 1. */
  readonly antennas: readonly number[];
  readonly talk: Conversation;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracker: StatusTracker;
  /** True while the speed of the line is not known: each failure then reopens the channel, at the next one. */
  searching(): boolean;
  reopen(): void;
};

/**
 *   opened ─▶ wake ─▶ stop ─▶ identify ─▶ region ─▶ power ─▶ set-up ─▶ start ─▶ (reports)
 *                ▲                                                                  │ silent: start again
 *                └──────── silent `missed` times, or the reader began anew ◀────────┘
 *   a set-up that fails is tried again after `retryMs`; `missed` failures on end reopen the channel, at once while its
 *   speed is not known.
 *   A reader of style `listen` is only heard.
 */
export function createSession(deps: SessionDeps): Session {
  const { profile, talk, clock, tracker } = deps;
  const { style } = profile.session;
  const rounds = createRounds(profile, talk, clock, deps.antennas);
  const rebooted = compileMatches(profile.session.rebooted);
  const acknowledge = compileAcknowledge(deps);
  let alive = new AbortController();
  const watch = createSilenceWatch(profile.session, clock, {
    again: () => {
      if (style !== 'rounds') void attempt(() => startInventory(deps));
    },
    dead: () => begin(),
  });
  const run = async (signal: AbortSignal) => {
    if (!(await persist(deps, signal))) return;
    tracker.started('inventory started');
    watch.begin();
    if (style === 'rounds') await rounds.run(signal);
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
    opened: () => (style === 'listen' ? tracker.started('listening') : begin()),
    lost: halt,
    heard: (framing, frame) => {
      watch.heard();
      talk.speak(framing);
      acknowledge(frame);
      rounds.heard(frame);
      if (!watch.watching() || !rebooted(frame)) return;
      tracker.warn('READER_REBOOTED', 1);
      begin();
    },
    stop: async () => {
      const running = watch.watching();
      halt();
      if (running) await stopInventory(deps);
    },
  };
}

/** Plays the set-up until it succeeds; false when `signal` aborted. */
async function persist(deps: SessionDeps, signal: AbortSignal): Promise<boolean> {
  const { missed, retryMs } = deps.profile.session;
  for (let failures = 1; !signal.aborted; failures++) {
    const { problem } = await attempt(() => setUpAndStart(deps, signal));
    if (signal.aborted) return false;
    if (problem === null) return true;
    sayFailed(deps, problem, failures);
    if (deps.searching() || failures % missed === 0) deps.reopen();
    await pause(deps.clock, retryMs, signal);
  }
  return false;
}

async function setUpAndStart(deps: SessionDeps, signal: AbortSignal): Promise<void> {
  await setUp(deps, signal);
  if (!signal.aborted && deps.profile.session.style !== 'rounds') await startInventory(deps);
}

async function stopInventory(deps: SessionDeps): Promise<void> {
  if (deps.profile.commands.stopInventory !== undefined) await attempt(() => askOrTell(deps, 'stopInventory', {}));
}

function startInventory({ profile, talk, antennas }: SessionDeps): Promise<void> {
  return talk.tell('startInventory', { ...portValues(antennas), rounds: profile.session.rounds ?? 0 });
}

/** Answers frames that want to be acknowledged; after the chunk that brought them was taken in. */
function compileAcknowledge({ profile, talk }: SessionDeps): (frame: Uint8Array) => void {
  const { acknowledge } = profile.session;
  if (acknowledge === undefined) return () => undefined;
  const wants = compileMatch(acknowledge.match);
  const bytes = bytesOf(acknowledge.send);
  return (frame) => {
    if (wants(frame)) void Promise.resolve().then(() => attempt(() => talk.raw(bytes)));
  };
}

function sayFailed({ tracker, log }: SessionDeps, problem: GatewayError, failures: number): void {
  const { operation = 'identify', error = null } = problem.context;
  const words = { about: String(operation), error: error === null ? null : String(error) };
  tracker.failed({ code: problem.code, text: problem.message, ...words });
  log.warn({ code: problem.code, reason: problem.message, failures }, 'reader set-up failed');
}
