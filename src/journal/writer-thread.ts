import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openDatabase } from './connection.ts';
import { databaseFile } from './files.ts';
import type { FromThread, ThreadData } from './thread.ts';
import { thrownOf } from './thrown.ts';
import type { FromWriter, Outcome, Posted, ToWriter } from './wire.ts';
import { createWriter } from './writer.ts';
import type { Call } from './writes.ts';

/*
 * The thread that writes: it owns the one connection that does. It takes all that came while the last commit ran, and moves
 * the log into the file when nothing comes. What is thrown here past the writer ends the thread, and with it the process.
 */

function run(port: MessagePort, { folder, site }: ThreadData): void {
  const say = (message: FromThread) => port.postMessage(message);
  const writer = createWriter(openDatabase(databaseFile(folder)), { folder, site, holds: true }, (message) => {
    say(packed(message));
    if (message.kind === 'closed') port.close();
  });
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
  if (message.kind === 'failed') return { ...message, error: thrownOf(message.error) };
  return message.kind === 'aside' ? { ...message, outcome: plain(message.outcome) } : message;
}

function plain(outcome: Outcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: thrownOf(outcome.error) };
}

if (parentPort === null) throw new Error('this file runs as a thread of the gateway only');
run(parentPort, workerData as ThreadData);
