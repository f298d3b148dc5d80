import type { Customer, KnownPeople } from '../customers/index.ts';
import type { Item } from '../inventory/index.ts';
import type { Fault } from '../kit/index.ts';
import type { PresenceRow, SeenRow } from '../presence/index.ts';
import type { TagCodec } from '../tags/index.ts';
import type { Pruned } from './prune.ts';
import type {
  ApiKey,
  Batch,
  DeadLetter,
  DestinationState,
  Fact,
  FactCount,
  FollowerRow,
  ItemQuery,
  NewMessage,
  OutboxRow,
  Page,
  Product,
  Removed,
  StockDifference,
  StockLine,
  StockQuery,
  StockRow,
  StoredEvent,
  StoredSession,
} from './types.ts';

/**
 * What an append did. `seq`: the last of the log. `duplicates`: identities of items whose event was in the log already:
 * it had no effect a second time.
 */
export type Committed = { readonly seq: number; readonly duplicates: readonly string[] };

/**
 * The database of one gateway. What looks is synchronous and sees what is committed. What writes is a promise that resolves
 * when it is on disk; writes take effect in the order of their calls. An error of a call's own (CONFLICT) rejects that
 * call. Where the database cannot be written, all writes that were called and have not resolved are rejected with the
 * same STORE_FULL, STORE_UNAVAILABLE or STORE_DAMAGED: nothing of them is on disk.
 */
export type Store = {
  /**
   * Resolves when every page was looked at and what is called is being written: until then nothing is. Rejects with STORE_DAMAGED
   * where a page is not as it was written: then nothing ever is. Stock is looked at beside; what it differs in stands in health.
   */
  opened(): Promise<void>;
  /** The one write call of the line: items, stock, log and presence in one transaction. */
  append(batch: Batch): Promise<Committed>;
  /** `listener` is called each time that writes are about to be rejected together, before they are. Returns the way to stop. */
  failed(listener: (error: unknown) => void): () => void;
  /** Null while there is room for more writes; else resolves when there is: links take nothing until then. */
  pressure(): Promise<void> | null;
  lookUp(id: string): Item | null;
  /** Whether a business input with this id was applied to this item before. */
  inputSeen(inputId: string, itemId: string): boolean;

  presences(): PresenceRow[];
  /** The same in slices of some ms, without an order; a slice may be empty and still have a next one. */
  presencePage(cursor: string | null): Page<PresenceRow>;
  /** How many rows `presences` has. */
  presenceCount(): number;
  presencesOf(ids: readonly string[]): PresenceRow[];
  /** Coalesced last-seen flush: touches presence rows and items' `lastSeenAt`, no events. */
  seen(rows: readonly SeenRow[]): Promise<void>;

  items(query: ItemQuery): Page<Item>;
  history(id: string, cursor: string | null, limit: number): Page<StoredEvent>;
  stock(query: StockQuery): Page<StockRow>;
  eventsAfter(seq: number, limit: number): StoredEvent[];
  /** Facts of every kind after a sequence number, in the order of the log. */
  facts(after: number, limit: number): Fact[];
  /** The highest sequence number that was ever given; facts of erased persons and things leave gaps below it. */
  lastSeq(): number;
  /** Facts after one number, up to and with the other, by the type of their event; without those that nobody is to hear of. */
  countFacts(after: number, through: number): FactCount[];
  /** How often facts were removed from the log since the start, with a person or a thing: what was counted before may be too much. */
  factsRemoved(): number;

  product(gtin: string): Product | null;
  products(q: string | null, cursor: string | null, limit: number): Page<Product>;
  /** Enters or changes products, all or none. */
  putProducts(products: readonly Product[]): Promise<void>;
  /**
   * `listener` is called each time that products are on disk, with their GTINs; with null where the rest of an import that
   * a start had to leave is entered: then it may be any. Returns the way to stop.
   */
  productsEntered(listener: (gtins: readonly string[] | null) => void): () => void;
  /** The GTINs of the products with this SKU, two at most: more than one says that the SKU names none of them. */
  gtinsOfSku(sku: string): string[];
  /** Gathers products on disk and then enters them as one: see `ProductStage`. One at a time. */
  stageProducts(): Promise<ProductStage>;
  /** A folder for files that are gone at the next start. */
  scratch(): string;
  /** True while no product was ever entered: then every GTIN counts as own. */
  productsEmpty(): boolean;

  readonly cursors: CursorTable;
  readonly customers: CustomerTable;
  readonly keys: KeyTable;
  readonly sessions: SessionTable;
  readonly outbox: OutboxTable;

  /** A consistent copy by SQLite's own backup, while the gateway runs. */
  backup(file: string): Promise<void>;
  /** Compares stock as kept with stock folded from the event log and with the sum of the items. Empty = equal. */
  checkStock(): StockDifference[];
  /**
   * Stock as the books had it at a time, epoch ms, of one product or of all; lines with nothing are left out. Of days whose
   * events are pruned: as the day began.
   */
  stockAt(time: number, gtin: string | null): StockLine[];
  /** Removes a slice of the facts that were recorded more than `keepMs` before `now`, both ms; see docs/storage.md. */
  prune(now: number, keepMs: number): Promise<Pruned>;
  /** Writes stock anew from the event log; returns what differed. */
  rebuildStock(): Promise<StockDifference[]>;
  /**
   * Looks at every page, every index entry and every stock line, without keeping the line waiting; what it finds stands in
   * health from then on. Resolves with it, or null. Rejects with STORE_UNAVAILABLE or STORE_FULL when it could not look.
   */
  examine(): Promise<string | null>;
  /** Bytes, rows and pragmas for `doctor` and health. After a failure it tries a real commit first. */
  health(): Promise<StoreHealth>;
  /** Resolves when all that was written before is on disk, or is rejected, and the database is closed. */
  close(): Promise<void>;
};

