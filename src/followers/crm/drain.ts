import type { DestinationState, OutboxRow, OutboxTable } from '../../journal/index.ts';
import { type Clock, GatewayError, type Log, type Timer } from '../../kit/index.ts';
import { type DeliveryDeps, deliver } from './delivery.ts';
import type { Sender } from './sender.ts';
import type { Standing } from './standing.ts';
import type { Telling } from './telling.ts';

export type DrainDeps = {
  readonly destination: string;
  readonly outbox: OutboxTable;
  readonly standing: Standing;
  /** Where the texts come from. */
  readonly telling: Telling;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly batch: number;
  readonly inFlight: number;
};

/** Tells one destination what is in the log, by way of its outbox; knows nothing of the others. */
export type Drain = {
  start(): void;
  /** Begins no delivery until `resume`. */
  pause(): void;
  resume(): void;
  paused(): boolean;
  /** Cheap and never in the caller's turn. */
  wake(): void;
  /** Lets deliveries in flight end for up to 2.5 s, then cuts them. */
  stop(): Promise<void>;
  enable(): Promise<void>;
  /** Events delivered since the start. */
  delivered(): number;
};

type Work = DrainDeps & {
  /** Lanes in flight: no two deliveries hold events of the same one. */
  readonly lanes: Set<string>;
  /** Lanes whose event was the last probes' and failed: the next probe takes another. */
  readonly avoid: Set<string>;
  readonly running: Set<Promise<void>>;
  readonly refusals: { count: number };
  /** Texts are being made. */
  making: Promise<void> | null;
  /** What stood behind the cursor at the start is counted: a slice in a turn, so that no question has to count it all at once. */
  counted: boolean;
  active: boolean;
  paused: boolean;
  /** A turn is under way or about to be; `again`: something happened since it began. */
  scheduled: boolean;
  again: boolean;
  storeRests: boolean;
  timer: Timer | null;
  heldUntil: number | null;
  /** With fewer texts than this waiting, more are made. */
  readonly ahead: number;
  largest: number;
  delivered: number;
};

/** Within the time that the whole gateway has for its stop. */
const stopWithinMs = 2_500;
const storeRestMs = 5_000;
const blockedCheckMs = 1_000;
/** The wall clock may be set while nothing is due, so it is looked at again; and a timer of more than 24 days fires at once. */
const longestSleepMs = 10 * 60_000;
const avoidedLanes = 1_000;
const leastAhead = 500;

/** A drain at rest until `start`; what the outbox throws makes it rest for 5 s. */
export function createDrain(deps: DrainDeps): Drain {
  const work: Work = {
    ...deps,
    ...{ lanes: new Set(), avoid: new Set(), running: new Set(), refusals: { count: 0 } },
    ...{ active: false, paused: false, scheduled: false, again: false, storeRests: false },
    ...{ timer: null, heldUntil: null, making: null, counted: false },
    ...{ ahead: Math.max(leastAhead, deps.batch * deps.inFlight), largest: deps.batch, delivered: 0 },
  };
  return {
    start: () => {
      work.active = true;
      wake(work);
    },
    wake: () => wake(work),
    stop: () => stop(work),
    pause: () => {
      work.paused = true;
    },
    resume: () => {
      work.paused = false;
      wake(work);
    },
    paused: () => work.paused,
    enable: async () => {
      work.avoid.clear();
      work.refusals.count = 0;
      work.heldUntil = null;
      await work.standing.enable();
      wake(work);
    },
    delivered: () => work.delivered,
  };
}

function wake(work: Work): void {
  work.again = true;
  if (work.scheduled || !work.active) return;
  work.scheduled = true;
  setImmediate(() => void turn(work));
}

/** One at a time: between the question what is due and the beginning of its delivery no other may ask. */
async function turn(work: Work): Promise<void> {
  work.again = false;
  try {
    if (work.active && !work.storeRests) await pump(work);
  } catch (error) {
    storeFailed(work, error);
  } finally {
    work.scheduled = false;
  }
  if (work.again) wake(work);
}

/** Starts at most one delivery and comes back in a later turn for the next, so that reads are never kept waiting. */
async function pump(work: Work): Promise<void> {
  const rests = mayNotSend(work);
  if (rests || !work.counted) {
    work.counted = work.telling.look();
    if (!work.counted) wake(work);
  }
  if (rests) return;
  const probing = !work.standing.sound();
  if (work.running.size >= (probing ? 1 : work.inFlight)) return;
  const before = work.standing.state();
  const rows = await (probing ? takeProbe(work) : takeBatch(work, work.largest, work.lanes));
  // What was learnt of the destination meanwhile says anew what may be sent.
  if (work.active && !work.paused && !isOther(before, work.standing.state())) begin(work, rows, probing);
  else wake(work);
}

