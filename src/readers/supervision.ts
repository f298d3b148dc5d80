import type { Clock, Fault } from '../kit/index.ts';
import type { Sign } from '../protocols/index.ts';
import type { ReadBatch } from '../tags/index.ts';
import type { ReaderOptions } from './options.ts';
import type { ReaderMemory } from './reader-memory.ts';
import type { ReaderStatus } from './status.ts';
import type { Trouble } from './trouble.ts';

/** Whom to watch, and what is known of them. */
export type Watched = {
  readonly config: ReaderOptions;
  /** The most that the profile lets the power be, dBm; null where it does not say. */
  readonly mostPower: number | null;
  /** What was learned before the gateway was started; null: nothing. */
  readonly memory: ReaderMemory | null;
};

/** Watches one reader; constant work and no allocation per read. */
export type Supervision = {
  reads(reads: ReadBatch): void;
  /** What the line made of `by` of its reads: ARRIVED, GLIMPSED, REPEAT, or why they had no effect. */
  outcome(outcome: string, antenna: number | null, by: number): void;
  /** The reader's clock minus ours in a report that came at `receivedAt`, ms. */
  offset(ms: number, receivedAt: number): void;
  /** The reader told of its condition; `at` is epoch ms by its own clock, null where it tells none. */
  sign(sign: Sign, at: number | null): void;
  /** Anything came from the reader, whatever it says. */
  heard(): void;
  warned(code: string): void;
  started(): void;
  /** It reports tags and answers nothing. */
  onlySends(): void;
  /** Somebody asked that it rests. */
  halted(): void;
  failed(trouble: Trouble): void;
  /** The channel was lost, or was given up here, which says nothing of cable or network. */
  lost(fault: Fault, givenUp?: boolean): void;
  /** What it refused and is read without. */
  lacks(faults: readonly Fault[]): void;
  /** What it sends cannot be cut into messages, which is also why its link was given up. */
  unreadable(fault: Fault): void;
  look(seen: Seen): Looked;
  /** What was learned and should outlive a restart. */
  memory(): ReaderMemory;
};

/** What the tracker knows besides. */
type Seen = Pick<ReaderStatus, 'link' | 'online' | 'reads' | 'lastReadAt' | 'rejected' | 'warnings'>;

type Looked = Pick<
  ReaderStatus,
  'lastError' | 'reachable' | 'session' | 'antennas' | 'missing' | 'clockOffsetMs' | 'findings'
>;

/** Begins to watch a reader. */
export type Supervise = (watched: Watched, clock: Clock) => Supervision;