/**
 * Products on their way into the database. They are entered in slices, so that the line goes on between them; what `enter` has
 * begun is finished at the next start if the process dies meanwhile.
 */
export type ProductStage = {
  add(product: Product): void;
  /** Resolves when all are on disk. Rejects with STORE_FULL or STORE_UNAVAILABLE: then some may be there and some not. */
  enter(): Promise<void>;
  /** Lets go of what was added; nothing of it was entered. Does nothing after `enter`. */
  discard(): void;
};

export type StoreHealth = {
  readonly file: string;
  readonly bytes: number;
  readonly walBytes: number;
  readonly items: number;
  readonly events: number;
  readonly journalMode: string;
  readonly synchronous: string;
  readonly schemaVersion: number;
  /** Transactions of the writing connection since the start: what queued meanwhile shares one. */
  readonly commits: number;
  readonly writable: boolean;
  /** What a check or a statement found damaged, with what to do, or null. It stays until the next start. */
  readonly damage: string | null;
};

/** How far each follower of the log has come. */
export type CursorTable = {
  /** The last sequence number that the follower has done with, or null where it was never seen here. */
  get(follower: string): number | null;
  /** Keeps the place and, in the same transaction, rows of the follower's own; a row without a value goes. */
  put(follower: string, seq: number, rows?: readonly FollowerRow[]): Promise<void>;
  /** The rows that a follower keeps, after a key, by their keys. */
  rows(follower: string, after: string, limit: number): FollowerRow[];
};

