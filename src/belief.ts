import { randomInt } from 'node:crypto';
import type { Config } from './config.ts';
import { createHearing, createWatch } from './hearing.ts';
import type { Store } from './journal/index.ts';
import { journalOf } from './journal-door.ts';
import { type Clock, type Closing, contentId, crash, type Log, memoryLimits } from './kit/index.ts';
import { createLedger, type Ledger } from './ledger/index.ts';
import { createLine, type Line } from './line.ts';
import { inSlices, turn } from './loading.ts';
import { bytesOf, createPresence, type Presence, presenceMemory } from './presence/index.ts';
import type { Reader } from './readers/index.ts';

/** So many items are loaded in one turn: about 3 ms. */
const itemsPerTurn = 300;

/** The line, with what is believed and who is present. */
export type Belief = {
  readonly line: Line;
  readonly ledger: Ledger;
  readonly presence: Presence;
  /** Begins to load, beside the work: call once, when all else is open, so that the start does not wait for it. */
  load(): void;
};

type Options = { readonly clock: Clock; readonly log: Log };

type Parts = {
  readonly store: Store;
  readonly readers: ReadonlyMap<string, Reader>;
  readPointOf(reader: string, antenna: number | null): string | null;
  /** Called after each append. */
  committed(): void;
};

/**
 * The line over what is on disk: people and awaited goods at once; who was present when the gateway stopped, and items, are looked
 * up until all of them are loaded. Throws MEMORY_LOW.
 */
export function openBelief(config: Config, { clock, log }: Options, parts: Parts, closing: Closing): Belief {
  const { store, readers } = parts;
  const count = (reader: string, outcome: string, antenna: number | null, by = 1) =>
    readers.get(reader)?.count(outcome, antenna, by);
  const asked = config.presence?.memory;
  const presence = createPresence({
    readPoints: config.points,
    readPointOf: parts.readPointOf,
    identify: config.codec.readIdentityOf,
    count,
    seed: randomInt(2 ** 32),
    // Throws before the rows of those that are present fill it.
    memory: presenceMemory(store.presenceCount(), asked === undefined ? null : bytesOf(asked), memoryLimits()),
  });
  const ledger = ledgerOver(config, store, presence);
  store.productsEntered(ledger.goods.entered);
  const loading = new AbortController();
  closing.add('work', 'loading', () => loading.abort());
  const ids = config.readers.map(({ id }) => id);
  const line = createLine({
    ledger,
    journal: journalOf(store),
    clock,
    log: log.child({ room: 'line' }),
    now: createWatch(clock, presence.clockMoved),
    ...createHearing(ids, readers, presence, clock),
    committed: parts.committed,
    decided: (reader, outcome) => readers.get(reader)?.decided?.(outcome),
    count,
    turn,
  });
  closing.add('last', 'last sights', line.flush);
  const loadAll = () =>
    void load(ledger, store, { clock, log: log.child({ room: 'ledger' }) }, loading.signal).catch(crash);
  return { line, ledger, presence, load: loadAll };
}

function ledgerOver(config: Config, store: Store, presence: Presence): Ledger {
  return createLedger({
    presence,
    inventory: {
      readPoints: config.points,
      locations: config.locations,
      adopt: config.inventory?.adopt ?? 'all',
      tags: config.codec,
      contentId: (content) => contentId([config.site.id, ...content]),
    },
    lookUps: {
      item: store.lookUp,
      presencesOf: store.presencesOf,
      inputSeen: store.inputSeen,
      sights: store.customers.sights,
      isProduct: (gtin) => store.product(gtin) !== null,
      tokenHash: store.customers.hashOf,
    },
    recalls: true,
    people: store.customers.known(),
    awaited: awaitedOf(store),
    seed: randomInt(2 ** 31),
  });
}

/** Loads in slices, beside the work. Where the database cannot be read, what is missing goes on being looked up. */
async function load(ledger: Ledger, store: Store, options: Options, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  await inSlices(options, signal, store.presencePage, (rows) => ledger.recall.load(rows, clock.now()));
  if (signal.aborted) return;
  ledger.recall.loaded();
  const itemPage = (cursor: string | null) =>
    store.items({ gtin: null, locations: null, lifecycle: null, cursor, limit: itemsPerTurn });
  await inSlices(options, signal, itemPage, ledger.items.load);
  if (!signal.aborted) ledger.items.loaded();
}

/** The pieces of each GTIN that a delivery note announced. */
function awaitedOf(store: Store): Map<string, number> {
  const pieces = new Map<string, number>();
  const everything = { gtin: null, sku: null, locations: null, bucket: 'expected', q: null, limit: 1_000 };
  for (let cursor: string | null = null; ; ) {
    const page = store.stock({ ...everything, cursor });
    for (const { gtin, quantity } of page.rows) pieces.set(gtin, (pieces.get(gtin) ?? 0) + quantity);
    if (page.next === null) return pieces;
    cursor = page.next;
  }
}
