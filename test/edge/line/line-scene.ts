import Database from 'better-sqlite3';
import type { Journal } from '../../../src/carrier.ts';
import { createWatch } from '../../../src/hearing.ts';
import type { InventoryOptions } from '../../../src/inventory/index.ts';
import type { Store } from '../../../src/journal/index.ts';
import { journalOf } from '../../../src/journal-door.ts';
import { contentId, type Log, silentLog } from '../../../src/kit/index.ts';
import { knownWrites } from '../../../src/known-writes.ts';
import { createLedger } from '../../../src/ledger/index.ts';
import { createLine, type Line } from '../../../src/line.ts';
import type { LocationKind } from '../../../src/presence/index.ts';
import { createPresence } from '../../../src/presence/index.ts';
import { identityOf } from '../../../src/tags/index.ts';
import { readPoint, start } from '../../core/presence/fixtures.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

export const readPoints = [
  readPoint('shelf-1', 'shelf'),
  readPoint('door', 'access', { location: 'entrance' }),
  readPoint('exit-1', 'exit', { location: 'out', locationKind: 'exit' }),
];

/** The line over a real database: antenna n reads at the n-th read point, time is in the hand, what is logged and counted at hand. */
export function lineOver(
  store: Store,
  {
    idOf = contentId,
    journal = journalOf(store),
    turn = async () => undefined,
    memory = Number.POSITIVE_INFINITY,
    adopt = 'all',
    recalls = false,
  }: {
    idOf?: typeof contentId;
    journal?: Journal;
    turn?: () => Promise<void>;
    memory?: number;
    adopt?: InventoryOptions['adopt'];
    /** Presence is left to `ledger.recall`. */
    recalls?: boolean;
  } = {},
) {
  const clock = manualClock(start);
  const errors: Record<string, unknown>[] = [];
  const counted: string[] = [];
  const log: Log = { ...silentLog, error: (fields) => void errors.push(fields) };
  const count = (_: string, reason: string) => void counted.push(reason);
  const presence = createPresence({
    readPoints,
    readPointOf: (_, antenna) => readPoints[(antenna ?? 1) - 1]?.id ?? null,
    identify: ({ epc }) => identityOf(epc).epc.id,
    count: (reader, reason, _, by) => {
      for (let n = 0; n < by; n++) count(reader, reason);
    },
    seed: 1,
    memory,
  });
  if (!recalls) presence.restore(store.presences(), clock.now());
  const ledger = createLedger({
    presence,
    inventory: {
      readPoints,
      locations: [{ id: 'floor', kind: 'sales-floor' satisfies LocationKind }],
      adopt,
      contentId: idOf,
    },
    lookUps: {
      item: store.lookUp,
      presencesOf: store.presencesOf,
      inputSeen: store.inputSeen,
      sights: store.customers.sights,
      isProduct: (gtin) => store.product(gtin) !== null,
      tokenHash: store.customers.hashOf,
    },
    recalls,
    people: store.customers.known(),
    awaited: new Map(),
    seed: 1,
  });
  store.productsEntered(ledger.goods.entered);
  const line = createLine({
    ledger,
    journal,
    clock,
    log,
    now: createWatch(clock, presence.clockMoved),
    look: () => undefined,
    heard: () => undefined,
    committed: () => undefined,
    decided: () => undefined,
    count,
    turn,
  });
  return {
    store: knownWrites(store, ledger),
    clock,
    errors,
    counted,
    presence,
    ledger,
    line,
    pass: passing(clock, line),
  };
}

/** Time in which the line looks at the clock, as the running gateway does. */
function passing(clock: ReturnType<typeof manualClock>, line: Line) {
  return async (ms: number) => {
    for (let left = ms; left > 0; left -= 4_000) {
      await clock.advance(Math.min(left, 4_000));
      if (left > 4_000) await line.tick();
    }
  };
}

/** Runs `work` while another process holds the database. */
export async function held(folder: string, work: () => Promise<unknown>): Promise<void> {
  const other = new Database(`${folder}/silentgate.db`);
  other.exec('BEGIN IMMEDIATE');
  try {
    await work();
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
}
