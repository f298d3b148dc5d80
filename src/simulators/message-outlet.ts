import type { MessageChannel } from '../readers/index.ts';

/** Where a reader that publishes is connected. */
export type MessageOutlet = {
  readonly channel: Pick<MessageChannel, 'publish' | 'subscribe'>;
  readonly topic: string;
  /** Status texts, births, wills and heartbeats go here; without it, heartbeats go where the reads go and the others nowhere. */
  readonly statusTopic?: string;
  /** Where commands are taken and answered; without them the reader takes none. */
  readonly commandTopic?: string;
  readonly responseTopic?: string;
};

export type Publish = (topic: string, payload: string | Uint8Array) => Promise<void>;
