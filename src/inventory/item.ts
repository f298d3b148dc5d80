export const lifecycles = [
  'UNREGISTERED',
  'EXPECTED',
  'ENCODED',
  'IN_STOCK',
  'ALLOCATED',
  'HELD',
  'OUTBOUND',
  'SOLD',
  'WITH_HOLDER',
  'IN_SERVICE',
  'MISSING',
  'STOLEN',
  'LOST',
  'RETIRED',
] as const;
export type Lifecycle = (typeof lifecycles)[number];

/** Stock buckets; `on_floor` and `on_back` are IN_STOCK by the kind of location. */
export const buckets = [
  'expected',
  'on_floor',
  'on_back',
  'allocated',
  'held',
  'in_transit',
  'issued',
  'in_service',
  'missing',
] as const;
export type Bucket = (typeof buckets)[number];

/** Present, or not, and why not. GLIMPSED lives in the presence room only. */
export type ItemPresence = 'UNSEEN' | 'PRESENT' | 'EXITING' | 'ABSENT' | 'GONE';

/** What we believe of one object: the seven axes, each with what wrote it. All members always present, in this order. */
export type Item = {
  /** Canonical Digital Link, or URN. */
  readonly id: string;
  /** EPC as last read, upper-case hex. */
  readonly hex: string;
  readonly scheme: string;
  readonly epcUri: string | null;
  /** GTIN-14, or null for things that are no trade items. */
  readonly gtin: string | null;
  // presence axis
  readonly presence: ItemPresence;
  readonly absentReason: 'timeout' | 'exit' | null;
  // place axis
  readonly readPoint: string | null;
  readonly location: string | null;
  readonly previousLocation: string | null;
  /** Since when it is at `location`, epoch ms. */
  readonly placeSince: number | null;
  readonly placeSource: 'sensor' | 'inferred' | 'business' | null;
  /** 0..1 */
  readonly placeConfidence: number | null;
  // lifecycle axis
  readonly lifecycle: Lifecycle;
  /** Why it is HELD, or a flag such as `mismatch_instance`; null otherwise. */
  readonly lifecycleReason: string | null;
  // owner, custody, condition, tag axes
  readonly owner: 'own' | 'customer' | 'vendor';
  readonly custody: { readonly party: string; readonly since: number; readonly due: number | null } | null;
  readonly condition: 'ok' | 'alert' | 'hold';
  readonly tag: 'blank' | 'encoded' | 'verified' | 'locked' | 'killed';
  /** Stock bucket the item is counted in now, or null. */
  readonly bucket: Bucket | null;
  readonly serviceCount: number;
  // the read behind the last change
  readonly reader: string | null;
  readonly antenna: number | null;
  readonly rssi: number | null;
  readonly firstSeenAt: number | null;
  readonly lastSeenAt: number | null;
  /** Event time of the last applied input, epoch ms: an older input is logged, not applied. */
  readonly asOf: number;
};
