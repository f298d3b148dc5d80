import type { Fault } from '../kit/index.ts';
import type { LinkState } from '../links/index.ts';
import type { Finding } from './finding.ts';

/** What is known of one reader, as the API, the page and `doctor` show it. Times are epoch ms. */
export type ReaderStatus = {
  readonly id: string;
  readonly profile: string;
  readonly link: LinkState & { readonly address: string };
  /** The newest error of the link in plain words, also when it is open again; null where there was none since start. */
  readonly lastError: { readonly text: string; readonly fault: Fault; readonly at: number } | null;
  /** What the reader last said of its own connection (status topic, heartbeat); null where it says nothing. */
  readonly online: boolean | null;
  /** Its tags would be heard: the link is open, it did not say goodbye, and its heartbeats come. */
  readonly reachable: boolean;
  /** Whether it takes inventory as far as the gateway can know; `problem` says why it could not be set up. */
  readonly session: {
    readonly state: string;
    readonly since: number;
    readonly problem: string | null;
    readonly fault: Fault | null;
  };
  /** What the reader said of itself, e.g. `M100 26dBm V1.0`. */
  readonly identity: string | null;
  readonly lastReadAt: number | null;
  /** Sum of all reads since start. */
  readonly reads: number;
  readonly antennas: readonly AntennaStatus[];
  /** Reads, frames and payloads that had no effect, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  /** Numbers of the reader's own sequence that never came. */
  readonly missing: number;
  /** First few damaged inputs, cut short, hex, for the technician. */
  readonly samples: readonly { readonly reason: string; readonly at: number; readonly hex: string }[];
  /** Reader clock minus gateway clock, ms, median of the newest reads; null where the reader has no clock. */
  readonly clockOffsetMs: number | null;
  readonly lastEvent: string | null;
  /** What supervision makes of all this; the first one is the reader's main state. */
  readonly findings: readonly Finding[];
};

export type AntennaStatus = {
  readonly antenna: number | null;
  readonly readPoint: string | null;
  readonly reads: number;
  /** Reads per second over the last ten seconds. */
  readonly rate: number;
  readonly lastReadAt: number | null;
  /** Reads per second that are usual for it while its reader is at work; null while that is learned. */
  readonly baseline: number | null;
  readonly health: AntennaHealth;
};

/** `learning`: no baseline yet. `dead`, `quiet`: the others read, this one not or hardly. `off`: the reader calls it disconnected. */
export type AntennaHealth = 'learning' | 'ok' | 'quiet' | 'dead' | 'off';
