import type { Site } from '../../epcis/index.ts';
import type { OutboxTable, Store } from '../../journal/index.ts';
import { type Clock, GatewayError, type Log, sentenceOf } from '../../kit/index.ts';
import type { OpenFollower } from '../open-follower.ts';
import { createDrain, type Drain } from './drain.ts';
import { type Destination, destinationProblems } from './options.ts';
import { wantsOf } from './routes.ts';
import { createSender } from './sender.ts';
import { createStanding, type Standing } from './standing.ts';
import type { DestinationStatus } from './status.ts';
import { createTelling, type Telling } from './telling.ts';

/** Tells destinations what is in the log: at least once, under stable ids, in order per lane, each by itself. */
export type Forwarder = {
  start(): void;
  /** Says that something was committed. Costs the caller nothing: the work begins in a later turn. */
  wake(): void;
  /** Lets deliveries in flight end for up to 2.5 s, then cuts them; what was cut is sent again after the next start. */
  stop(): Promise<void>;
  status(): DestinationStatus[];
  /** Resumes a disabled or paused destination at once. Rejects with NOT_FOUND. */
  enable(id: string): Promise<void>;
  /** Puts dead letters back into the outbox, under their old ids; null = all. Resolves with how many. Rejects with NOT_FOUND. */
  resend(id: string, seqs: readonly number[] | null): Promise<number>;
  /** The same as a follower of the log. */
  follow(): OpenFollower;
};

export type ForwarderDeps = {
  readonly destinations: readonly Destination[];
  readonly store: Pick<Store, 'outbox' | 'facts' | 'lastSeq' | 'countFacts' | 'factsRemoved' | 'cursors' | 'product'>;
  /** Whose events they are, as EPCIS words need it. */
  readonly site: Site;
  /** CloudEvents `source`: urn:silentgate:<site>. */
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Gives [0, 1). */
  readonly random: () => number;
  /** `user-agent` of the deliveries. */
  readonly userAgent?: string;
};

type Lane = {
  readonly destination: Destination;
  readonly standing: Standing;
  readonly telling: Telling;
  readonly drain: Drain;
};

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
  const wake = () => each((drain) => drain.wake());
  const stop = async () => {
    await Promise.all([...lanes.values()].map(({ drain }) => drain.stop()));
  };
  return {
    ...{ wake, stop },
    start: () => each((drain) => drain.start()),
    status: () => [...lanes.values()].map((lane) => statusOf(lane, deps.store.outbox)),
    enable: async (id) => laneOf(id).drain.enable(),
    resend: async (id, seqs) => {
      const { drain } = laneOf(id);
      const count = await deps.store.outbox.resend(id, seqs);
      drain.wake();
      return count;
    },
    follow: () => ({
      wake,
      pause: () => each((drain) => drain.pause()),
      resume: () => each((drain) => drain.resume()),
      close: stop,
      status: () =>
        [...lanes.values()].map(({ telling: { name, cursor }, drain }) => ({
          name,
          cursor: cursor(),
          lag: Math.max(0, deps.store.lastSeq() - cursor()),
          paused: drain.paused(),
        })),
    }),
  };
}

function openLane(destination: Destination, deps: ForwarderDeps): Lane {
  const [problem] = destinationProblems(destination);
  if (problem !== undefined) {
    const text = `Destination ${destination.id}: found ${problem.found}; allowed: ${problem.allowed}.`;
    throw new GatewayError('CONFIG_INVALID', text, { destination: destination.id });
  }
  const { store, site, source, clock, random } = deps;
  const { outbox, cursors, product } = store;
  const { id, batch, inFlight, timeoutMs } = { ...defaults, ...destination };
  const log = deps.log.child({ destination: id });
  const userAgent = deps.userAgent ?? 'Silentgate';
  const standing = createStanding(id, outbox, { clock, random, log });
  const sender = createSender(destination, { source, userAgent, inFlight, timeoutMs, clock });
  const composer = { site, product };
  const telling = createTelling({
    destination: id,
    wants: wantsOf(destination),
    log: store,
    cursors,
    outbox,
    composer,
  });
  const lane = { destination: id, outbox, standing, telling, sender, clock, random, log, batch, inFlight };
  return { destination, standing, telling, drain: createDrain(lane) };
}

function statusOf({ destination, standing, telling, drain }: Lane, outbox: OutboxTable): DestinationStatus {
  const { id, url } = destination;
  const { state, failures, nextAt, lastFault, lastSuccessAt, since } = standing.state();
  const lastError = lastFault === null ? null : sentenceOf(lastFault);
  const [made, behind] = [outbox.waiting(id), telling.waiting()];
  return {
    ...{ id, url, state, waiting: made.count + behind.count, oldestWaitingAt: made.oldestAt ?? behind.oldestAt },
    dead: outbox.deadCount(id),
    ...{ delivered: drain.delivered(), failures, nextAttemptAt: nextAt },
    ...{ lastError, lastFault, lastSuccessAt, since },
  };
}
