import type { Fact } from '../journal/index.ts';
import type { Clock, Log } from '../kit/index.ts';
import type { Forwarder } from './crm/index.ts';
import type { Cursors, FactLog, OpenFollower } from './open-follower.ts';

/** What followers may use. */
export type FollowerParts = {
  readonly facts: FactLog;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly log: Log;
  /** Carries events to the destinations of the configuration. */
  readonly forwarder: Forwarder;
  /** Who listens now. */
  readonly live: Listeners;
};

/** The listeners of the live feed. */
export type Listeners = {
  /** Sequence number of the last fact that they heard of; null while nobody listens. */
  heard(): number | null;
  take(facts: readonly Fact[]): void;
};

/** A row of the table in `followers.ts`. */
export type Follower = {
  /** Names its file and its cursor. */
  readonly name: string;
  /** Throws what the store throws. */
  open(parts: FollowerParts): OpenFollower;
};
