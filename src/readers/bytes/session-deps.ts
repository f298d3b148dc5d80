import type { Clock, Fault, Log } from '../../kit/index.ts';
import type { ByteProfile, CompiledFraming } from '../../protocols/index.ts';
import type { StatusTracker } from '../status-tracker.ts';
import type { Conversation } from './conversation.ts';
import type { Wanted } from './settings.ts';

/** What keeping a byte reader at work needs. */
export type ByteSessionDeps = {
  readonly profile: ByteProfile;
  readonly framings: readonly CompiledFraming[];
  readonly wanted: { now(): Wanted };
  readonly talk: Conversation;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracker: StatusTracker;
  /** True while the speed of the line is not known: each failure then reopens the channel, at the next one. */
  searching(): boolean;
  /** Gives the channel up for this reason; it is opened after a pause. */
  reopen(reason: Fault): void;
};
