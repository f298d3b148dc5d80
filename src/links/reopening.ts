import { type Backoff, createPauses, createTroubles, type Fault, sentenceOf, type Timer } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import { type LinkState, linkState } from './link.ts';

/** A device or broker that comes back is open again within 3 s plus the time of opening. */
const waits: Backoff = { firstMs: 250, maxMs: 3000, factor: 2 };

/** Where a link stands and when it tries again. The link reports what happens; `attempt` is called when it is time. */
export type Reopening = {
  state(): LinkState;
  /** Begins the first attempt; does nothing unless closed. */
  start(): void;
  opened(): void;
  /** It could not be opened, was lost, or (`isVerdict`) is given up because it is of no use: waits and attempts again. */
  failed(fault: Fault, isVerdict?: boolean): void;
  /** It is open, and something is wrong all the same (null: no longer). */
  troubled(fault: Fault | null): void;
  stopped(): void;
};

/** A channel that was cut once may have been cut by accident. */
const ACCIDENTS = 1;

/**
 * `attempt` opens once and ends in exactly one `opened` or `failed`, and one `failed` when it is lost later. Why a channel
 * breaks again and again stays in the state, also while it is open, until it has done a minute of good work.
 */
export function createReopening(deps: LinkDeps, attempt: () => void): Reopening {
  const { clock } = deps;
  const voice = createVoice(deps);
  const pauses = createPauses(waits, deps, () => {
    broken = null;
    enter('open', trouble, true);
    voice.open();
  });
  let state = linkState('closed', clock.now());
  let timer: Timer | null = null;
  /** What the broker or device refuses while it is open. */
  let trouble: Fault | null = null;
  /** Why the channel breaks before it has done good work. */
  let broken: Fault | null = null;

  /** `since` is the start of the outage, not of each attempt within it: that is what staff ask for. */
  const enter = (next: LinkState['state'], fault: Fault | null, goesOn: boolean) => {
    state = linkState(next, goesOn ? state.since : clock.now(), fault);
  };
  const tryNow = () => {
    enter('opening', state.fault, state.state === 'waiting');
    attempt();
  };
  const failed = (fault: Fault, isVerdict = false) => {
    const wasOpen = state.state === 'open';
    const wait = pauses.broke();
    if (wasOpen) broken = pauses.earlyBreaks() > (isVerdict ? 0 : ACCIDENTS) ? fault : null;
    trouble = null;
    voice.broken(fault);
    enter('waiting', fault, !wasOpen);
    timer = clock.after(wait, tryNow);
  };
  return {
    state: () => state,
    start: () => void (state.state === 'closed' && tryNow()),
    opened: () => {
      enter('open', broken, false);
      pauses.up();
      if (broken === null) voice.open();
    },
    failed,
    troubled: (fault) => {
      trouble = fault;
      enter(state.state, trouble ?? broken, true);
    },
    stopped: () => {
      timer?.cancel();
      pauses.end();
      trouble = null;
      broken = null;
      enter('closed', null, false);
    },
  };
}

/** One line in the log for each change: a channel that opens and breaks again and again is one change, not two a second. */
function createVoice({ clock, log }: LinkDeps) {
  const troubles = createTroubles(clock);
  let saidOpen = false;
  return {
    open: () => {
      if (!saidOpen) log.info({}, 'link is open');
      saidOpen = true;
      troubles.forget();
    },
    broken: (fault: Fault) => {
      saidOpen = false;
      const error = sentenceOf(fault);
      if (troubles.isNews(error)) log.warn({ code: fault.code, error }, 'link is not open');
    },
  };
}
