import type { DestinationState, OutboxTable } from '../../journal/index.ts';
import { type Clock, type Fault, type Log, sentenceOf } from '../../kit/index.ts';
import { downtimeSteps, longestWaitMs, pausedSteps, stepMs } from './schedule.ts';

/**
 * How a destination stands: the breaker and its schedule, on disk so that a restart forgets neither.
 *
 *   ok ──a failure──▶ retrying ──one probe fails──▶ retrying, nextAt further away ──▶ …
 *   ok ◀──any success── retrying, paused          410 ──▶ disabled ──enable()──▶ ok
 *
 * Outside `ok` one event at a time is sent, as a probe, and none before `nextAt`.
 */
export type Standing = {
  state(): DestinationState;
  /** True while the last word of the destination was a success: then a failure speaks against the event, not against it. */
  sound(): boolean;
  succeeded(): Promise<void>;
  /** One batch failed while all else went well: probe before more is sent. */
  stumbled(why: Fault): Promise<void>;
  /** The destination cannot be reached or fails altogether. */
  down(why: Fault): Promise<void>;
  /** It asked for rest until `until` (epoch ms). */
  wait(until: number, why: Fault): Promise<void>;
  /** It refuses us; a human must act. */
  denied(why: Fault): Promise<void>;
  /** It is gone for good [Standard Webhooks: 410]. */
  gone(why: Fault): Promise<void>;
  enable(): Promise<void>;
  /** The wait for `nextAt` is over, whatever the wall clock was set to meanwhile. */
  waited(): void;
  /** Writes the time of the last success, which is otherwise written only now and then. */
  flush(): Promise<void>;
};

type Change = Partial<Omit<DestinationState, 'destination' | 'since'>>;
type Deps = { readonly clock: Clock; readonly random: () => number; readonly log: Log };
type Self = Deps & {
  readonly outbox: OutboxTable;
  current: DestinationState;
  written: DestinationState;
  askedUntil: number;
};

const successWriteMs = 60_000;

/**
 * Reads where the destination stood when the gateway last ran. A change counts at once, and is on disk when its promise
 * resolves; one that could not be written is written with the next.
 */
export function createStanding(destination: string, outbox: OutboxTable, deps: Deps): Standing {
  const current = believable(outbox.state(destination), deps.clock.now());
  const self: Self = { ...deps, outbox, current, written: current, askedUntil: 0 };
  return {
    state: () => self.current,
    sound: () => self.current.state === 'ok',
    succeeded: () => succeeded(self),
    stumbled: async (why) => {
      if (self.current.state === 'ok')
        await move(self, { state: 'retrying', failures: 1, nextAt: null, lastFault: why });
    },
    down: (why) => hold(self, 'retrying', downtimeSteps, why),
    wait: (until, why) => wait(self, until, why),
    denied: (why) => hold(self, 'paused', pausedSteps, why),
    gone: (why) => move(self, { state: 'disabled', nextAt: null, lastFault: why }),
    enable: () => {
      self.askedUntil = 0;
      return move(self, { state: 'ok', failures: 0, nextAt: null, lastFault: null });
    },
    waited: () => {
      self.askedUntil = 0;
      self.current = { ...self.current, nextAt: null };
    },
    flush: async () => {
      if (self.written !== self.current) await write(self, self.current);
    },
  };
}

async function write(self: Self, next: DestinationState): Promise<void> {
  self.current = next;
  await self.outbox.setState(next);
  self.written = next;
}

async function move(self: Self, change: Change): Promise<void> {
  const before = self.current;
  const since = change.state === undefined || change.state === before.state ? before.since : self.clock.now();
  const next = { ...before, ...change, since };
  const written = write(self, next);
  if (next.state !== before.state) tell(self.log, next);
  await written;
}

async function succeeded(self: Self): Promise<void> {
  const now = self.clock.now();
  self.current = { ...self.current, lastSuccessAt: now };
  // A batch that was on its way when the destination asked for rest, or went, does not end that.
  if (self.current.state === 'disabled' || self.askedUntil > now) return;
  if (self.current.state !== 'ok') await move(self, { state: 'ok', failures: 0, nextAt: null, lastFault: null });
  else if (now - (self.written.lastSuccessAt ?? 0) >= successWriteMs) await write(self, self.current);
}

async function hold(self: Self, state: 'retrying' | 'paused', steps: readonly number[], why: Fault): Promise<void> {
  const { current, clock, random } = self;
  const held = current.nextAt !== null && current.nextAt > clock.now();
  // Several batches in flight that fail together are one failure of the destination, not several steps.
  if (current.state === 'disabled' || (held && current.state === state)) return;
  const failures = current.failures + 1;
  const nextAt = Math.max(clock.now() + stepMs(steps, failures, random), self.askedUntil);
  await move(self, { state, failures, nextAt, lastFault: why });
}

async function wait(self: Self, until: number, why: Fault): Promise<void> {
  if (self.current.state === 'disabled') return;
  self.askedUntil = Math.max(until, self.askedUntil);
  await move(self, { state: 'retrying', nextAt: self.askedUntil, lastFault: why });
}

/** A wait that no schedule sets was written under a wrong clock. */
function believable(state: DestinationState, now: number): DestinationState {
  return state.nextAt !== null && state.nextAt > now + longestWaitMs ? { ...state, nextAt: now } : state;
}

function tell(log: Log, { state, lastFault, nextAt }: DestinationState): void {
  const why = lastFault === null ? {} : { code: lastFault.code, reason: sentenceOf(lastFault) };
  if (state === 'ok') log.info({}, 'destination takes events');
  else if (state === 'retrying') log.warn({ ...why, nextAt }, 'destination does not take events, will be tried again');
  else if (state === 'paused') log.error({ ...why, nextAt }, 'destination refuses the gateway, nothing is lost');
  else log.error(why, 'destination is gone, enable it to resume');
}
