import type { Fault } from '../kit/index.ts';
import type { AntennaStatus, ReaderStatus } from '../readers/index.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { Condition } from './condition.ts';
import type { Effects } from './effects.ts';
import type { Missing } from './sequence.ts';
import type { SessionFact } from './session-fact.ts';

/** Everything that the table of findings looks at. Times are epoch ms. */
export type Facts = {
  readonly now: number;
  readonly id: string;
  readonly link: ReaderStatus['link'];
  readonly online: boolean | null;
  readonly session: SessionFact;
  readonly condition: Condition;
  /** Seconds without a word from a reader that has heartbeats; null while all is well. */
  readonly silentS: number | null;
  readonly lastReadAt: number | null;
  readonly reads: number;
  readonly antennas: readonly AntennaStatus[];
  readonly effects: Effects;
  /** Minutes since the start in which it read anything. */
  readonly worked: number;
  /** Share of minutes with reads that is usual at this hour, 0 to 1; null while that is learned. */
  readonly usual: number | null;
  readonly rejected: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  /** When each warning came last. */
  readonly warnedAt: ReadonlyMap<string, number>;
  /** What it refused of its set-up and is read without. */
  readonly lacks: readonly Fault[];
  /** Why what it sent last could not be cut into messages; the link is given up for that reason. */
  readonly unreadable: Fault | null;
  readonly clock: ClockOffset | null;
  readonly missing: Missing;
  /** Its channel was lost, or it began anew, again and again within the hour. */
  readonly isUnstable: boolean;
  readonly restartsOften: boolean;
  readonly set: Settings;
};

/** What the configuration asks of a reader, as far as it can be why no tag is read. */
export type Settings = {
  /** dBm of the antenna with the most; null leaves what the reader has. */
  readonly power: number | null;
  /** The most that the profile allows; null where it does not say. */
  readonly mostPower: number | null;
  /** Only tags that begin with certain bits are asked for. */
  readonly isFiltered: boolean;
};
