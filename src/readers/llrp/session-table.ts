import { type ErrorCode, type Fault, fault } from '../../kit/index.ts';
import { greetingRefusal, inner, inners, type MessageTree, numberIn, statusOf } from '../../protocols/index.ts';
import { holdNothing, OUR_ROSPEC, type Request, request } from './requests.ts';
import {
  firstOfWanted,
  type Learned,
  lackOf,
  lacksBefore,
  nothingLearned,
  type Plan,
  type Step,
  setUpSteps,
  takeAnswer,
} from './set-up.ts';
import type { Wanted } from './wanted.ts';

/**
 *   closed ─opened─▶ greeting ─connection accepted─▶ setUp (one step after the other) ─▶ running ─ROSpec ended─▶ ended
 *      ▲                │ silence, refused             │ refused, silence                  │                      │
 *      └────── lost ────┴──────────▶ failed ◀──────────┘◀──── refused ──── setUp ◀─────────┼──────────────────────┘
 *                                     └─ after retryMs: setUp again, or a new connection   └─ silence: new connection
 *   silence is missing keepalives, or no answer of a reader that gives none and is asked
 *   apply: something else is wanted of a reader that runs, has ended or failed: setUp from its ROSpecs on
 *   stop: closing ─ answered or silence ─▶ closed
 */
export type SessionState = {
  readonly phase: 'closed' | 'greeting' | 'setUp' | 'running' | 'ended' | 'failed' | 'closing';
  /** Index into the set-up's steps. */
  readonly step: number;
  /** Id of the request that is waited for. */
  readonly asked: number;
  readonly nextId: number;
  readonly learned: Learned;
  /** The reader has accepted this connection. */
  readonly greeted: boolean;
  /** Failed set-ups on end. */
  readonly failures: number;
  /** Where the connection was lost while asking for the version, it is not asked again. */
  readonly offersVersion: boolean;
  /** A reader without keepalives was asked whether it lives. */
  readonly probing: boolean;
};

export const firstState: SessionState = {
  phase: 'closed',
  step: 0,
  asked: 0,
  nextId: 1,
  learned: nothingLearned,
  greeted: false,
  failures: 0,
  offersVersion: true,
  probing: false,
};

export type SessionInput =
  | { readonly kind: 'opened' | 'lost' | 'timeout' | 'apply' | 'stop' }
  /** What comes cannot be cut into messages. */
  | { readonly kind: 'broken'; readonly fault: Fault }
  | { readonly kind: 'told'; readonly told: MessageTree };

/** Why the reader cannot be used; `about` is the request, or the setting, that it is about. */
type Refusal = { readonly code: ErrorCode; readonly about: string; readonly fault: Fault };

/** What the driver does. `wait` takes the place of the wait before; `idle` starts anew with every word of the reader. */
export type Effect =
  | { readonly kind: 'send'; readonly request: Request; readonly id: number; readonly version: number }
  | { readonly kind: 'wait'; readonly ms: number; readonly idle: boolean }
  | { readonly kind: 'rest' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'running'; readonly learned: Learned; readonly wanted: Wanted }
  | { readonly kind: 'lacking'; readonly learned: Learned }
  | ({ readonly kind: 'failed'; readonly failures: number } & Refusal)
  | { readonly kind: 'closed' };

export type Move = { readonly state: SessionState; readonly effects: readonly Effect[] };

/** What the session does next. Pure: the same state and input always give the same move. */
export function nextMove(plan: Plan, state: SessionState, input: SessionInput): Move {
  if (input.kind === 'told') return heard(plan, state, input.told);
  if (input.kind === 'broken') return broken(plan, state, input.fault);
  return byInput[input.kind](plan, state);
}

const rest: Effect = { kind: 'rest' };
const stay = (state: SessionState): Move => ({ state, effects: [] });

/** Whether the reader is known and its set-up not under way: something else can be asked of it. */
export function canApply({ phase, greeted, learned }: SessionState): boolean {
  return learned.has !== null && (phase === 'running' || phase === 'ended' || (phase === 'failed' && greeted));
}

const byInput: Readonly<
  Record<'opened' | 'lost' | 'timeout' | 'apply' | 'stop', (plan: Plan, state: SessionState) => Move>
