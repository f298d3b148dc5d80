import { createTroubles, type Fault, fault, faultOf, type GatewayError, pause } from '../../kit/index.ts';
import { attempt } from './attempt.ts';
import { type Deafness, ONLY_SENDS } from './deaf.ts';
import type { ByteSessionDeps } from './session-deps.ts';

/** Plays the set-up of a reader until it succeeds. */
export type Persistence = {
  /** True once it succeeded, false when `signal` aborted. `failed` is called after each attempt that did not. */
  run(play: () => Promise<void>, signal: AbortSignal, failed: () => void): Promise<boolean>;
};

/** A reader that only sends is asked again ever more seldom, at last this often. */
const SELDOM_MS = 60_000;

/**
 * A set-up that fails is played again after `retryMs`; `missed` failures on end reopen the channel, at once while its speed
 * is not known. A reader that only sends is listened to, and its channel stays as it is. Each change is logged once.
 */
export function createPersistence(deps: ByteSessionDeps, deaf: Deafness): Persistence {
  const teller = createTeller(deps);
  return { run: (play, signal, failed) => persist({ deps, deaf, teller, play, failed }, signal) };
}

type Parts = {
  readonly deps: ByteSessionDeps;
  readonly deaf: Deafness;
  readonly teller: ReturnType<typeof createTeller>;
  play(): Promise<void>;
  failed(): void;
};

async function persist(parts: Parts, signal: AbortSignal): Promise<boolean> {
  const { deps, deaf, teller, play, failed } = parts;
  const { retryMs } = deps.profile.session;
  let failures = 0;
  let pauseMs = retryMs;
  deaf.begins();
  while (!signal.aborted) {
    const { problem } = await attempt(play);
    if (signal.aborted) break;
    const onlySends = deaf.shows();
    failures = onlySends ? 0 : failures + 1;
    teller.tell(onlySends, problem, failures);
    if (problem === null && !onlySends) return true;
    failed();
    if (isHopeless(deps, failures)) deps.reopen(reasonOf(problem));
    pauseMs = onlySends ? Math.min(SELDOM_MS, pauseMs * 2) : retryMs;
    await pause(deps.clock, pauseMs, signal);
  }
  return false;
}

const reasonOf = (problem: GatewayError | null): Fault => (problem === null ? fault('READER_DEAF') : faultOf(problem));

/** Whether the channel is to be opened anew after so many failures on end. */
function isHopeless({ profile, searching }: ByteSessionDeps, failures: number): boolean {
  return failures > 0 && (searching() || failures % profile.session.missed === 0);
}

/** Tells what came of an attempt; the log what is new since all was well. */
function createTeller({ tracker, log, clock }: ByteSessionDeps) {
  const troubles = createTroubles(clock);
  let told: string | null = null;
  const level = (text: string) => (troubles.isNews(text) ? 'warn' : 'debug');
  const tellFailed = (problem: GatewayError, failures: number) => {
    const { operation = 'identify', error = null } = problem.context;
    const words = { about: String(operation), error: error === null ? null : String(error) };
    const { code, message } = problem;
    tracker.failed({ code, fault: faultOf(problem), ...words });
    log[level(message)]({ code, reason: message, failures }, 'reader set-up failed');
  };
  const tellOnlySends = () => {
    if (told === ONLY_SENDS) return;
    tracker.onlySends(ONLY_SENDS);
    log[level(ONLY_SENDS)]({}, 'reader only sends');
  };
  return {
    tell: (onlySends: boolean, problem: GatewayError | null, failures: number) => {
      if (onlySends) tellOnlySends();
      else if (problem !== null) tellFailed(problem, failures);
      else if (told !== null) log.info({}, 'reader answers again');
      told = onlySends ? ONLY_SENDS : (problem?.message ?? null);
      if (told === null) troubles.well();
    },
  };
}
