import type { Sink } from '../sink.ts';

/** Says what lines mean; a grammar may need several of them. */
export type LineDecoder = {
  line(text: string, receivedAt: number, sink: Sink): void;
  /** No line will follow. */
  end(sink: Sink): void;
};
