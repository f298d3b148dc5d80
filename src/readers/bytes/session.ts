import { type Backoff, createPauses, type Pauses, pause } from '../../kit/index.ts';
import { type CommandError, type CompiledFraming, compileMatches } from '../../protocols/index.ts';
import type { StatusTracker } from '../status-tracker.ts';
import { compileAcknowledge } from './acknowledge.ts';
import { attempt } from './attempt.ts';
import { createDeafness, type Deafness } from './deaf.ts';
import { createPersistence, type Persistence } from './persistence.ts';
import { createReaderInventory, type ReaderInventory } from './reader-inventory.ts';
import { createRounds } from './rounds.ts';
import type { ByteSessionDeps } from './session-deps.ts';
import { setUp } from './set-up.ts';
import { createSilenceWatch } from './silence.ts';

/** Keeps a byte reader taking inventory. */
export type ByteSession = {
  /** The channel is open: the set-up is played, also after every reconnect because boards differ in what they keep. */
  opened(): void;
  lost(): void;
  /** A whole frame came, whatever it says. */
  heard(framing: CompiledFraming, frame: Uint8Array): void;
  /** The channel is held, or no longer: what is not read from it is no silence of the reader. */
  held(isHeld: boolean): void;
  /** Tags were reported. */
  reads(): void;
  /** Ends the inventory at the reader, as far as it still listens. */
  stop(): Promise<void>;
  /** `down`: the channel is closed or the reader does not answer; `busy`: it is being set up. */
  state(): 'ready' | 'busy' | 'down';
  /** Whether inventory is to be taken, now and after a reconnect. Throws what kept the reader from it. */
  take(inventory: boolean): Promise<void>;
  /**
   * Inventory rests while `run` runs and goes on afterwards, whatever happens. `signal` aborts when the reader is lost,
   * begins anew or would not rest: then nothing may be asked any more, and its reason is the CommandError to tell.
   */
  rest<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Plays the whole set-up again, with what is wanted now. */
  replay(): void;
};

/**
 *   opened ─▶ wake ─▶ stop ─▶ identify ─▶ region ─▶ power ─▶ set-up ─▶ start ─▶ (reports) ◀─▶ rests for a command
 *                ▲                                                                  │ silent: start again
 *                └──────── silent `missed` times, or the reader began anew ◀────────┘
 *   one that begins anew again and again is set up after a pause that grows.
 *   a set-up that fails is tried again after `retryMs`; `missed` failures on end reopen the channel, at once while its
 *   speed is not known. A reader that reports tags and answers nothing only sends: it is listened to, asked again ever more
 *   seldom, and its channel stays as it is for as long as tags are reported.
 *   A reader of style `listen` is only heard.
 */
export function createByteSession(deps: ByteSessionDeps): ByteSession {
  const { profile, talk, clock, tracker } = deps;
  const rounds = createRounds(profile, talk, clock, deps.wanted.now);
  const inventory = createReaderInventory(deps, rounds);
  const life = createLife(deps, inventory);
  const rebooted = compileMatches(profile.session.rebooted);
  const acknowledge = compileAcknowledge(profile, talk);
  let resting = false;
  const isReboot = (frame: Uint8Array) =>
    rebooted(frame) && (life.watch.watching() || (resting && talk.awaits() !== 'identify'));
  return {
    opened: () => (profile.session.style === 'listen' ? tracker.started('listening') : life.begin('internal')),
    lost: life.lose,
    held: life.watch.hold,
    reads: life.deaf.reads,
    heard: (framing, frame) => {
      life.watch.heard();
      talk.speak(framing);
      acknowledge(frame);
      rounds.heard(frame);
      if (!isReboot(frame)) return;
      tracker.warn('READER_REBOOTED', 1);
      life.beginAnew();
    },
    stop: async () => {
      const running = life.watch.watching();
      life.lose();
      if (running && profile.session.style !== 'rounds') await attempt(inventory.rest);
    },
    state: life.state,
    take: life.take,
    rest: async (work) => {
      const signal = life.signal();
      const isTaking = life.watch.watching();
      life.watch.end();
      resting = true;
      if (isTaking) await life.orBegin(inventory.rest, signal);
      try {
        return await work(signal);
      } finally {
        resting = false;
        if (isTaking) await life.orBegin(() => life.go(signal), signal);
      }
    },
    replay: () => life.begin('internal'),
  };
}

