import { type Customer, type CustomerEvent, recognise } from './customers/index.ts';
import type { InputResult, Inventory, ItemInput } from './inventory/index.ts';
import { type Clock, GatewayError, type Log } from './kit/index.ts';
import type { Observation, Presence, ReadPoint, Taken } from './presence/index.ts';
import type { Batch, Store } from './store/index.ts';
import { batchOf, type TagRead } from './tags/index.ts';

/*
 * The way of a read, from the reader's message to what is on disk:
 *
 *   reads ─▶ presence ─▶ observations ─▶ customers ─▶ inventory ─▶ store.commit ─▶ committed (followers)
 *   clock ─▶ presence.expire ─▶ the same way
 *
 * Decided in the order of the calls, before the promise is returned. When it is fulfilled, every effect of the reads is on
 * disk and the source may be acknowledged.
 */

export type Pipeline = {
  /** Takes the reads of one message. Rejects with what the store rejects with; then nothing happened and it may come again. */
  take(reads: readonly TagRead[], redelivered: boolean): Promise<void>;
  /**
   * Lets time pass, every 250 ms: departures and strays, and now and then a part of the last sights of tags that lie still.
   * What the store fails with is logged, and tried again.
   */
  tick(): Promise<void>;
  /** Applies what a POS, an ERP or a member of staff says of an item; idempotent by the input's id and the item. */
  input(input: ItemInput): Promise<InputResult>;
  /** Writes all last sights that are not on disk yet, before the gateway stops. What the store fails with is logged. */
  flush(): Promise<void>;
};

export type PipelineParts = {
  readonly presence: Presence;
  readonly inventory: Inventory;
  readonly readPoints: readonly ReadPoint[];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each commit that had an effect. */
  committed(): void;
  /** Counts what became of a read: ARRIVED, GLIMPSED, and beside them NO_CONSENT where its effect was withheld. */
  count(reader: string, outcome: string, antenna: number | null): void;
};

/** Wires the core rooms to a store. Its functions reject with what the store fails with where they say so: STORE_FULL, STORE_UNAVAILABLE. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { presence, inventory, store, clock, log } = parts;
  const now = createWatch(clock, presence.clockMoved);
  const lookUp = (id: string) => store.lookUp(id);
  const byToken = (id: string): Customer | null => store.customers.byToken(id);

  const decide = (observations: readonly Observation[]): Batch => {
    const known = recognise(observations, byToken, parts.readPoints, store.customers.sights);
    for (const withheld of known.withheld) parts.count(withheld.reader, 'NO_CONSENT', withheld.antenna);
    const withheld = new Set(known.withheld);
    // Nothing of a withheld token is written, but what was written while there was consent goes when the token does.
    const persisted = observations.filter((observation) => !withheld.has(observation) || isEnd(observation));
    return { observations: persisted, events: inventory.apply(known.rest, lookUp), customerEvents: known.events };
  };

  const commit = ({ observations, turn }: Pick<Taken, 'observations' | 'turn'>): void => {
    if (observations.length === 0) return;
    try {
      write(decide(observations));
      presence.settled(turn);
      countEffects(observations, parts);
    } catch (error) {
      // The disk is the truth: what presence believed of these tags is taken back, so that the same reads count again.
      const ids = [...new Set(observations.map((observation) => observation.id))];
      takeBack(parts, ids);
      throw error;
    }
  };

  const write = (batch: Batch): void => {
    store.commit(batch);
    parts.committed();
  };

  const input = async (given: ItemInput): Promise<InputResult> => {
    if (store.inputSeen(given.id, given.item)) return { ok: true, events: [] };
    const result = inventory.input(given, lookUp);
    if (result.ok) write({ observations: [], events: result.events, customerEvents: [] as CustomerEvent[] });
    return result;
  };

  /** Whether more is due. */
  const expire = (): boolean => {
    const expired = presence.expire(now(), staysPerTurn);
    commit(expired);
    return expired.more;
  };

  const timed = createTimed(log);
  const sights = createSights(presence, store);
  return {
    take: async (reads, redelivered) => commit(presence.take(batchOf(reads), now(), redelivered)),
    tick: async () => {
      while (timed('departures could not be written; they are tried again', expire)) await nextTurn();
      timed(sightsLost, sights.tick);
    },
    input,
    flush: async () => void timed(sightsLost, sights.all),
  };
}

/** Stays that are looked at before the reads that wait get their turn. */
const staysPerTurn = 200;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Each read that was no repeat made one observation; the ends of stays are nobody's reads. */
function countEffects(observations: readonly Observation[], { count }: PipelineParts): void {
  for (const { change, reader, antenna } of observations) {
    if (change === 'arrived') count(reader, 'ARRIVED', antenna);
    else if (change === 'glimpsed') count(reader, 'GLIMPSED', antenna);
  }
}

/** Puts presence back to what is on disk. Where not even that can be read, nothing is remembered rather than something wrong. */
function takeBack({ presence, store, clock, log }: PipelineParts, ids: readonly string[]): void {
  try {
    const rows = store.presencesOf(ids);
    presence.forget(ids);
    presence.restore(rows, clock.now());
  } catch (error) {
    presence.forget(ids);
    log.error({ err: error }, 'presence could not be read back from the database');
  }
}

const sightsLost = 'last sights could not be written; the next reads bring them again';

/** Runs what a timer asks for; whether there is more to do. There is nobody to throw a store's failure to. A bug still ends the process. */
function createTimed(log: Log): (what: string, work: () => boolean) => boolean {
  return (what, work) => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      log.error({ code: error.code, reason: error.message }, what);
      return false;
    }
  };
}

/** A round over the last sights begins every 30 s. Each tick writes a part of it: all of a full store at once would keep the reads waiting. */
const ticksPerRound = 120;
const rowsPerTick = 1_000;

function createSights(presence: Presence, store: Store): { tick(): boolean; all(): boolean } {
  let ticks = 0;
  let left = 0;
  return {
    tick: () => {
      if (++ticks % ticksPerRound === 0) left = presence.unsavedCount();
      if (left <= 0) return false;
      left -= rowsPerTick;
      store.seen(presence.unsaved(rowsPerTick));
      return false;
    },
    all: () => {
      store.seen(presence.unsaved());
      return false;
    },
  };
}

/** Two looks at the clock are 250 ms apart: more than this passes between them only when the clock was set or the process was held up. */
const leapMs = 5_000;

/** The time, which tells of its leaps first. */
function createWatch(clock: Clock, moved: (from: number, to: number) => void): () => number {
  let lookedAt = clock.now();
  return () => {
    const from = lookedAt;
    lookedAt = clock.now();
    if (Math.abs(lookedAt - from) > leapMs) moved(from, lookedAt);
    return lookedAt;
  };
}

function isEnd({ change }: Observation): boolean {
  return change === 'departed' || change === 'stray';
}
