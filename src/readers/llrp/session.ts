import { type Clock, GatewayError, type Log, type Timer } from '../../kit/index.ts';
import type { StatusTracker } from '../status-tracker.ts';
import { type Effect, firstState, nextMove, type SessionInput } from './session-table.ts';
import type { Plan } from './set-up.ts';
import { type Told, writeMessage } from './tree.ts';

/** Keeps an LLRP reader taking inventory: does what the session table says. */
export type LlrpSession = {
  opened(): void;
  lost(): void;
  /** What comes cannot be cut into messages. */
  broken(): void;
  /** Anything came from the reader. */
  heard(): void;
  told(told: Told): void;
  /** Ends our ROSpec and the connection at the reader, as far as it still listens. */
  stop(): Promise<void>;
};

export type LlrpSessionDeps = {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracker: StatusTracker;
  write(bytes: Uint8Array): Promise<void>;
  /** Gives the connection up and makes a new one. */
  reopen(): void;
};

export function createLlrpSession(deps: LlrpSessionDeps): LlrpSession {
  const { plan } = deps;
  let state = firstState;
  const closing: (() => void)[] = [];
  const wait = createWait(deps.clock, () => take({ kind: 'timeout' }));
  const carryOut = createEffects(deps, wait, () => {
    for (const done of closing.splice(0)) done();
  });
  const waiting: SessionInput[] = [];
  let isBusy = false;
  // One move is carried out whole before the next begins: an answer may come while its request is being sent.
  const take = (input: SessionInput) => {
    waiting.push(input);
    if (isBusy) return;
    isBusy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const move = nextMove(plan, state, next);
      ({ state } = move);
      for (const effect of move.effects) carryOut(effect);
    }
    isBusy = false;
  };
  return {
    opened: () => take({ kind: 'opened' }),
    lost: () => take({ kind: 'lost' }),
    broken: () => take({ kind: 'broken' }),
    heard: wait.heard,
    told: (told) => take({ kind: 'told', told }),
    stop: () =>
      new Promise((resolve) => {
        closing.push(resolve);
        take({ kind: 'stop' });
      }),
  };
}

type Effects = { [Kind in Effect['kind']]: (effect: Extract<Effect, { kind: Kind }>) => void };

/** Does what a move says. `closed` is called when the reader has been left. */
function createEffects(deps: LlrpSessionDeps, wait: ReturnType<typeof createWait>, closed: () => void) {
  const { tracker, log } = deps;
  let complaint = '';
  const effects: Effects = {
    send: ({ request, id, version }) =>
      send(deps, writeMessage(request.name, { version, id }, request.values, request.inside)),
    wait: ({ ms, idle }) => wait.begin(ms, idle),
    rest: () => wait.end(),
    reopen: () => deps.reopen(),
    started: ({ identity }) => {
      complaint = '';
      tracker.identify(identity);
      tracker.say('inventory started');
    },
    failed: ({ code, text, failures }) => {
      tracker.say(text);
      tracker.warn(code, 1);
      // The same trouble every few seconds is one line in the log.
      log[text === complaint ? 'debug' : 'warn']({ code, reason: text, failures }, 'reader set-up failed');
      complaint = text;
    },
    closed,
  };
  return (effect: Effect) => (effects[effect.kind] as (effect: Effect) => void)(effect);
}

/** What cannot be written is not lost in silence: the link tells of its loss by itself. */
function send({ write, log }: LlrpSessionDeps, bytes: Uint8Array): void {
  write(bytes).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error;
    log.debug({ reason: error.message }, 'llrp message not sent');
  });
}

/** One wait at a time; an idle one begins anew with everything that is heard, without a timer for each. */
function createWait(clock: Clock, over: () => void) {
  let timer: Timer | null = null;
  let heardAt = 0;
  const end = () => {
    timer?.cancel();
    timer = null;
  };
  const arm = (after: number, ms: number, idle: boolean) => {
    timer = clock.after(after, () => {
      timer = null;
      const left = idle ? heardAt + ms - clock.now() : 0;
      if (left > 0) arm(left, ms, idle);
      else over();
    });
  };
  return {
    begin: (ms: number, idle: boolean) => {
      end();
      heardAt = clock.now();
      arm(ms, ms, idle);
    },
    heard: () => {
      heardAt = clock.now();
    },
    end,
  };
}