type Life = {
  /** Aborts when this life of the reader ends; its reason is the CommandError to tell. */
  signal(): AbortSignal;
  state: ByteSession['state'];
  take: ByteSession['take'];
  begin(why: CommandError): void;
  /** The reader began anew by itself. */
  beginAnew(): void;
  lose(): void;
  /** Starts inventory, if it is wanted and this life goes on. */
  go(signal: AbortSignal): Promise<void>;
  /** Runs; a reader that fails here may take the next command for something else, and is set up anew. */
  orBegin(run: () => Promise<void>, signal: AbortSignal): Promise<void>;
  readonly watch: ReturnType<typeof createSilenceWatch>;
  readonly deaf: Deafness;
};

/** A module whose supply is too weak begins anew whenever it starts to send. */
const rebootWaits: Backoff = { firstMs: 250, maxMs: 3000, factor: 2 };

function createLife(deps: ByteSessionDeps, inventory: ReaderInventory): Life {
  const { profile, talk, clock, tracker } = deps;
  const life = { alive: new AbortController(), ready: false, failing: true, taking: true };
  const deaf = createDeafness(talk, clock);
  const persistence = createPersistence(deps, deaf);
  // One module on one line: there is nobody to come back in step with.
  const pauses = createPauses(rebootWaits, { clock, random: () => 1 });
  const dead = () => begin('internal');
  const watch = createSilenceWatch(profile.session, clock, { again: () => void inventory.again(), dead });
  const go = async (signal: AbortSignal) => {
    if (!life.taking || signal.aborted) return;
    await inventory.start(signal);
    if (!signal.aborted) watch.begin();
  };
  const halt = (why: CommandError, failing = false) => {
    life.alive.abort(why);
    Object.assign(life, { ready: false, failing });
    talk.reset();
    watch.end();
  };
  const play = (signal: AbortSignal) => {
    watch.end();
    return setUp(deps, signal).then(() => go(signal));
  };
  const begin = (why: CommandError, waitMs = 0) => {
    halt(why);
    life.alive = new AbortController();
    void bringUp(deps, life.alive.signal, { life, persistence, pauses, play }, waitMs);
  };
  const take = async (taking: boolean) => {
    if (life.taking === taking) return;
    life.taking = taking;
    watch.end();
    await (taking ? go(life.alive.signal) : inventory.rest());
    tellState(tracker, taking);
  };
  const orBegin = async (work: () => Promise<void>, signal: AbortSignal) => {
    const { problem } = await attempt(work);
    if (problem !== null && !signal.aborted) begin('timeout');
  };
  const state = () => (life.ready ? 'ready' : life.failing ? 'down' : 'busy');
  const beginAnew = () => begin('internal', pauses.broke());
  const lose = () => halt('offline', true);
  return { signal: () => life.alive.signal, state, take, begin, beginAnew, lose, go, orBegin, watch, deaf };
}

type LifeParts = {
  readonly life: { failing: boolean; ready: boolean; taking: boolean };
  readonly persistence: Persistence;
  readonly pauses: Pauses;
  play(signal: AbortSignal): Promise<void>;
};

/** Plays the set-up and starts inventory, after a wait, until it succeeds or `signal` aborts. */
async function bringUp(deps: ByteSessionDeps, signal: AbortSignal, parts: LifeParts, waitMs: number): Promise<void> {
  const { life, persistence, pauses, play } = parts;
  const failed = () => void Object.assign(life, { failing: true });
  if (waitMs > 0) await pause(deps.clock, waitMs, signal);
  if (!(await persistence.run(() => play(signal), signal, failed))) return;
  life.ready = true;
  pauses.up();
  tellState(deps.tracker, life.taking);
}

function tellState(tracker: StatusTracker, taking: boolean): void {
  if (taking) tracker.started('inventory started');
  else tracker.halted('inventory stopped on request');
}
