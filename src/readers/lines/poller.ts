import { type Clock, type Fault, fault, pause } from '../../kit/index.ts';
import type { CommandError, LineProfile } from '../../protocols/index.ts';
import { attempt } from '../bytes/attempt.ts';
import type { StatusTracker } from '../status-tracker.ts';
import type { Login } from './login.ts';

/** Sets up and asks; a reader that says nothing is opened anew. One without `poll` is only heard. */
export type Poller = {
  begin(): void;
  end(why: CommandError): void;
  state(): 'ready' | 'busy' | 'down';
  /** Whether inventory is to be taken, now and after a reconnect. */
  take(inventory: boolean): Promise<void>;
  /** Inventory rests while `run` runs; `signal` aborts, with a CommandError, when the reader is lost meanwhile. */
  rest<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The reader answered something. */
  answered(): void;
};

type Deps = {
  readonly profile: LineProfile;
  readonly clock: Clock;
  readonly tracker: StatusTracker;
  /** Sends a text of the profile with what is wanted in it. */
  say(text: string): Promise<void>;
  heardAt(): number;
  readonly login: Pick<Login, 'pass'>;
  /** Gives the channel up for this reason; it is opened after a pause. */
  reopen(reason: Fault): void;
};

export function createPoller(deps: Deps): Poller {
  const { profile, tracker } = deps;
  const life = { alive: new AbortController(), ready: false, down: true, taking: true };
  const polling = createPolling(deps);
  const go = (signal: AbortSignal) => {
    if (life.taking && !signal.aborted) polling.go(signal);
  };
  const told = () =>
    life.taking ? tracker.started('inventory started') : tracker.halted('inventory stopped on request');
  const run = async (signal: AbortSignal) => {
    if (!(await deps.login.pass(signal))) return;
    await playSetUp(deps, signal);
    if (signal.aborted) return;
    life.ready = true;
    told();
    go(signal);
  };
  const end = (why: CommandError) => {
    life.alive.abort(why);
    Object.assign(life, { ready: false, down: true });
  };
  return {
    begin: () => {
      end('offline');
      Object.assign(life, { alive: new AbortController(), down: false });
      if (profile.session.poll === undefined) tracker.started('listening');
      else void run(life.alive.signal);
    },
    end,
    state: () => (life.ready ? 'ready' : life.down ? 'down' : 'busy'),
    take: async (taking) => {
      if (life.taking === taking) return;
      life.taking = taking;
      if (taking) go(life.alive.signal);
      else await polling.settle();
      told();
    },
    rest: async (work) => {
      const { signal } = life.alive;
      await polling.settle();
      try {
        return await work(signal);
      } finally {
        go(signal);
      }
    },
    answered: polling.answered,
  };
}

/** Asks for inventory again and again. */
function createPolling(deps: Deps) {
  const { profile, clock, say } = deps;
  const { poll, pollMs } = profile.session;
  let now: { readonly rests: AbortController; readonly done: Promise<void> } | null = null;
  let unanswered: AbortController | null = null;

  const ask = async (text: string, rests: AbortSignal) => {
    const answer = new AbortController();
    unanswered = answer;
    await attempt(() => say(text));
    await pause(clock, pollMs, rests);
    // What is still being answered would be taken for the answer to the next question.
    if (rests.aborted) await pause(clock, pollMs, answer.signal);
  };
  const loop = async (text: string, signal: AbortSignal, rests: AbortSignal) => {
    const begun = clock.now();
    while (!rests.aborted) {
      await ask(text, rests);
      if (!rests.aborted && isSilent(deps, begun)) return tooSilent(deps, signal);
    }
  };
  return {
    go: (signal: AbortSignal) => {
      if (poll === undefined) return;
      const rests = new AbortController();
      signal.addEventListener('abort', () => rests.abort(), { once: true });
      now = { rests, done: loop(poll, signal, rests.signal) };
    },
    settle: async () => {
      now?.rests.abort();
      await now?.done;
    },
    answered: () => unanswered?.abort(),
  };
}

async function playSetUp({ profile, clock, say }: Deps, signal: AbortSignal): Promise<void> {
  const { setUp, pollMs } = profile.session;
  await pause(clock, profile.port.openMs, signal);
  for (const text of setUp) {
    if (!signal.aborted) await attempt(() => say(text));
    await pause(clock, pollMs, signal);
  }
}

function isSilent({ profile, clock, heardAt }: Deps, begun: number): boolean {
  return clock.now() - Math.max(begun, heardAt()) >= profile.session.silenceMs;
}

function tooSilent({ tracker, reopen }: Deps, signal: AbortSignal): void {
  if (signal.aborted) return;
  const deaf = fault('READER_DEAF');
  tracker.failed({ code: 'READER_TIMEOUT', about: 'poll', error: null, fault: deaf });
  reopen(deaf);
}