export type CustomerTable = {
  /**
   * `tokens` are identities of tags or cards; only their keyed hash is stored. Replaces the person's tokens. What was kept
   * of a new token as a thing (an item without a GTIN, its events and deliveries) goes,
   * under whichever spelling of its number it was kept. Throws CONFLICT.
   */
  put(customer: Customer, tokens: readonly string[]): Promise<Removed>;
  get(customer: string): (Customer & { readonly tokens: number }) | null;
  /** The person behind a token's identity, `erased` where that person was, or null. */
  byToken(id: string): Customer | null;
  /**
   * When the customer was seen, epoch ms: the arrivals told last, and the last reads of this token where it is present
   * (on disk within half a minute).
   */
  sights(customer: string, id: string): number[];
  /** Everybody, for whoever keeps them in memory. */
  known(): KnownPeople;
  /** The keyed hash of a token's identity, as it stands in `known`. */
  hashOf(id: string): string;
  /**
   * Removes the person, tokens, customer events, waiting deliveries and dead letters, and what is kept of the tokens as
   * things. Their hashes stay, so that they are not taken for things when they are read again.
   */
  erase(customer: string): Promise<Removed>;
};

/** `at` is epoch ms. */
export type NewKey = Pick<ApiKey, 'id' | 'name' | 'kind' | 'scopes' | 'readers'> & {
  readonly secretHash: string;
  readonly at: number;
};

export type KeyTable = {
  create(key: NewKey): Promise<void>;
  list(): ApiKey[];
  /** The live key with this id, or null: also where it is revoked. */
  live(id: string): ApiKey | null;
  /** The key by the hash of its secret, revoked ones included. */
  byHash(secretHash: string): ApiKey | null;
  used(id: string, at: number): Promise<void>;
  /** Whether there was such a live key. */
  revoke(id: string, at: number): Promise<boolean>;
};

/** Staff sessions that outlive the process. */
export type SessionTable = {
  put(session: StoredSession): Promise<void>;
  remove(tokenHash: string): Promise<void>;
  /** Removes what has expired at `now`, epoch ms, and what a revoked key had opened; the number of rows. */
  sweep(now: number): Promise<number>;
  /** All rows, those that expire first first. */
  all(): StoredSession[];
};

/** A follower and the last sequence number that it has done with. */
export type CursorAt = { readonly follower: string; readonly seq: number };

export type OutboxTable = {
  /** Puts texts into the outbox of a destination, oldest first, and moves the cursor of who made them: all of it or nothing. */
  tell(destination: string, messages: readonly NewMessage[], cursor: CursorAt): Promise<void>;
  /**
   * The oldest deliveries of a destination that may be sent now: none whose lane has an earlier one waiting outside
   * this answer, none in `exclude` lanes (in flight).
   */
  due(destination: string, now: number, limit: number, excludeLanes: ReadonlySet<string>): Promise<OutboxRow[]>;
  /** When the earliest waiting delivery of a destination becomes due, or null when none waits. */
  nextDueAt(destination: string): number | null;
  delivered(destination: string, seqs: readonly number[], at: number): Promise<void>;
  retry(destination: string, seqs: readonly number[], nextAt: number, why: Fault): Promise<void>;
  bury(destination: string, seqs: readonly number[], why: Fault, status: number | null, at: number): Promise<void>;
  waiting(destination: string): { count: number; oldestAt: number | null };
  deadLetters(destination: string | null, cursor: string | null, limit: number): Page<DeadLetter>;
  deadCount(destination: string): number;
  /** Puts dead letters back into the outbox with the same id and body. Null = all of the destination. */
  resend(destination: string, seqs: readonly number[] | null): Promise<number>;
  state(destination: string): DestinationState;
  setState(state: DestinationState): Promise<void>;
};

export type StoreOptions = {
  /** Folder of the database, created when absent. */
  readonly folder: string;
  /** Whose database it is. */
  readonly site: { readonly id: string };
  readonly now: () => number;
  /** Rows of tags that nobody has read for so long, ms, go at the start of a gateway, and are not seen by it; absent: they stay. */
  readonly lastSightsMs?: number;
  /** How tags are understood where a search names one; absent: by the standard alone. */
  readonly tags?: TagCodec;
  /** The file of the writing thread (`writerThread()`); 'here', which is the default, writes on the calling thread. */
  readonly thread?: URL | 'here';
};
