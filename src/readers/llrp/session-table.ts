import type { ErrorCode } from '../../kit/index.ts';
import { OUR_ROSPEC, type Request, request } from './requests.ts';
import { firstOfWanted, type Learned, nothingLearned, type Plan, type Step, setUpSteps, takeAnswer } from './set-up.ts';
import { statusText } from './status.ts';
import { inner, numberIn, type Told } from './tree.ts';
import type { Wanted } from './wanted.ts';

/**
 *   closed ─opened─▶ greeting ─connection accepted─▶ setUp (one step after the other) ─▶ running ─ROSpec ended─▶ ended
 *      ▲                │ silence, refused             │ refused, silence                  │                      │
 *      └────── lost ────┴──────────▶ failed ◀──────────┘◀──── refused ──── setUp ◀─────────┼──────────────────────┘
 *                                     └─ after retryMs: setUp again, or a new connection   └─ keepalives missing: new connection
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
};

export type SessionInput =
  | { readonly kind: 'opened' | 'lost' | 'broken' | 'timeout' | 'apply' | 'stop' }
  | { readonly kind: 'told'; readonly told: Told };

/** Why the reader cannot be used; `about` is the request, or the setting, that it is about. */
type Fault = { readonly code: ErrorCode; readonly about: string; readonly text: string };

/** What the driver does. `wait` takes the place of the wait before; `idle` starts anew with every word of the reader. */
export type Effect =
  | { readonly kind: 'send'; readonly request: Request; readonly id: number; readonly version: number }
  | { readonly kind: 'wait'; readonly ms: number; readonly idle: boolean }
  | { readonly kind: 'rest' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'running'; readonly learned: Learned; readonly wanted: Wanted }
  | ({ readonly kind: 'failed'; readonly failures: number } & Fault)
  | { readonly kind: 'closed' };

export type Move = { readonly state: SessionState; readonly effects: readonly Effect[] };

/** What the session does next. Pure: the same state and input always give the same move. */
export function nextMove(plan: Plan, state: SessionState, input: SessionInput): Move {
  if (input.kind === 'told') return heard(plan, state, input.told);
  return byInput[input.kind](plan, state);
}

const rest: Effect = { kind: 'rest' };
const stay = (state: SessionState): Move => ({ state, effects: [] });

/** Whether the reader is known and its set-up not under way: something else can be asked of it. */
export function canApply({ phase, greeted, learned }: SessionState): boolean {
  return learned.has !== null && (phase === 'running' || phase === 'ended' || (phase === 'failed' && greeted));
}

const byInput: Readonly<
  Record<'opened' | 'lost' | 'broken' | 'timeout' | 'apply' | 'stop', (plan: Plan, state: SessionState) => Move>
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
  broken: (plan, state) => {
    const text = 'What the device sends is not LLRP: check address and port.';
    if (state.phase === 'running' || state.phase === 'ended') return reopened(plan, state, text);
    // A device that says something else at once would be connected to without a pause.
    return failed(plan, { ...state, greeted: false }, { code: 'READER_TIMEOUT', about: 'greeting', text });
  },
  timeout: (plan, state) => timeouts[state.phase](plan, state),
  apply: (plan, state) => (canApply(state) ? enterStep(plan, state, firstOfWanted) : stay(state)),
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

const timeouts: Readonly<Record<SessionState['phase'], (plan: Plan, state: SessionState) => Move>> = {
  closed: (_, state) => stay(state),
  greeting: (plan, state) =>
    reopened(plan, state, 'The device does not greet as an LLRP reader does: check address, port and TLS.'),
  setUp: (plan, state) => {
    const step = setUpSteps[state.step];
    if (step?.optional === true) return enterStep(plan, state, state.step + 1);
    const about = step?.name ?? 'a request';
    return failed(plan, state, { code: 'READER_TIMEOUT', about, text: `The reader did not answer ${about}.` });
  },
  running: (plan, state) => reopened(plan, state, 'The reader went silent: its keepalives stopped.'),
  ended: (plan, state) => enterStep(plan, state, setUpSteps.length - 1),
  failed: (plan, state) => {
    if (state.greeted && state.failures % plan.profile.session.missed !== 0) return enterStep(plan, state, 0);
    return { state: { ...state, phase: 'closed' }, effects: [rest, { kind: 'reopen' }] };
  },
  closing: (_, state) => ({ state: { ...state, phase: 'closed' }, effects: [rest, { kind: 'closed' }] }),
};

