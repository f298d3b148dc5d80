import type { Store } from '../journal/index.ts';

/** The log as a follower sees it: what is committed, in one order. */
export type FactLog = Pick<Store, 'facts' | 'lastSeq'>;
export type Cursors = Store['cursors'];

/** Where a follower stands. */
export type FollowerStatus = {
  /** The name of its cursor: the follower's own, or that and whom it follows for, as in `crm:main`. */
  readonly name: string;
  /** Sequence number of the last fact that it is done with. */
  readonly cursor: number;
  /** How far the end of the log is from there. */
  readonly lag: number;
  readonly paused: boolean;
};

/** A follower at work. It never throws at who wakes it, and never works in the turn of who wakes it. */
export type OpenFollower = {
  /** Says that the log has grown. Costs the caller nothing. */
  wake(): void;
  /** Stops taking facts until `resume`, or the next start. Nothing is lost: the log keeps them. */
  pause(): void;
  resume(): void;
  /** Lets what is in hand end. */
  close(): Promise<void>;
  /** One row for each cursor. */
  status(): readonly FollowerStatus[];
};