> = {
  opened: ({ profile }, state) => ({
    state: { ...state, phase: 'greeting', greeted: false, learned: nothingLearned },
    effects: [{ kind: 'wait', ms: profile.session.answerMs, idle: false }],
  }),
  lost: (_, state) => {
    const askedVersion = state.phase === 'setUp' && (setUpSteps[state.step]?.inVersion ?? 1) > 1;
    const closing = state.phase === 'closing';
    return {
      state: { ...state, phase: 'closed', offersVersion: state.offersVersion && !askedVersion },
      effects: closing ? [rest, { kind: 'closed' }] : [rest],
    };
  },
  timeout: (plan, state) => timeouts[state.phase](plan, state),
  apply: (plan, state) => (canApply(state) ? enterFrom(plan, state, firstOfWanted) : stay(state)),
  stop: ({ profile }, state) => {
    if (state.phase === 'closed' || state.phase === 'greeting') {
      return { state: { ...state, phase: 'closed' }, effects: [rest, { kind: 'closed' }] };
    }
    const id = state.nextId + 1;
    const { version } = state.learned;
    return {
      state: { ...state, phase: 'closing', asked: id, nextId: id + 1 },
      effects: [
        { kind: 'send', request: request('DELETE_ROSPEC', { roSpecId: OUR_ROSPEC }), id: id - 1, version },
        { kind: 'send', request: request('CLOSE_CONNECTION'), id, version },
        { kind: 'wait', ms: profile.session.answerMs, idle: false },
      ],
    };
  },
};

function broken(plan: Plan, state: SessionState, why: Fault): Move {
  if (state.phase === 'closing') return timeouts.closing(plan, state);
  if (state.greeted || state.phase === 'closed') return reopened(state, why, 'format');
  return failed(plan, state, { code: 'READER_TIMEOUT', about: 'greeting', fault: fault('LLRP_NOT_SPOKEN') });
}

const timeouts: Readonly<Record<SessionState['phase'], (plan: Plan, state: SessionState) => Move>> = {
  closed: (_, state) => stay(state),
  greeting: (_, state) => reopened(state, fault('LLRP_NO_GREETING')),
  setUp: (plan, state) => {
    const step = setUpSteps[state.step];
    if (step?.optional === true) return enterStep(plan, state, state.step + 1);
    const about = step?.name ?? 'a request';
    const unanswered = fault('READER_STEP_UNANSWERED', { step: about });
    return failed(plan, state, { code: 'READER_TIMEOUT', about, fault: unanswered });
  },
  running: (plan, state) => {
    if (state.learned.keepsAlive) return reopened(state, fault('LLRP_NO_KEEPALIVES'));
    if (state.probing) return reopened(state, fault('LLRP_NO_MORE_ANSWERS'));
    return probe(plan, state);
  },
  ended: (plan, state) => enterStep(plan, state, setUpSteps.length - 1),
  failed: (plan, state) => {
    if (state.greeted && state.failures % plan.profile.session.missed !== 0) return enterFrom(plan, state, 0);
    return { state: { ...state, phase: 'closed' }, effects: [rest, { kind: 'reopen' }] };
  },
  closing: (_, state) => ({ state: { ...state, phase: 'closed' }, effects: [rest, { kind: 'closed' }] }),
};

function heard(plan: Plan, state: SessionState, told: MessageTree): Move {
  if (state.phase === 'closed') return stay(state);
  if (told.name === 'KEEPALIVE') {
    const id = told.id;
    const { version } = state.learned;
    return { state, effects: [{ kind: 'send', request: request('KEEPALIVE_ACK'), id, version }] };
  }
  if (told.name === 'READER_EVENT_NOTIFICATION') return noticed(plan, state, told);
  const isAnswer = told.id === state.asked;
  if (state.phase === 'setUp' && isAnswer) return answered(plan, state, told);
  if (state.phase === 'running' && isAnswer) return answeredRunning(plan, state, told);
  if (state.phase === 'closing' && isAnswer) return timeouts.closing(plan, state);
  return stay(state);
}

function noticed(plan: Plan, state: SessionState, told: MessageTree): Move {
  const data = inner(told, 'ReaderEventNotificationData');
  const attempt = inner(data, 'ConnectionAttemptEvent');
  if (state.phase === 'greeting' && attempt !== undefined) return greeted(plan, state, numberIn(attempt, 'status'));
  const roSpec = inner(data, 'ROSpecEvent');
  const ended = numberIn(roSpec, 'kind') === 1 && numberIn(roSpec, 'roSpecId') === OUR_ROSPEC;
  if (state.phase !== 'running' || !ended) return stay(state);
  // Not at once: a ROSpec that ends as soon as it starts would be started for ever.
  return {
    state: { ...state, phase: 'ended' },
    effects: [{ kind: 'wait', ms: plan.profile.session.retryMs, idle: false }],
  };
}

function greeted(plan: Plan, state: SessionState, status: number): Move {
  if (status === 0) return enterStep(plan, { ...state, greeted: true }, 0);
  if (status === 4) return stay(state);
  return failed(plan, state, { code: 'READER_REFUSED', ...greetingRefusal(status) });
}

