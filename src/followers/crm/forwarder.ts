import { type Clock, GatewayError, type Log, sentenceOf } from '../../kit/index.ts';
import type { OutboxTable } from '../../store/index.ts';
import { createDrain, type Drain } from './drain.ts';
import { type Destination, destinationProblems } from './options.ts';
import { createSender } from './sender.ts';
import { createStanding, type Standing } from './standing.ts';
import type { DestinationStatus } from './status.ts';

/** Carries the outbox to its destinations: at least once, under stable ids, in order per lane, each by itself. */
export type Forwarder = {
  start(): void;
  /** Says that something was committed. Costs the caller nothing: the work begins in a later turn. */
  wake(): void;
  /** Lets deliveries in flight end for up to 2.5 s, then cuts them; what was cut is sent again after the next start. */
  stop(): Promise<void>;
  status(): DestinationStatus[];
  /** Resumes a disabled or paused destination at once. Throws NOT_FOUND. */
  enable(id: string): void;
  /** Puts dead letters back into the outbox, under their old ids; null = all. Returns how many. Throws NOT_FOUND. */
  resend(id: string, seqs: readonly number[] | null): number;
};

export type ForwarderDeps = {
  readonly destinations: readonly Destination[];
  readonly outbox: OutboxTable;
  /** CloudEvents `source`: urn:silentgate:<site>. */
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Gives [0, 1). */
  readonly random: () => number;
  /** `user-agent` of the deliveries. */
  readonly userAgent?: string;
};

type Lane = { readonly destination: Destination; readonly standing: Standing; readonly drain: Drain };

const defaults = { batch: 100, inFlight: 4, timeoutMs: 15_000 };

/** Nothing is sent before `start`. Throws CONFIG_INVALID, SECRET_MISSING. */
export function createForwarder(deps: ForwarderDeps): Forwarder {
  const lanes = new Map(deps.destinations.map((destination) => [destination.id, openLane(destination, deps)]));
  const each = (run: (drain: Drain) => void) => {
    for (const { drain } of lanes.values()) run(drain);
  };
  const laneOf = (id: string): Lane => {
    const lane = lanes.get(id);
    if (lane === undefined) throw new GatewayError('NOT_FOUND', `There is no destination ${id}.`, { destination: id });
    return lane;
  };
  return {
    start: () => each((drain) => drain.start()),
    wake: () => each((drain) => drain.wake()),
    stop: async () => {
      await Promise.all([...lanes.values()].map(({ drain }) => drain.stop()));
    },
    status: () => [...lanes.values()].map((lane) => statusOf(lane, deps.outbox)),
    enable: (id) => laneOf(id).drain.enable(),
    resend: (id, seqs) => {
      const { drain } = laneOf(id);
      const count = deps.outbox.resend(id, seqs);
      drain.wake();
      return count;
    },
  };
}

function openLane(destination: Destination, deps: ForwarderDeps): Lane {
  const [problem] = destinationProblems(destination);
  if (problem !== undefined) {
    const text = `Destination ${destination.id}: found ${problem.found}; allowed: ${problem.allowed}.`;
    throw new GatewayError('CONFIG_INVALID', text, { destination: destination.id });
  }
  const { outbox, source, clock, random } = deps;
  const { id, batch, inFlight, timeoutMs } = { ...defaults, ...destination };
  const log = deps.log.child({ destination: id });
  const userAgent = deps.userAgent ?? 'Silentgate';
  const standing = createStanding(id, outbox, { clock, random, log });
  const sender = createSender(destination, { source, userAgent, inFlight, timeoutMs, clock });
  const drain = createDrain({ destination: id, outbox, standing, sender, clock, random, log, batch, inFlight });
  return { destination, standing, drain };
}

function statusOf({ destination, standing, drain }: Lane, outbox: OutboxTable): DestinationStatus {
  const { id, url } = destination;
  const { state, failures, nextAt, lastFault, lastSuccessAt, since } = standing.state();
  const lastError = lastFault === null ? null : sentenceOf(lastFault);
  const { count, oldestAt } = outbox.waiting(id);
  return {
    ...{ id, url, state, waiting: count, oldestWaitingAt: oldestAt, dead: outbox.deadCount(id) },
    ...{ delivered: drain.delivered(), failures, nextAttemptAt: nextAt },
    ...{ lastError, lastFault, lastSuccessAt, since },
  };
}
