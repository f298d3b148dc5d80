import type { OutboxRow, OutboxTable } from '../../journal/index.ts';
import { type Clock, type Fault, fault, type Log, sentenceOf } from '../../kit/index.ts';
import { eventSteps, stepMs } from './schedule.ts';
import type { Standing } from './standing.ts';
import type { Verdict } from './verdict.ts';

export type DeliveryDeps = {
  readonly destination: string;
  readonly outbox: OutboxTable;
  readonly standing: Standing;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Posts one batch; null when the gateway stops and the answer is not worth anything. */
  send(rows: readonly OutboxRow[]): Promise<Verdict | null>;
  delivered(count: number): void;
  /** How many events in a row the destination refused. */
  readonly refusals: { count: number };
  /** A batch of this many events was too large for the receiver. */
  tooLarge(events: number): void;
};

type Next = 'next' | 'split' | 'stop';

/** One way through a batch: what is still to be sent, which lanes must wait, which single events are under suspicion. */
type Run = {
  readonly rows: readonly OutboxRow[];
  readonly suspects: { readonly row: OutboxRow; readonly fault: Fault }[];
  readonly blocked: Set<string>;
  delivered: number;
  failedInRow: number;
  exhausted: boolean;
};

// A receiver that refuses this many events in a row refuses them all: a wrong address must not bury the whole outbox.
const refusalsInRow = 10;
const attemptsBeforeSplit = 2;

/**
 * Delivers one batch: whole, and in halves where the receiver refuses it or has failed on it several times, until the
 * event that it cannot take stands alone. Events of a lane never overtake each other. Writes every outcome to the
 * outbox; throws what the outbox throws (STORE_UNAVAILABLE, STORE_FULL), and then nothing is lost but sent again.
 */
export async function deliver(rows: readonly OutboxRow[], deps: DeliveryDeps): Promise<void> {
  const run: Run = { rows, suspects: [], blocked: new Set(), delivered: 0, failedInRow: 0, exhausted: false };
  const stack = [rows];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    const free = part.filter((row) => !run.blocked.has(row.lane));
    if (free.length === 0) continue;
    const verdict = await deps.send(free);
    if (verdict === null) return;
    const next = await settle(free, verdict, run, deps);
    if (next === 'stop') break;
    const middle = Math.ceil(free.length / 2);
    if (next === 'split') stack.push(free.slice(middle), free.slice(0, middle));
  }
  await settleSuspects(run, deps);
}

async function settle(rows: readonly OutboxRow[], verdict: Verdict, run: Run, deps: DeliveryDeps): Promise<Next> {
  const { standing } = deps;
  switch (verdict.kind) {
    case 'delivered':
      return settleDelivered(rows, run, deps);
    case 'refused':
      return settleRefused(rows, verdict, deps);
    case 'failed':
      return settleFailed(rows, verdict.fault, run, deps);
    case 'unreachable':
      await standing.down(verdict.fault);
      return 'stop';
    case 'denied':
      await standing.denied(verdict.fault);
      return 'stop';
    case 'wait':
      await standing.wait(verdict.until, verdict.fault);
      return 'stop';
    case 'gone':
      await standing.gone(verdict.fault);
      return 'stop';
  }
}

async function settleDelivered(rows: readonly OutboxRow[], run: Run, deps: DeliveryDeps): Promise<Next> {
  await deps.outbox.delivered(deps.destination, seqsOf(rows), deps.clock.now());
  await deps.standing.succeeded();
  deps.delivered(rows.length);
  deps.refusals.count = 0;
  run.delivered += rows.length;
  run.failedInRow = 0;
  return 'next';
}

async function settleRefused(
  rows: readonly OutboxRow[],
  { status, fault: why }: Extract<Verdict, { kind: 'refused' }>,
  deps: DeliveryDeps,
): Promise<Next> {
  if (status === 413) deps.tooLarge(rows.length);
  if (rows.length > 1) return 'split';
  await bury(rows, why, status, deps);
  deps.refusals.count += 1;
  if (deps.refusals.count < refusalsInRow) return 'next';
  deps.refusals.count = 0;
  await deps.standing.denied(fault('CRM_REFUSES_ALL', { count: refusalsInRow }, why));
  return 'stop';
}

async function settleFailed(rows: readonly OutboxRow[], why: Fault, run: Run, deps: DeliveryDeps): Promise<Next> {
  const partOfRun = rows.length < run.rows.length;
  if (!partOfRun && !worthSplitting(rows, deps)) {
    if (deps.standing.sound()) {
      await retryLater(rows, why, deps);
      await deps.standing.stumbled(why);
    } else await deps.standing.down(why);
    return 'stop';
  }
  run.failedInRow += 1;
  // Longer than the way down to one event and two neighbours: it is the destination that fails.
  run.exhausted = run.failedInRow > Math.ceil(Math.log2(run.rows.length)) + 3;
  if (run.exhausted) return 'stop';
  if (rows.length > 1) return 'split';
  for (const row of rows) {
    run.suspects.push({ row, fault: why });
    run.blocked.add(row.lane);
  }
  return 'next';
}

function worthSplitting(rows: readonly OutboxRow[], deps: DeliveryDeps): boolean {
  return rows.length > 1 && deps.standing.sound() && attemptsOf(rows) >= attemptsBeforeSplit;
}

/**
 * Single events that failed. Where the destination took a neighbour, or had taken all before, it is they that are at
 * fault; otherwise, or when one part after the other failed, it is the destination.
 */
async function settleSuspects(run: Run, { standing, ...deps }: DeliveryDeps): Promise<void> {
  const last = run.suspects.at(-1);
  if (run.exhausted && run.delivered === 0) await standing.down(last?.fault ?? fault('CRM_ALL_PARTS_FAILED'));
  else if (last !== undefined && run.delivered === 0 && !standing.sound()) await standing.down(last.fault);
  else {
    for (const { row, fault: why } of run.suspects) await retryLater([row], why, { standing, ...deps });
    if (last !== undefined && run.delivered === 0) await standing.stumbled(last.fault);
  }
}

async function retryLater(rows: readonly OutboxRow[], why: Fault, deps: DeliveryDeps): Promise<void> {
  const failures = attemptsOf(rows) + 1;
  if (rows.length === 1 && failures > eventSteps.length) {
    await bury(rows, fault('CRM_GIVEN_UP', { times: failures }, why), null, deps);
    return;
  }
  const nextAt = deps.clock.now() + stepMs(eventSteps, failures, deps.random);
  await deps.outbox.retry(deps.destination, seqsOf(rows), nextAt, why);
}

async function bury(rows: readonly OutboxRow[], why: Fault, status: number | null, deps: DeliveryDeps): Promise<void> {
  await deps.outbox.bury(deps.destination, seqsOf(rows), why, status, deps.clock.now());
  const told = { events: rows.map((row) => row.eventId), code: why.code, reason: sentenceOf(why) };
  deps.log.warn(told, 'event went to the dead letters');
}

function seqsOf(rows: readonly OutboxRow[]): number[] {
  return rows.map((row) => row.seq);
}

function attemptsOf(rows: readonly OutboxRow[]): number {
  return rows.reduce((most, row) => Math.max(most, row.attempts), 0);
}
