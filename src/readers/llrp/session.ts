import {
  type Clock,
  createTroubles,
  type Fault,
  GatewayError,
  type Log,
  said,
  sentenceOf,
  type Timer,
} from '../../kit/index.ts';
import { type CommandError, type MessageTree, writeMessage } from '../../protocols/index.ts';
import type { Reply } from '../commands/access.ts';
import type { StatusTracker } from '../status-tracker.ts';
import { tellAntennas } from './antennas.ts';
import { type Asked, createConversation } from './conversation.ts';
import type { ReaderConfig } from './reader-config.ts';
import type { Request } from './requests.ts';
import { canApply, type Effect, firstState, nextMove, type SessionInput, type SessionState } from './session-table.ts';
import type { Learned, Plan } from './set-up.ts';
import { refusalOf, type Wanted } from './wanted.ts';

/** Keeps an LLRP reader taking inventory: does what the session table says. */
export type LlrpSession = {
  opened(): void;
  lost(): void;
  /** What comes cannot be cut into messages, for this reason. */
  broken(fault: Fault): void;
  /** Anything came from the reader. */
  heard(): void;
  /** The channel is held, or no longer: what is not read from it is no silence of the reader. */
  held(isHeld: boolean): void;
  told(told: MessageTree): void;
  /** A request beside the set-up. */
  ask(request: Request): Promise<Asked>;
  /** Sets the reader up for something else; where it refuses, it goes on as before. */
  apply(wanted: Wanted): Promise<Reply<null>>;
  facts(): SessionFacts;
  /** Ends our ROSpec and the connection at the reader, as far as it still listens. */
  stop(): Promise<void>;
};

/** Where the session is, and what it knows. */
export type SessionFacts = {
  readonly phase: SessionState['phase'];
  readonly learned: Learned;
  readonly wanted: Wanted;
  /** Something else can be wanted of the reader now. */
  readonly canApply: boolean;
};

export type LlrpSessionDeps = {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracker: StatusTracker;
  write(bytes: Uint8Array): Promise<void>;
  /** Gives the connection up for this reason; a new one is made after a pause. */
  reopen(reason: Fault): void;
};

export function createLlrpSession(deps: LlrpSessionDeps): LlrpSession {
  const closed = createBell<void>();
  const applied = createBell<CommandError | null>();
  const wait = createWait(deps.clock, () => machine.take({ kind: 'timeout' }));
  const carryOut = createEffects(deps, wait, { closed: closed.ring, applied: applied.ring });
  const talk = createConversation(deps.clock, deps.plan.profile.session.answerMs, ({ name, values, inside }, id) => {
    const { phase, learned } = machine.facts();
    if (phase === 'closed') return false;
    send(deps, writeMessage(name, { version: learned.version, id }, values, inside));
    return true;
  });
  const machine = createMachine(deps.plan, carryOut, () => {
    applied.ring('timeout');
    talk.lost();
  });
  const attempt = (wanted: Wanted): Promise<Reply<null>> => {
    const obstacle = machine.want(wanted);
    if (obstacle !== null) return Promise.resolve({ ok: false, error: obstacle, sent: false });
    const outcome = applied.wait();
    machine.take({ kind: 'apply' });
    return outcome.then((error) => (error === null ? { ok: true, value: null } : { ok: false, error, sent: true }));
  };
  return {
    opened: () => machine.take({ kind: 'opened' }),
    lost: () => machine.take({ kind: 'lost' }),
    broken: (fault) => machine.take({ kind: 'broken', fault }),
    heard: wait.heard,
    held: wait.hold,
    told: (told) => {
      if (!talk.answered(told)) machine.take({ kind: 'told', told });
    },
    ask: talk.ask,
    apply: async (wanted) => {
      const before = machine.facts().wanted;
      const reply = await attempt(wanted);
      if (!reply.ok) await attempt(before);
      return reply;
    },
    facts: machine.facts,
    stop: () => {
      const done = closed.wait();
      machine.take({ kind: 'stop' });
      return done;
    },
  };
}

