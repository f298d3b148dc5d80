import type { Sink } from '../sink.ts';

export type Incoming = { readonly topic: string; readonly payload: Uint8Array; readonly at: number };

/** Says what one message means, and how many of its members were understood. Never throws, whatever the payload is. */
export type MessageDecoder = {
  /** A message on the topic of the reads. */
  message(incoming: Incoming, sink: Sink): number;
  /** A message on the status topic: one of the plug-in's plain texts, else an ordinary message. */
  status(incoming: Incoming, sink: Sink): number;
};
