import { randomInt } from 'node:crypto';
import type { Config } from './config.ts';
import { createInventory } from './inventory/index.ts';
import { type Clock, contentId, type Log, memoryLimits } from './kit/index.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createPresence, type Presence, presenceMemory } from './presence/index.ts';
import type { OnReads, Reader } from './readers/index.ts';
import type { Store } from './store/index.ts';

const announced = { sku: null, locations: null, bucket: 'expected', q: null, cursor: null, limit: 1 };

export type Line = {
  readonly pipeline: Pipeline;
  readonly presence: Presence;
  /** Takes reads; what a reader sends after an outage proves that it is heard again, before any silence is counted. */
  readonly take: OnReads;
  /** Lets time pass, after presence has heard which readers can be heard, by their links, their own word and their heartbeats: the others' silence, and that of a reader that was removed, is no departure. */
  tick(): Promise<void>;
};

type LineParts = {
  readonly store: Store;
  readonly readers: ReadonlyMap<string, Reader>;
  readonly readPointOf: (reader: string, antenna: number | null) => string | null;
  /** Called after each commit that had an effect. */
  readonly committed: () => void;
};

type Counting = (reader: string, outcome: string, antenna: number | null) => void;

/** The core rooms, wired to the store, and filled with what was present when the gateway stopped. Throws MEMORY_LOW. */
export function createLine(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  parts: LineParts,
): Line {
  const { store, readers, readPointOf, committed } = parts;
  const count: Counting = (reader, outcome, antenna) => readers.get(reader)?.count(outcome, antenna);
  const presence = openPresence(config, store, readPointOf, count);
  presence.restore(store.presences(), clock.now());
  const hearing = createHearing(config, readers, presence, clock);
  const inventory = createInventory({
    readPoints: config.points,
    locations: config.locations,
    adopt: config.inventory?.adopt ?? 'all',
    tags: config.codec,
    isOwn: (gtin) => store.product(gtin) !== null,
    isAwaited: (gtin) => store.stock({ ...announced, gtin }).rows.length > 0,
    contentId: (parts) => contentId([config.site.id, ...parts]),
  });
  const pipeline = createPipeline({
    presence,
    inventory,
    readPoints: config.points,
    store,
    clock,
    log: log.child({ room: 'pipeline' }),
    count,
    committed,
  });
  return {
    pipeline,
    presence,
    take: (reads, redelivered) => {
      // All reads of a message are one reader's.
      const [first] = reads;
      if (first !== undefined) hearing.heard(first.reader, first.receivedAt);
      return pipeline.take(reads, redelivered);
    },
    tick: () => {
      hearing.look();
      return pipeline.tick();
    },
  };
}

/** Presence with as much memory as it may have. Throws MEMORY_LOW before the rows of those that are present fill it. */
function openPresence(config: Config, store: Store, readPointOf: LineParts['readPointOf'], count: Counting): Presence {
  return createPresence({
    readPoints: config.points,
    readPointOf,
    identify: config.codec.readIdentityOf,
    count: (reader, reason, antenna, by) => {
      for (let n = 0; n < by; n++) count(reader, reason, antenna);
    },
    seed: randomInt(2 ** 32),
    memory: presenceMemory(store.presenceCount(), null, memoryLimits()),
  });
}

/** Tells presence which readers are heard. What was at one that is removed while the gateway runs has not left. */
function createHearing(config: Config, readers: LineParts['readers'], presence: Presence, clock: Clock) {
  /** All whose reads may be in presence: one that is added and removed between two looks is among them, too. */
  const known = new Set(config.readers.map(({ id }) => id));
  return {
    heard: (reader: string, at: number) => {
      known.add(reader);
      presence.readerUp(reader, at);
    },
    look: () => {
      for (const [id, reader] of readers) {
        if (reader.status().reachable) presence.readerUp(id, clock.now());
        else presence.readerDown(id);
      }
      for (const id of known) if (!readers.has(id)) presence.readerDown(id);
    },
  };
}