/** The session table at work. `away` is called whenever there is no connection after a move. */
function createMachine(first: Plan, carryOut: (effect: Effect) => void, away: () => void) {
  let plan = first;
  let state = firstState;
  const waiting: SessionInput[] = [];
  let isBusy = false;
  return {
    // One move is carried out whole before the next begins: an answer may come while its request is being sent.
    take: (input: SessionInput) => {
      waiting.push(input);
      if (isBusy) return;
      isBusy = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const move = nextMove(plan, state, next);
        ({ state } = move);
        for (const effect of move.effects) carryOut(effect);
      }
      isBusy = false;
      if (state.phase === 'closed') away();
    },
    /** From now on; why it cannot be applied at once, null where it can. */
    want: (wanted: Wanted): CommandError | null => {
      plan = { ...plan, wanted };
      const { has } = state.learned;
      if (!canApply(state) || has === null) return 'offline';
      return refusalOf(wanted, has) === null ? null : 'parameter';
    },
    facts: (): SessionFacts => ({
      phase: state.phase,
      learned: state.learned,
      wanted: plan.wanted,
      canApply: canApply(state),
    }),
  };
}

/** Lets any number wait for something that happens later. */
function createBell<T>() {
  const waiting: ((value: T) => void)[] = [];
  return {
    wait: () => new Promise<T>((resolve) => void waiting.push(resolve)),
    ring: (value: T) => {
      for (const hear of waiting.splice(0)) hear(value);
    },
  };
}

type Bells = { closed(): void; applied(error: CommandError | null): void };

type Effects = { [Kind in Effect['kind']]: (effect: Extract<Effect, { kind: Kind }>) => void };

/** Does what a move says. `closed` rings when the reader has been left, `applied` when a set-up has ended, well or not. */
function createEffects(deps: LlrpSessionDeps, wait: ReturnType<typeof createWait>, { closed, applied }: Bells) {
  const { tracker, log } = deps;
  const troubles = createTroubles(deps.clock);
  let complaint = said('');
  let lacked = '';
  let shown: ReaderConfig | null = null;
  const effects: Effects = {
    send: ({ request, id, version }) =>
      send(deps, writeMessage(request.name, { version, id }, request.values, request.inside)),
    wait: ({ ms, idle }) => wait.begin(ms, idle),
    rest: () => wait.end(),
    reopen: () => deps.reopen(complaint),
    running: ({ learned: { identity, config }, wanted: { reading, antennas } }) => {
      troubles.well();
      const news = config === shown ? null : config;
      shown = config;
      tracker.identify(identity ?? '');
      tellAntennas(news, antennas, true, tracker);
      if (reading) tracker.started('inventory started');
      else tracker.halted('inventory stopped on request');
      // Last, so that it is what the status says.
      tellAntennas(news, antennas, false, tracker);
      applied(null);
    },
    lacking: ({ learned: { lacks } }) => {
      const text = lacks.map((lack) => sentenceOf(lack.fault)).join('; ');
      tracker.lacks(lacks.map((lack) => lack.fault));
      if (text !== '' && text !== lacked) log.warn({ lacks: text }, 'reader refuses a part of its set-up');
      lacked = text;
    },
    failed: ({ code, about, fault, failures }) => {
      const text = sentenceOf(fault);
      applied(code === 'READER_TIMEOUT' ? 'timeout' : 'parameter');
      tracker.failed({ code, about, error: null, fault });
      if (about === 'format') tracker.unreadable(fault);
      // Of a connection that is given up the link logs why.
      const isNews = about !== 'format' && about !== 'silence' && troubles.isNews(text);
      log[isNews ? 'warn' : 'debug']({ code, fault: fault.code, reason: text, failures }, 'reader set-up failed');
      complaint = fault;
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
  let isHeld = false;
  const end = () => {
    timer?.cancel();
    timer = null;
  };
  const arm = (after: number, ms: number, idle: boolean) => {
    timer = clock.after(after, () => {
      timer = null;
      const left = idle ? (isHeld ? ms : heardAt + ms - clock.now()) : 0;
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
    /** Nothing can be heard of a channel that is held: no idle wait is over meanwhile. */
    hold: (held: boolean) => {
      isHeld = held;
      heardAt = clock.now();
    },
    end,
  };
}
