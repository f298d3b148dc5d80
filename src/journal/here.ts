import type { Db } from './connection.ts';
import type { FromWriter, Port, ToWriter } from './wire.ts';
import { createWriter, type WriterOptions } from './writer.ts';

/** Writes on the calling thread: what was called in a turn is committed at its end, as one transaction. */
export function writeHere(db: Db, options: WriterOptions, hear: (message: FromWriter) => void): Port {
  const writer = createWriter(db, options, hear);
  // Who opened it has looked through it.
  hear({ kind: 'opened' });
  return {
    pack: (call) => ({ packed: call, bytes: 0 }),
    post: (message) => {
      writer.take([message as ToWriter]);
      writer.rest();
    },
  };
}
