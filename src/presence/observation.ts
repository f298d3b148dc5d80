/**
 * What really happened at a read point, after deduplication. `glimpsed` is a tag not yet confirmed: it has no meaning
 * for stock, but it is kept on disk so that a read acknowledged to its source is never forgotten in a crash.
 */
export type Observation = {
  readonly change: 'glimpsed' | 'arrived' | 'departed' | 'stray';
  /** Identity of the object: canonical Digital Link or URN. */
  readonly id: string;
  /** The tag's EPC as last read, upper-case hex. */
  readonly hex: string;
  readonly readPoint: string;
  readonly reader: string;
  readonly antenna: number | null;
  /** Strongest RSSI since the tag came, dBm. */
  readonly rssi: number | null;
  /** Event time, epoch ms by the reader's clock: first read for an arrival, last read for a departure. */
  readonly at: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly reads: number;
  /** For a departure: the read point that read the tag later than this one did, if any. */
  readonly elsewhere: string | null;
};