function heard(plan: Plan, state: SessionState, told: Told): Move {
  if (state.phase === 'closed') return stay(state);
  if (told.name === 'KEEPALIVE') {
    const id = told.id;
    const { version } = state.learned;
    return { state, effects: [{ kind: 'send', request: request('KEEPALIVE_ACK'), id, version }] };
  }
  if (told.name === 'READER_EVENT_NOTIFICATION') return noticed(plan, state, told);
  const isAnswer = told.id === state.asked;
  if (state.phase === 'setUp' && isAnswer) return answered(plan, state, told);
  if (state.phase === 'closing' && isAnswer) return timeouts.closing(plan, state);
  return stay(state);
}

function noticed(plan: Plan, state: SessionState, told: Told): Move {
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

/** What the reader says in its first word, by status; 0 is welcome, 4 is said of others (LLRP 1.0.1, 13.1.6.9). */
const greetings: Readonly<Record<number, { readonly about: string; readonly text: string }>> = {
  1: {
    about: 'otherClient',
    text: 'Another program is connected to this reader, which dialled it: a reader takes one client only.',
  },
  2: {
    about: 'otherClient',
    text: 'Another program is connected to this reader: a reader takes one client only.',
  },
  3: { about: 'greeting', text: 'The reader refuses the connection and gives no reason.' },
};

function greeted(plan: Plan, state: SessionState, status: number): Move {
  if (status === 0) return enterStep(plan, { ...state, greeted: true }, 0);
  if (status === 4) return stay(state);
  const text = `The reader refuses the connection for a reason that LLRP does not have (${status}).`;
  const refusal = greetings[status] ?? { about: 'greeting', text };
  return failed(plan, state, { code: 'READER_REFUSED', ...refusal });
}

function answered(plan: Plan, state: SessionState, told: Told): Move {
  const step = setUpSteps[state.step];
  if (step === undefined || (told.name !== step.answer && told.name !== 'ERROR_MESSAGE')) return stay(state);
  const { learned, status, problem, about = step.name } = takeAnswer(step, plan, state.learned, told);
  const next = { ...state, learned };
  if (problem === undefined) return enterStep(plan, next, state.step + 1);
  const text = status === undefined ? problem : `The reader refused ${step.name}: ${statusText(status)}.`;
  return failed(plan, next, { code: 'READER_REFUSED', about, text });
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
    state: { ...state, phase: 'running', failures: 0, nextId: id + 1 },
    effects: [
      { kind: 'send', request: release, id, version: learned.version },
      { kind: 'running', learned, wanted },
      { kind: 'wait', ms: keepaliveMs * missed, idle: true },
    ],
  };
}

function failed({ profile }: Plan, state: SessionState, fault: Fault): Move {
  const failures = state.failures + 1;
  return {
    state: { ...state, phase: 'failed', failures },
    effects: [
      { kind: 'failed', ...fault, failures },
      { kind: 'wait', ms: profile.session.retryMs, idle: false },
    ],
  };
}

function reopened(_: Plan, state: SessionState, text: string): Move {
  const failures = state.failures + 1;
  return {
    state: { ...state, phase: 'closed', failures },
    effects: [{ kind: 'failed', code: 'READER_TIMEOUT', about: 'silence', text, failures }, rest, { kind: 'reopen' }],
  };
}
