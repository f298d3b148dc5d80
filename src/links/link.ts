import { type Fault, sentenceOf } from '../kit/index.ts';
import type { Oversize } from './packet-filter.ts';

/**
 * Where a channel stands. `since` is epoch ms; `fault` is what is wrong and `error` says it in one plain sentence, both null while
 * all is well. A channel that breaks again and again keeps the reason while it is open, until it has done a minute of good work.
 */
export type LinkState = {
  readonly state: 'opening' | 'open' | 'waiting' | 'closed';
  readonly since: number;
  readonly error: string | null;
  readonly fault: Fault | null;
};

/** A link's state; its sentence is made from the fault. */
export function linkState(state: LinkState['state'], since: number, fault: Fault | null = null): LinkState {
  return { state, since, error: fault === null ? null : sentenceOf(fault), fault };
}

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
  giveUp(reason: Fault): void;
  /**
   * True: nothing more is read until it is false again, so that the other side has to wait; over reopenings, too. A serial
   * line cannot wait: its bytes go on coming.
   */
  hold(isHeld: boolean): void;
  close(): Promise<void>;
  state(): LinkState;
};

/** What a byte channel tells its reader. `opened` is called after every (re)open: the reader replays its set-up there. */
export type ByteLinkEvents = {
  opened(): void;
  /** Whatever the OS gave us, any size; `at` is epoch ms of receipt. Valid only during the call. */
  chunk(bytes: Uint8Array, at: number): void;
  lost(fault: Fault): void;
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
