import type { LinkState } from '../links/index.ts';

/** What is known of one reader, as the API, the page and `doctor` show it. Times are epoch ms. */
export type ReaderStatus = {
  readonly id: string;
  readonly profile: string;
  readonly link: LinkState & { readonly address: string };
  /** What the reader last said of its own connection (status topic, heartbeat); null where it says nothing. */
  readonly online: boolean | null;
  /** What the reader said of itself, e.g. `M100 26dBm V1.0`. */
  readonly identity: string | null;
  readonly lastReadAt: number | null;
  /** Sum of all reads since start. */
  readonly reads: number;
  readonly antennas: readonly AntennaStatus[];
  /** Reads, frames and payloads that had no effect, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  /** First few damaged inputs, cut short, hex, for the technician. */
  readonly samples: readonly { readonly reason: string; readonly at: number; readonly hex: string }[];
  /** Reader clock minus gateway clock, ms, median of the newest reads; null where the reader has no clock. */
  readonly clockOffsetMs: number | null;
  readonly lastEvent: string | null;
};

export type AntennaStatus = {
  readonly antenna: number | null;
  readonly readPoint: string | null;
  readonly reads: number;
  /** Reads per second over the last ten seconds. */
  readonly rate: number;
  readonly lastReadAt: number | null;
};
