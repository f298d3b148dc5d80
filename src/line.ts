import { type Carrier, createCarrier, type Journal, outcomesOf } from './carrier.ts';
import type { InputResult, ItemInput } from './inventory/index.ts';
import { type Clock, GatewayError, type Log } from './kit/index.ts';
import type { Ledger } from './ledger/index.ts';
import { createRounds, logged, once, sightsPerTurn } from './rounds.ts';
import { hexAt, type ReadBatch } from './tags/index.ts';

/*
 * The way of a read, from the reader's message to what is on disk:
 *
 *   reads  ─▶ ledger.take     ─▶ changes ─▶ journal.append ─▶ ledger.settled ─▶ followers
 *   time   ─▶ ledger.expire   ─▶ the same way, in slices
 *   inputs ─▶ ledger.draft    ─▶ the same way, many at once
 *
 * What is decided is decided before a promise is returned, in the order of the calls. Waiting is for the disk only.
 */

export type Line = {
  /** Takes the reads of one message. Fulfilled when every effect is on disk, null where it is; a rejection means that it may come again. */
  take(reads: ReadBatch, redelivered: boolean): Promise<void> | null;
  /** Lets time pass, every 250 ms: departures, and now and then a part of the last sights. What the database refuses is logged. */
  tick(): Promise<void>;
  /**
   * Applies what a POS, an ERP or staff say of items, all at once: each has its own result, and the same id has one effect on its
   * item. Rejects with what the database refuses: then none was applied.
   */
  inputs(inputs: readonly ItemInput[]): Promise<readonly InputResult[]>;
  /** Writes all last sights, before the gateway stops. What the database refuses is logged. */
  flush(): Promise<void>;
};

export type LineParts = {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** The time, which tells of its leaps first. */
  now(): number;
  /** Looks which readers can be heard, before any silence is counted. */
  look(): void;
  /** A reader sent this: it is heard. */
  heard(reader: string, at: number): void;
  /** Called after each append. */
  committed(): void;
  /** Hears what a read will have become once it is on disk, before any wait. */
  decided(reader: string, outcome: string): void;
  /** Counts what became of a read: ARRIVED, GLIMPSED, and beside them NO_CONSENT where its effect was withheld. */
  count(reader: string, outcome: string, antenna: number | null): void;
  /** Resolves when others have had their turn. */
  turn(): Promise<void>;
};

/** So many departures, and so many inputs, are decided in one turn. */
const departuresPerTurn = 200;
const inputsPerTurn = 200;

export function createLine(parts: LineParts): Line {
  const { ledger, journal, log } = parts;
  const carry = createCarrier(parts);
  const carrySights = async (most: number): Promise<number> => {
    const seen = ledger.sights(most);
    if (seen === null) return 0;
    await carry.write(seen.turn, () => journal.seen(seen.rows).then(() => ({ duplicates: [] })));
    return seen.rows.length;
  };
  const departures = once(async () => {
    for (let more = true; more; ) {
      const due = ledger.expire(parts.now(), departuresPerTurn);
      more = due.more;
      await carry.decided(due);
      if (more) await parts.turn();
    }
  });
  const rounds = createRounds(ledger.sightsWaiting, carrySights);
  journal.failed(() => {
    const problem = ledger.takeBack(parts.clock.now());
    if (problem !== null) log.error({ code: problem.code, reason: problem.message }, 'presence could not be read back');
  });
  return {
    take: (reads, redelivered) => {
      try {
        return takeReads(parts, carry.decided, reads, redelivered);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    tick: async () => {
      parts.look();
      await logged(log, 'departures could not be written; they are tried again', departures);
      await logged(log, sightsLost, rounds);
    },
    inputs: async (inputs) => {
      const draft = ledger.draft();
      for (let at = 0; at < inputs.length; at += inputsPerTurn) {
        if (at > 0) await parts.turn();
        draft.add(inputs.slice(at, at + inputsPerTurn));
      }
      const decided = draft.close();
      await carry.decided({ ...decided, observations: [], withheld: [], refused: [] });
      return decided.results;
    },
    flush: () =>
      logged(log, sightsLost, async () => {
        while ((await carrySights(sightsPerTurn)) > 0);
      }),
  };
}

const sightsLost = 'last sights could not be written; the next reads bring them again';

function takeReads(parts: LineParts, carry: Carrier['decided'], reads: ReadBatch, redelivered: boolean) {
  if (reads.size > 0) parts.heard(reads.reader, reads.receivedAt);
  const decided = parts.ledger.take(reads, parts.now(), redelivered);
  for (const { reader, outcome } of outcomesOf(decided)) parts.decided(reader, outcome);
  const kept = carry(decided);
  return decided.refused.length === 0 ? kept : refuse(kept, noRoom(reads, decided.refused));
}

/** Waits for what was kept. */
async function refuse(kept: Promise<void> | null, why: GatewayError): Promise<never> {
  await kept;
  throw why;
}

/** What was not kept of a message whose other reads took effect: it may come again. At most 20 EPCs are named. */
function noRoom({ epc }: ReadBatch, rows: readonly number[]): GatewayError {
  const epcs = [...new Set(rows.map((row) => hexAt(epc, row) ?? ''))];
  const errors = epcs
    .slice(0, 20)
    .map((epc) => ({ pointer: '', found: epc, allowed: 'a tag for which there is memory' }));
  return new GatewayError('PRESENCE_FULL', `There is no memory for ${epcs.length} more tags that are present.`, {
    errors,
  });
}
