import type { LinkMessage, LinkState } from './link.ts';

/** Gets each message of its filter. A fulfilled promise acknowledges it, a rejected one holds it back until a later call's is fulfilled. */
export type MessageHandler = (message: LinkMessage) => Promise<void>;

/** Counts of a message channel since it was made. */
export type MqttCounts = {
  /** Messages that arrived. */
  readonly messages: number;
  /** Messages that no handler's filter fits; acknowledged, because nobody will ever want them. */
  readonly unrouted: number;
  /** The topic of the newest such message, cut short: often a reader that the configuration forgot. */
  readonly unroutedTopic: string | null;
  /** Messages that were given up because each attempt met a bug; acknowledged, logged and lost. */
  readonly givenUp: number;
  /** Times a handler rejected, so that the message was held back. */
  readonly held: number;
};

/** The one connection to a broker that all message readers share. It reopens itself until it is closed. */
export type MqttConnection = {
  /**
   * Hands every message of `filter` (`+` and a last `#` allowed) to `handler`. Subscribe before `open`:
   * what the broker kept for us arrives right after it. Later ones are asked of the broker at once. Throws CONFIG_INVALID
   * for a malformed filter. The answer ends it: from then on the handler gets nothing, not even a message that it held
   * back, and the broker is asked for the topic no longer unless another handler wants it.
   */
  subscribe(filter: string, handler: MessageHandler): () => void;
  /** Starts connecting; call it once all readers have subscribed. Keeps trying with backoff until `close`. */
  open(): void;
  /** Resolves when the broker has it (QoS 1) or it is written (QoS 0); rejects with LINK_LOST otherwise. */
  publish(topic: string, payload: Uint8Array | string, options?: { qos?: 0 | 1; retain?: boolean }): Promise<void>;
  state(): LinkState;
  counts(): MqttCounts;
  /** Ends cleanly; the session stays at the broker. What a handler still holds is not acknowledged. */
  close(): Promise<void>;
};