function begin(work: Work, rows: readonly OutboxRow[], probing: boolean): void {
  if (work.making === null && work.telling.behind()) makeTexts(work, rows.length, probing);
  if (rows.length > 0) {
    run(work, rows, probing);
    wake(work);
  } else if (work.making === null) sleep(work);
}

function isOther(before: DestinationState, now: DestinationState): boolean {
  return before.state !== now.state || before.nextAt !== now.nextAt;
}

/** Whether nothing goes out now; where a wait is the reason, its end is looked after. */
function mayNotSend(work: Work): boolean {
  const { state, nextAt } = work.standing.state();
  if (work.paused || state === 'disabled') return true;
  if (nextAt === null || nextAt <= work.clock.now()) return false;
  hold(work, nextAt);
  return true;
}

/**
 * Texts are made for what is going to be sent now: for a probe one, where none waits; otherwise so many that deliveries do not wait for
 * them. Where everything that waits is parked and nothing is on its way, the others are not kept waiting, however many that is.
 */
function makeTexts(work: Work, found: number, probing: boolean): void {
  const starved = found === 0 && work.running.size === 0;
  if (!starved && (probing || isAhead(work))) return;
  work.making = work.telling.tell(probing ? 1 : Number.MAX_SAFE_INTEGER).then(
    () => {
      work.making = null;
      wake(work);
    },
    (error: unknown) => {
      work.making = null;
      storeFailed(work, error);
    },
  );
}

function isAhead({ outbox, destination, ahead }: Work): boolean {
  return outbox.waiting(destination).count >= ahead;
}

/** The timer, not the wall clock, ends a wait: a clock that is set back must not make it longer. */
function hold(work: Work, until: number): void {
  if (work.heldUntil === until) return;
  rest(work, until - work.clock.now(), () => work.standing.waited());
  work.heldUntil = until;
}

function sleep(work: Work): void {
  const next = work.outbox.nextDueAt(work.destination);
  if (next === null) return;
  const ms = next - work.clock.now();
  rest(work, ms > 0 ? Math.min(ms, longestSleepMs) : blockedCheckMs, () => undefined);
}

function rest(work: Work, ms: number, then: () => void): void {
  work.timer?.cancel();
  work.heldUntil = null;
  work.timer = work.clock.after(ms, () => {
    work.timer = null;
    work.heldUntil = null;
    then();
    wake(work);
  });
}

function takeBatch(work: Work, limit: number, exclude: ReadonlySet<string>): Promise<OutboxRow[]> {
  return work.outbox.due(work.destination, work.clock.now(), limit, exclude);
}

/** One event, of a lane that was not tried last: the fault may be that event's. Another may still have to be made. */
async function takeProbe(work: Work): Promise<OutboxRow[]> {
  const others = await takeBatch(work, 1, new Set([...work.lanes, ...work.avoid]));
  if (others.length > 0 || work.avoid.size === 0 || (work.telling.behind() && !isAhead(work))) return others;
  work.avoid.clear();
  return takeBatch(work, 1, work.lanes);
}

function run(work: Work, rows: readonly OutboxRow[], probing: boolean): void {
  const lanes = new Set(rows.map((row) => row.lane));
  for (const lane of lanes) work.lanes.add(lane);
  const finished = () => {
    work.running.delete(job);
    for (const lane of lanes) work.lanes.delete(lane);
    if (work.standing.sound() || work.avoid.size >= avoidedLanes) work.avoid.clear();
    else if (probing) for (const lane of lanes) work.avoid.add(lane);
    wake(work);
  };
  const job: Promise<void> = deliver(rows, deliveryOf(work)).then(finished, (error: unknown) => {
    finished();
    storeFailed(work, error);
  });
  work.running.add(job);
}

function deliveryOf(work: Work): DeliveryDeps {
  const { destination, outbox, standing, clock, random, log, refusals } = work;
  return {
    ...{ destination, outbox, standing, clock, random, log, refusals },
    send: async (rows) => (work.active ? work.sender.send(rows) : null),
    delivered: (count) => {
      work.delivered += count;
    },
    tooLarge: (events) => {
      work.largest = Math.max(1, Math.min(work.largest, Math.floor(events / 2)));
    },
  };
}

/** What could not be written is still in the outbox and is sent again under the same id. */
function storeFailed(work: Work, error: unknown): void {
  if (!(error instanceof GatewayError)) throw error;
  work.log.warn({ code: error.code, reason: error.message }, 'outbox cannot be used, deliveries rest');
  if (!work.active) return;
  work.storeRests = true;
  rest(work, storeRestMs, () => {
    work.storeRests = false;
  });
}

async function stop(work: Work): Promise<void> {
  work.active = false;
  work.timer?.cancel();
  const late = work.clock.after(stopWithinMs, () => void work.sender.close());
  await Promise.allSettled([...work.running, work.making]);
  late.cancel();
  await work.sender.close();
  try {
    await work.standing.flush();
  } catch (error) {
    storeFailed(work, error);
  }
}
