import { type Backoff, backoffMs, type Timer } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkState } from './link.ts';

/** A device or broker that comes back is open again within 3 s plus the time of opening. */
const waits: Backoff = { firstMs: 250, maxMs: 3000, factor: 2 };

/** Where a link stands and when it tries again. The link reports what happens; `attempt` is called when it is time. */
export type Reopening = {
  state(): LinkState;
  /** Begins the first attempt; does nothing unless closed. */
  start(): void;
  opened(): void;
  /** It could not be opened, or was lost: waits and attempts again. */
  failed(error: string): void;
  /** It is open, and something is wrong all the same (null: no longer). */
  troubled(error: string | null): void;
  stopped(): void;
};

/** `attempt` opens once and ends in exactly one `opened` or `failed`, and one `failed` when it is lost later. */
export function createReopening(deps: LinkDeps, attempt: () => void): Reopening {
  const { clock, log, random } = deps;
  let state: LinkState = { state: 'closed', since: clock.now(), error: null };
  let timer: Timer | null = null;
  let failures = 0;

  /** `since` is the start of the outage, not of each attempt within it: that is what staff ask for. */
  const enter = (next: LinkState['state'], error: string | null, goesOn: boolean) => {
    state = { state: next, since: goesOn ? state.since : clock.now(), error };
  };
  const tryNow = () => {
    enter('opening', state.error, state.state === 'waiting');
    attempt();
  };
  const failed = (error: string) => {
    const wasOpen = state.state === 'open';
    // A channel that holds for less than the longest wait is flapping: its waits keep growing.
    if (wasOpen && clock.now() - state.since >= waits.maxMs) failures = 0;
    if (error !== state.error) log.warn({ error }, 'link is not open');
    failures += 1;
    enter('waiting', error, !wasOpen);
    timer = clock.after(backoffMs(waits, failures, random), tryNow);
  };
  return {
    state: () => state,
    start: () => {
      if (state.state === 'closed') tryNow();
    },
    opened: () => {
      enter('open', null, false);
      log.info({}, 'link is open');
    },
    failed,
    troubled: (error) => enter(state.state, error, true),
    stopped: () => {
      timer?.cancel();
      failures = 0;
      enter('closed', null, false);
    },
  };
}
