import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import type { Fault } from '../kit/index.ts';
import type { Observation } from '../presence/index.ts';

/** Everything one transaction writes. Arrays may be empty; order inside them is kept. */
export type Batch = {
  /** Presence rows follow these: glimpsed and arrived are upserted, departed and stray deleted. */
  readonly observations: readonly Observation[];
  readonly events: readonly ItemEvent[];
  readonly customerEvents: readonly CustomerEvent[];
};

export type Product = {
  /** GTIN-14. */
  readonly gtin: string;
  readonly sku: string | null;
  readonly name: string | null;
};

export type StockRow = {
  readonly gtin: string;
  readonly sku: string | null;
  readonly name: string | null;
  readonly location: string;
  readonly bucket: string;
  readonly quantity: number;
};

export type Page<T> = { readonly rows: readonly T[]; readonly next: string | null };

export type StockQuery = {
  readonly gtin: string | null;
  readonly sku: string | null;
  /** Location ids to include (a subtree, already expanded); null = all. */
  readonly locations: readonly string[] | null;
  readonly bucket: string | null;
  /** Free text: name, SKU, GTIN or EPC in any form; two Chinese characters suffice. */
  readonly q: string | null;
  readonly cursor: string | null;
  readonly limit: number;
};

export type ItemQuery = {
  readonly gtin: string | null;
  readonly locations: readonly string[] | null;
  readonly lifecycle: string | null;
  readonly cursor: string | null;
  readonly limit: number;
};

/** What a destination is to hear of a fact. */
export type NewMessage = {
  /** Its sequence number in the log. */
  readonly fact: number;
  readonly eventId: string;
  readonly type: string;
  /** Item or customer: see `OutboxRow`. */
  readonly lane: string;
  /** Event time, epoch ms. */
  readonly at: number;
  /** The customer that it names, or null. */
  readonly customer: string | null;
  /** JSON text. */
  readonly data: string;
};

/** A delivery that waits, as the forwarder takes it. `data` is JSON text that never changes. */
export type OutboxRow = {
  /** Order in which texts were made, over all destinations. */
  readonly seq: number;
  readonly destination: string;
  /** The event's own id: what the receiver deduplicates by. */
  readonly eventId: string;
  readonly type: string;
  /** CloudEvents subject: the item's or customer's id; deliveries of one lane never overtake each other. */
  readonly lane: string;
  /** Event time, epoch ms. */
  readonly at: number;
  readonly data: string;
  readonly attempts: number;
};

export type DeadLetter = OutboxRow & {
  /** Why it was given up, as a sentence and as the fault it is made from. */
  readonly reason: string;
  readonly fault: Fault;
  readonly status: number | null;
  readonly diedAt: number;
};

/** What is known of a destination, kept on disk so that a restart does not forget a schedule. */
export type DestinationState = {
  readonly destination: string;
  readonly state: 'ok' | 'retrying' | 'paused' | 'disabled';
  readonly failures: number;
  /** Epoch ms before which nothing is sent; null = at once. */
  readonly nextAt: number | null;
  readonly lastFault: Fault | null;
  readonly lastSuccessAt: number | null;
  readonly since: number;
};

/** What a key opens: the HTTP API, or the embedded broker, where its id is the user name. */
export type KeyKind = 'http' | 'mqtt';

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly kind: KeyKind;
  readonly scopes: readonly string[];
  /** Ids of the readers that it is bound to; empty: not bound. */
  readonly readers: readonly string[];
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
};

/** A staff session. `keyHash` is the hash of the key that opened it, null for a sign-in code; `expiresAt` is epoch ms. */
export type StoredSession = {
  readonly tokenHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly keyHash: string | null;
  readonly expiresAt: number;
};

/** What went with a person or a thing: how many rows, and the identities of the items among it. */
export type Removed = { readonly rows: number; readonly items: readonly string[] };

/** One line of stock without the names of its product. */
export type StockLine = {
  readonly gtin: string;
  readonly location: string;
  readonly bucket: string;
  readonly quantity: number;
};

export type StockDifference = {
  readonly gtin: string;
  readonly location: string;
  readonly bucket: string;
  readonly live: number;
  readonly rebuilt: number;
};

export type StoredEvent = { readonly seq: number; readonly recordedAt: number; readonly event: ItemEvent };

/** A line of the log. `seq` counts up over all kinds, with gaps; `recordedAt` is epoch ms. */
export type Fact = { readonly seq: number; readonly recordedAt: number } & (
  | { readonly kind: 'item'; readonly event: ItemEvent }
  | { readonly kind: 'customer'; readonly event: CustomerEvent }
);

/** Facts of one type in a part of the log; `first` is the sequence number of the first. */
export type FactCount = { readonly type: string; readonly count: number; readonly first: number };

/** A row that a follower keeps for itself. */
export type FollowerRow = { readonly key: string; readonly value: string | null };
