import type { Sink } from '../../src/protocols/sink.ts';
import { createReadBatch, readAt, type TagRead } from '../../src/tags/index.ts';

/** A sink that collects reads as values and lets the rest go, but for what `heard` takes. */
export function readSink(heard: Partial<Sink> = {}): { readonly sink: Sink; readonly reads: TagRead[] } {
  const rows = createReadBatch();
  const reads: TagRead[] = [];
  const nothing = () => undefined;
  const sink: Sink = {
    rows: () => rows,
    read: () => {
      reads.push(readAt(rows, rows.size));
      rows.size += 1;
    },
    readUnstamped: (count) => {
      for (let left = count; left > 0; left--) {
        if (Number.isNaN(rows.at[rows.size])) rows.at[rows.size] = rows.receivedAt;
        sink.read();
      }
    },
    answer: nothing,
    event: nothing,
    bad: nothing,
    sign: nothing,
    warn: nothing,
    ...heard,
  };
  return { sink, reads };
}
