import type { Oversize } from './packet-filter.ts';

/**
 * Where a channel stands. `since` is epoch ms; `error` is a plain sentence for the technician, null while all is well. A
 * channel that breaks again and again keeps the reason in `error` while it is open, until it has done a minute of good work.
 */
export type LinkState = {
  readonly state: 'opening' | 'open' | 'waiting' | 'closed';
  readonly since: number;
  readonly error: string | null;
};

/** An open byte channel (serial, TCP, replay) that reopens itself until it is closed. */
export type ByteLink = {
  /** Starts opening; keeps trying with backoff until `close`. */
  open(): void;
  /** Rejects with LINK_LOST while the channel is not open. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The open channel is of no use, for this reason: it counts as lost, and is opened anew after the pause of any loss.
   * Does nothing while it is not open.
   */
  giveUp(reason: string): void;
  close(): Promise<void>;
  state(): LinkState;
};

/** What a byte channel tells its reader. `opened` is called after every (re)open: the reader replays its set-up there. */
export type ByteLinkEvents = {
  opened(): void;
  /** Whatever the OS gave us, any size; `at` is epoch ms of receipt. Valid only during the call. */
  chunk(bytes: Uint8Array, at: number): void;
  lost(error: string): void;
  /** A device that dials in to notify has hung up: what it had begun to say will not go on. The link stays open. */
  between?(): void;
};

/** One message of a message channel. */
export type LinkMessage = {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** True when the broker marks it as a redelivery (MQTT DUP flag). */
  readonly redelivered: boolean;
  /** Set for a payload that was over the limit: it is not kept, and `payload` is empty. */
  readonly oversize?: Oversize | null;
  /** True for a message the broker kept from before the subscription: it is not news. */
  readonly retained: boolean;
  /** Epoch ms of receipt. */
  readonly at: number;
};
