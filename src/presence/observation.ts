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
  /** For a departure, or an arrival that was reported late: the read point that read the tag later than this one did. */
  readonly elsewhere: string | null;
  /** Share of the tag's last reads that were made here since it came, 0..1 (docs/item-model.md, "Confidence"). */
  readonly confidence: number;
};
