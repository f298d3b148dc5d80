import type { Customer } from '../customers/index.ts';
import type { Fault } from '../kit/index.ts';
import type { SeenRow } from '../presence/index.ts';
import { createCommit } from './commit.ts';
import type { Db } from './connection.ts';
import { createCursorTable } from './cursor-table.ts';
import { createCustomerTable } from './customer-table.ts';
import { createDictionary } from './dictionary.ts';
import { createFactWriter } from './fact-writer.ts';
import { createKeyTable } from './key-table.ts';
import { createOutboxTable } from './outbox-table.ts';
import { createPresenceWriter } from './presence-rows.ts';
import { createProductRows } from './product-rows.ts';
import { createPrune, type Pruned } from './prune.ts';
import { createSessionTable } from './session-table.ts';
import { createStockCheck } from './stock-check.ts';
import { createStockWriter } from './stock-writer.ts';
import type { Committed, CursorAt, NewKey } from './store.ts';
import type {
  Batch,
  DestinationState,
  FollowerRow,
  NewMessage,
  OutboxRow,
  Product,
  Removed,
  StockDifference,
  StoredSession,
} from './types.ts';

/**
 * Everything that changes the database, by name: each is a plain function on the writing connection, called inside a
 * transaction that its caller holds. Arguments and results cross from thread to thread, most as JSON, so they are plain data.
 */
export type Writes = {
  append(batch: Batch, at: number): Committed;
  seen(rows: readonly SeenRow[]): void;
  putProducts(products: readonly Product[]): void;
  rebuildStock(): StockDifference[];
  prune(now: number, keepMs: number): Pruned;
  putCursor(follower: string, seq: number, rows: readonly FollowerRow[]): void;
  putCustomer(customer: Customer, tokens: readonly string[]): Removed;
  eraseCustomer(customer: string): Removed;
  createKey(key: NewKey): void;
  useKey(id: string, at: number): void;
  revokeKey(id: string, at: number): boolean;
  putSession(session: StoredSession): void;
  removeSession(tokenHash: string): void;
  sweepSessions(now: number): number;
  tell(destination: string, messages: readonly NewMessage[], cursor: CursorAt): void;
  dueDeliveries(destination: string, now: number, limit: number, excludeLanes: readonly string[]): OutboxRow[];
  delivered(destination: string, seqs: readonly number[], at: number): void;
  retryDeliveries(destination: string, seqs: readonly number[], nextAt: number, why: Fault): void;
  buryDeliveries(destination: string, seqs: readonly number[], why: Fault, status: number | null, at: number): void;
  resend(destination: string, seqs: readonly number[] | null): number;
  setDestinationState(state: DestinationState): void;
};

export type WriteName = keyof Writes;

/** One call of a write: its name and what it is called with. */
export type Call<N extends WriteName = WriteName> = { readonly name: N; readonly given: Parameters<Writes[N]> };

/**
 * Prepares all writes on the writing connection. `later` is given work that cannot be done inside the transaction: it is
 * done after the commit, before the call is answered. `begin` is to be called first in each transaction.
 */
export function createWrites(
  db: Db,
  key: Uint8Array,
  later: (work: () => void) => void,
): { readonly writes: Writes; readonly begin: () => void } {
  const products = createProductRows(db);
  const words = createDictionary(db);
  const presences = createPresenceWriter(db, words);
  const customers = createCustomerTable(db, key, later);
  const keys = createKeyTable(db);
  const sessions = createSessionTable(db);
  const outbox = createOutboxTable(db, () => 0);
  const facts = createFactWriter(db, words, createStockWriter(db));
  const append = createCommit(db, { facts, presences });
  const writes: Writes = {
    append,
    seen: presences.seen,
    putProducts: products.put,
    rebuildStock: createStockCheck(db).rebuild,
    prune: createPrune(db),
    putCursor: createCursorTable(db).put,
    putCustomer: customers.put,
    eraseCustomer: customers.erase,
    createKey: keys.create,
    useKey: keys.used,
    revokeKey: keys.revoke,
    putSession: sessions.put,
    removeSession: sessions.remove,
    sweepSessions: sessions.sweep,
    tell: outbox.tell,
    dueDeliveries: (destination, now, limit, exclude) => outbox.due(destination, now, limit, new Set(exclude)),
    delivered: outbox.delivered,
    retryDeliveries: outbox.retry,
    buryDeliveries: outbox.bury,
    resend: outbox.resend,
    setDestinationState: outbox.setState,
  };
  return { writes, begin: words.begin };
}