function answered(plan: Plan, state: SessionState, told: MessageTree): Move {
  const step = setUpSteps[state.step];
  if (step === undefined || (told.name !== step.answer && told.name !== 'ERROR_MESSAGE')) return stay(state);
  const { learned, problem, about = step.name } = takeAnswer(step, plan, state.learned, told);
  const next = { ...state, learned };
  if (problem === undefined) return enterStep(plan, next, state.step + 1);
  return failed(plan, next, { code: 'READER_REFUSED', about, fault: problem });
}

/** Begins the set-up at a step: what was refused from there on is asked again. */
function enterFrom(plan: Plan, state: SessionState, from: number): Move {
  const { learned } = state;
  return enterStep(plan, { ...state, learned: { ...learned, lacks: lacksBefore(from, learned) } }, from);
}

/** Asks the first step from `from` on that applies; past the last one the reader runs. */
function enterStep(plan: Plan, state: SessionState, from: number): Move {
  const { session } = plan.profile;
  const index = setUpSteps.findIndex((step, i) => i >= from && applies(plan, state, step));
  const step = setUpSteps[index];
  if (step === undefined) return running(plan, state);
  const id = state.nextId;
  const version = step.inVersion ?? state.learned.version;
  return {
    state: { ...state, phase: 'setUp', step: index, asked: id, nextId: id + 1 },
    effects: [
      { kind: 'send', request: step.request(plan, state.learned), id, version },
      { kind: 'wait', ms: session.answerMs, idle: false },
    ],
  };
}

function applies(plan: Plan, { learned, offersVersion }: SessionState, step: Step): boolean {
  return step.applies(plan, learned) && (offersVersion || step.inVersion === undefined);
}

function running({ profile, wanted }: Plan, state: SessionState): Move {
  const { learned, nextId: id } = state;
  const { keepaliveMs, missed } = profile.session;
  // What the reader held while it was set up comes now; a reader that holds nothing takes it as well.
  const release = request('ENABLE_EVENTS_AND_REPORTS');
  return {
    state: { ...state, phase: 'running', failures: 0, asked: id, nextId: id + 1, probing: false },
    effects: [
      { kind: 'send', request: release, id, version: learned.version },
      { kind: 'running', learned, wanted },
      { kind: 'lacking', learned },
      { kind: 'wait', ms: keepaliveMs * missed, idle: true },
    ],
  };
}

/** A reader that gives no keepalives is asked for its ROSpecs: it lives, and ours is there, as it tells of no end either. */
function probe({ profile }: Plan, state: SessionState): Move {
  const { nextId: id, learned } = state;
  return {
    state: { ...state, asked: id, nextId: id + 1, probing: true },
    effects: [
      { kind: 'send', request: request('GET_ROSPECS'), id, version: learned.version },
      { kind: 'wait', ms: profile.session.answerMs, idle: false },
    ],
  };
}

function answeredRunning(plan: Plan, state: SessionState, told: MessageTree): Move {
  if (!state.probing) return told.name === 'ERROR_MESSAGE' ? notReleased(state, told) : stay(state);
  const isThere = inners(told, 'ROSpec').some((spec) => numberIn(spec, 'roSpecId') === OUR_ROSPEC);
  const next = { ...state, probing: false };
  if (told.name === 'GET_ROSPECS_RESPONSE' && statusOf(told).code === 0 && plan.wanted.reading && !isThere) {
    return enterFrom(plan, next, firstOfWanted);
  }
  const { keepaliveMs, missed } = plan.profile.session;
  return { state: next, effects: [{ kind: 'wait', ms: keepaliveMs * missed, idle: true }] };
}

/** It refuses to give what it held: so it must not hold anything from now on. */
function notReleased(state: SessionState, told: MessageTree): Move {
  const { nextId: id, learned: before } = state;
  const lack = lackOf('ENABLE_EVENTS_AND_REPORTS', statusOf(told), 'LLRP_WITHOUT_KEPT_READS');
  const learned = { ...before, lacks: [...before.lacks, lack] };
  const { version } = learned;
  const unhold: Effect[] = before.has?.holds ? [{ kind: 'send', request: holdNothing(), id, version }] : [];
  return { state: { ...state, learned, nextId: id + 1 }, effects: [...unhold, { kind: 'lacking', learned }] };
}

function failed({ profile }: Plan, state: SessionState, refusal: Refusal): Move {
  const failures = state.failures + 1;
  return {
    state: { ...state, phase: 'failed', failures },
    effects: [
      { kind: 'failed', ...refusal, failures },
      { kind: 'wait', ms: profile.session.retryMs, idle: false },
    ],
  };
}

/** Gives the connection up; the link opens a new one after its pause. */
function reopened(state: SessionState, why: Fault, about: 'silence' | 'format' = 'silence'): Move {
  const failures = state.failures + 1;
  return {
    state: { ...state, phase: 'closed', failures },
    effects: [{ kind: 'failed', code: 'READER_TIMEOUT', about, fault: why, failures }, rest, { kind: 'reopen' }],
  };
}
