import { Worker } from 'node:worker_threads';
import { messageOf } from '../kit/index.ts';
import { errorOf, type Thrown } from './thrown.ts';
import type { FromWriter, Outcome, Port } from './wire.ts';
import type { WriterOptions } from './writer.ts';
import type { Call, Writes } from './writes.ts';

/** What the writing thread is started with. `looksThrough`: before it writes anything, it looks at every page. */
export type ThreadData = Pick<WriterOptions, 'folder' | 'site' | 'sightsBefore'> & { readonly looksThrough: boolean };

/** What the thread says; errors stand in it as `Thrown`. */
export type FromThread = FromWriter;

/** The file of the writing thread beside this program, or 'here' where there is none that Node.js can run: in the source. */
export function writerThread(): URL | 'here' {
  return import.meta.url.endsWith('.js') ? new URL('./writer-thread.js', import.meta.url) : 'here';
}

/**
 * Starts the thread that writes. One that ends before it was closed is a bug, and is thrown as one, past all callers: the
 * process is to end and to be started again. What was not answered was not promised to anybody.
 */
export function writeInThread(file: URL, data: ThreadData, hear: (message: FromWriter) => void): Port {
  const thread = new Worker(file, { workerData: data, name: 'journal' });
  let isClosed = false;
  thread.on('message', (message: FromThread) => {
    isClosed = message.kind === 'closed';
    hear(unpacked(message));
  });
  const died = (why: string, cause?: unknown) =>
    new Error(`the thread that writes the database ended: ${why}`, { cause });
  thread.on('error', (error: unknown) => {
    throw died(messageOf(error), error);
  });
  thread.on('exit', (code) => {
    if (!isClosed) throw died(`exit code ${code}`);
  });
  return {
    pack: (call) => {
      if (call.name === 'tell') return { packed: call, bytes: bytesOf(call) };
      const text = JSON.stringify(call);
      return { packed: text, bytes: text.length };
    },
    post: (message) => thread.postMessage(message),
  };
}

/** Texts are JSON already: as they stand they cross faster than inside JSON once more. */
function bytesOf({ given }: Call): number {
  const [, messages] = given as Parameters<Writes['tell']>;
  return messages.reduce((sum, { data }) => sum + data.length, 0);
}

function unpacked(message: FromThread): FromWriter {
  if (message.kind === 'done') return { ...message, outcomes: message.outcomes.map(restored) };
  if (message.kind === 'failed' || message.kind === 'refused')
    return { ...message, error: errorOf(message.error as Thrown) };
  return message.kind === 'aside' ? { ...message, outcome: restored(message.outcome) } : message;
}

function restored(outcome: Outcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: errorOf(outcome.error as Thrown) };
}
