import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../kit/index.ts';
import { openDatabase } from './connection.ts';
import { storeFailure } from './failure.ts';
import { databaseFile } from './files.ts';
import { refuseDamaged } from './soundness.ts';
import type { FromThread, ThreadData } from './thread.ts';
import { thrownOf } from './thrown.ts';
import type { FromWriter, Outcome, Posted, ToWriter } from './wire.ts';
import { createRefusal, createWriter, type Writer, type WriterOptions } from './writer.ts';
import type { Call } from './writes.ts';

/*
 * The thread that writes: it owns the one connection that does. First it looks through the database; calls wait for that, and where a
 * page is damaged nothing is ever written. It takes all that came while the last commit ran, and moves the log into the file when
 * nothing comes. What is thrown here past the writer ends the thread, and with it the process.
 */

function run(port: MessagePort, { looksThrough, ...options }: ThreadData): void {
  const tell = (message: FromWriter) => {
    port.postMessage(packed(message) satisfies FromThread);
    if (message.kind === 'closed') port.close();
  };
  const writer = openWriter({ ...options, holds: true }, looksThrough, tell);
  const take = (messages: readonly ToWriter[]) => {
    writer.take(messages);
    setImmediate(rest);
  };
  const rest = () => {
    const more = waitingOn(port);
    if (more.length > 0) take(more);
    else writer.rest();
  };
  port.on('message', (message: Posted) => take([unpacked(message), ...waitingOn(port)]));
}

/** Where the database is not whole, what refuses to write. */
function openWriter(options: WriterOptions, looksThrough: boolean, tell: (message: FromWriter) => void): Writer {
  const db = openDatabase(databaseFile(options.folder));
  try {
    if (looksThrough) refuseDamaged(db);
    const writer = createWriter(db, options, tell);
    tell({ kind: 'opened' });
    return writer;
  } catch (thrown) {
    const error = storeFailure(thrown);
    if (!(error instanceof GatewayError)) throw error;
    tell({ kind: 'refused', error });
    return createRefusal(db, error, tell);
  }
}

function waitingOn(port: MessagePort): ToWriter[] {
  const messages: ToWriter[] = [];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    messages.push(unpacked(next.message as Posted));
  return messages;
}

function unpacked(message: Posted): ToWriter {
  if (message.kind !== 'calls') return message;
  const calls = message.calls.map((call) => (typeof call === 'string' ? (JSON.parse(call) as Call) : call));
  return { ...message, calls };
}

function packed(message: FromWriter): FromThread {
  if (message.kind === 'done') return { ...message, outcomes: message.outcomes.map(plain) };
  if (message.kind === 'failed' || message.kind === 'refused') return { ...message, error: thrownOf(message.error) };
  return message.kind === 'aside' ? { ...message, outcome: plain(message.outcome) } : message;
}

function plain(outcome: Outcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: thrownOf(outcome.error) };
}

if (parentPort === null) throw new Error('this file runs as a thread of the gateway only');
run(parentPort, workerData as ThreadData);
