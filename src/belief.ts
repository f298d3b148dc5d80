import { randomInt } from 'node:crypto';
import type { Config } from './config.ts';
import { createHearing, createWatch } from './hearing.ts';
import { journalOf } from './journal.ts';
import { type Clock, type Closing, contentId, crash, GatewayError, type Log, memoryLimits } from './kit/index.ts';
import { createLedger, type Ledger } from './ledger/index.ts';
import { createLine, type Line } from './line.ts';
import { bytesOf, createPresence, type Presence, presenceMemory } from './presence/index.ts';
import type { Reader } from './readers/index.ts';
import type { Store } from './store/index.ts';

/** So many items are loaded in one turn: about 4 ms. */
const itemsPerTurn = 500;

/** The line, with what is believed and who is present. */
export type Belief = { readonly line: Line; readonly ledger: Ledger; readonly presence: Presence };

type Options = { readonly clock: Clock; readonly log: Log };

type Parts = {
  readonly store: Store;
  readonly readers: ReadonlyMap<string, Reader>;
  readPointOf(reader: string, antenna: number | null): string | null;
  /** Called after each append. */
  committed(): void;
};

/** Resolves when others have had their turn. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * The line over what is on disk: who was present when the gateway stopped, people and awaited goods at once; items are looked up
 * until all of them are loaded. Throws MEMORY_LOW.
 */
export function openBelief(config: Config, { clock, log }: Options, parts: Parts, closing: Closing): Belief {
  const { store, readers } = parts;
  const count = (reader: string, outcome: string, antenna: number | null) =>
    readers.get(reader)?.count(outcome, antenna);
  const asked = config.presence?.memory;
  const presence = createPresence({
    readPoints: config.points,
    readPointOf: parts.readPointOf,
    identify: config.codec.readIdentityOf,
    count: (reader, reason, antenna, by) => {
      for (let n = 0; n < by; n++) count(reader, reason, antenna);
    },
    seed: randomInt(2 ** 32),
    // Throws before the rows of those that are present fill it.
    memory: presenceMemory(store.presenceCount(), asked === undefined ? null : bytesOf(asked), memoryLimits()),
  });
  presence.restore(store.presences(), clock.now());
  const ledger = ledgerOver(config, store, presence);
  store.productsEntered(ledger.goods.entered);
  const loading = new AbortController();
  closing.add('work', 'loading of items', () => loading.abort());
  void loadItems(ledger, store, log.child({ room: 'ledger' }), loading.signal).catch(crash);
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
  return { line, ledger, presence };
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
    people: store.customers.known(),
    awaited: awaitedOf(store),
    seed: randomInt(2 ** 31),
  });
}

/** Loads in slices, beside the work. Where the database cannot be read, items go on being looked up. */
async function loadItems(ledger: Ledger, store: Store, log: Log, signal: AbortSignal): Promise<void> {
  try {
    for (let cursor: string | null = null; !signal.aborted; await turn()) {
      const page = store.items({ gtin: null, locations: null, lifecycle: null, cursor, limit: itemsPerTurn });
      ledger.items.load(page.rows);
      cursor = page.next;
      if (cursor === null) return ledger.items.loaded();
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log.warn({ code: error.code, reason: error.message }, 'items could not be loaded; they are looked up one by one');
  }
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
