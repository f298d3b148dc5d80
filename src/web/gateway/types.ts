/** What the HTTP API answers, as far as the staff app uses it. Times are epoch ms. */

export type Page<T> = { readonly rows: readonly T[]; readonly next: string | null };

export type BrowserSession = {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly site?: { readonly id: string; readonly name: string; readonly gln: string | null };
};

export type Location = { readonly id: string; readonly kind: string; readonly name: string };

export type StockRow = {
  readonly gtin: string;
  readonly sku: string | null;
  readonly name: string | null;
  readonly location: string;
  readonly bucket: string;
  readonly quantity: number;
};

export type Product = { readonly gtin: string; readonly sku: string | null; readonly name: string | null };

export type Item = {
  readonly id: string;
  readonly hex: string;
  readonly scheme: string;
  readonly epcUri: string | null;
  readonly gtin: string | null;
  readonly presence: string;
  readonly absentReason: string | null;
  readonly readPoint: string | null;
  readonly location: string | null;
  readonly previousLocation: string | null;
  readonly placeSince: number | null;
  readonly placeSource: string | null;
  readonly lifecycle: string;
  readonly lifecycleReason: string | null;
  readonly custody: { readonly party: string; readonly since: number; readonly due: number | null } | null;
  readonly condition: string;
  readonly tag: string;
  readonly serviceCount: number;
  readonly reader: string | null;
  readonly antenna: number | null;
  readonly rssi: number | null;
  readonly firstSeenAt: number | null;
  readonly lastSeenAt: number | null;
  readonly sku?: string | null;
  readonly name?: string | null;
};

/** One item in full. `lastSeen` is its newest read, which may have been made elsewhere than where it is believed to be. */
export type ItemDetail = Item & {
  readonly lastSeen: {
    readonly at: number;
    readonly readPoint: string | null;
    readonly location: string | null;
    readonly reader: string | null;
    readonly antenna: number | null;
    readonly rssi: number | null;
  } | null;
};

export type HistoryRow = {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly input: string;
  readonly at: number;
  readonly alert: string | null;
  readonly fromLocation: string | null;
  readonly location: string | null;
  readonly fromLifecycle: string | null;
  readonly lifecycle: string;
  readonly readPoint: string | null;
  readonly reader: string | null;
  readonly antenna: number | null;
  readonly rssi: number | null;
};

/** An item event of the live feed: a history row, and whose it is. */
export type FeedEvent = HistoryRow & {
  readonly item: string;
  readonly gtin: string | null;
  readonly name: string | null;
};

export type AntennaRate = {
  readonly reader: string;
  readonly antenna: number | null;
  readonly readPoint: string | null;
  readonly rate: number;
  readonly unique: number;
};

export type RecentTag = {
  readonly id: string;
  readonly hex: string;
  readonly gtin: string | null;
  readonly name: string | null;
  readonly readPoint: string | null;
  readonly antenna: number | null;
  readonly rssi: number | null;
  readonly at: number;
  readonly reads: number;
};

/** One second of reading. */
export type Reads = {
  readonly at: number;
  readonly rate: number;
  readonly unique: number;
  readonly antennas: readonly AntennaRate[];
  readonly recent: readonly RecentTag[];
};

export type ReaderStatus = {
  readonly id: string;
  readonly profile: string;
  readonly link: {
    readonly state: string;
    readonly since: number;
    readonly error: string | null;
    readonly fault: Fault | null;
    readonly address: string;
  };
  readonly lastError: { readonly text: string; readonly fault: Fault; readonly at: number } | null;
  readonly identity: string | null;
  readonly lastReadAt: number | null;
  readonly reads: number;
  readonly antennas: readonly AntennaStatus[];
  readonly rejected: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  readonly clockOffsetMs: number | null;
  readonly findings: readonly Finding[];
};

export type AntennaStatus = {
  readonly antenna: number | null;
  readonly readPoint: string | null;
  readonly rate: number;
  readonly lastReadAt: number | null;
  /** Reads per second that are usual while the reader is at work; null while that is learned. */
  readonly baseline: number | null;
  readonly health: string;
};

export type DestinationStatus = {
  readonly id: string;
  readonly url: string;
  readonly state: string;
  readonly waiting: number;
  readonly oldestWaitingAt: number | null;
  readonly dead: number;
  readonly delivered: number;
  readonly failures: number;
  readonly nextAttemptAt: number | null;
  readonly lastError: string | null;
  readonly lastFault: Fault | null;
  readonly lastSuccessAt: number | null;
  readonly since: number;
};

export type DeadLetter = {
  readonly seq: number;
  readonly type: string;
  readonly lane: string;
  readonly reason: string;
  readonly fault: Fault;
  readonly status: number | null;
  readonly diedAt: number;
};

/** What is wrong, by its code; `cause` is why. The gateway’s docs/errors.md has the list. */
export type Fault = {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly cause: Fault | null;
};

export type Check = Finding & { readonly name: string };

/** Something that is well or not, in words by its code. */
export type Finding = {
  readonly state: string;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** What its value `error` says. */
  readonly faults: readonly Fault[];
  readonly text: string;
  readonly next: string | null;
};
