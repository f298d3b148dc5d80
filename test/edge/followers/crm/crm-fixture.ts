import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { createForwarder, type Destination, type Forwarder } from '../../../../src/followers/index.ts';
import { type OutboxTable, openStore, type Store } from '../../../../src/journal/index.ts';
import { type Clock, silentLog } from '../../../../src/kit/index.ts';
import { type CrmReceiver, startCrmReceiver } from '../../../fakes/crm-receiver.ts';
import type { ManualClock } from '../../../fakes/manual-clock.ts';
import { memoryOutbox } from '../../../fakes/memory-outbox.ts';
import { outboxOnly } from '../../../fakes/memory-store.ts';
import { batch, event, idOf, item } from '../../journal/store-values.ts';

export const secret = 'whsec_c2lsZW50Z2F0ZS10ZXN0LXNlY3JldC0wMDAx';
export const kinds = ['memory', 'sqlite'] as const;

/**
 * Events for destinations, and their outbox: in memory the events stand in it at once, on disk they stand in the log until they are sent.
 * `add` returns the event's id; `lane` is a serial number.
 */
export type TestOutbox = { readonly outbox: OutboxTable; add(lane: number, count?: number): string[] };

export type Bench = {
  receiver(port?: number): Promise<CrmReceiver>;
  outbox(kind: (typeof kinds)[number], now: () => number, destinations?: readonly string[]): TestOutbox;
  forwarder(
    outbox: OutboxTable,
    clock: Clock,
    destinations: readonly (Partial<Destination> & { url: string })[],
  ): Forwarder;
};

/** Everything a test opens here is closed, and its files removed, after it. */
export function createBench(): Bench {
  const closing: (() => unknown)[] = [];
  const stores = new Map<OutboxTable, Store>();
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return {
    receiver: async (port) => {
      const receiver = await startCrmReceiver(secret, port);
      closing.push(() => receiver.close());
      return receiver;
    },
    outbox: (kind, now, destinations = ['main']) => {
      if (kind === 'memory') return inMemory(now, destinations);
      const { store, add } = onDisk(now, destinations, closing);
      stores.set(store.outbox, store);
      return { outbox: store.outbox, add };
    },
    forwarder: (outbox, clock, destinations) => {
      const forwarder = createForwarder({
        ...{ clock, log: silentLog, random: () => 0.5, source: 'urn:silentgate:taipei-xinyi' },
        store: stores.get(outbox) ?? outboxOnly(outbox),
        site: { id: 'taipei-xinyi', gln: null },
        destinations: destinations.map((given) => ({ id: 'main', secret, ...given })),
      });
      closing.push(() => forwarder.stop());
      return forwarder;
    },
  };
}

function inMemory(now: () => number, destinations: readonly string[]): TestOutbox {
  const outbox = memoryOutbox(now);
  let count = 0;
  return {
    outbox,
    add: (lane, times = 1) =>
      Array.from({ length: times }, () => {
        count += 1;
        const eventId = `e${count}`;
        for (const destination of destinations) outbox.add({ destination, lane: idOf(lane), eventId });
        return eventId;
      }),
  };
}

function onDisk(now: () => number, destinations: readonly string[], closing: (() => unknown)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-crm-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = openStore({ folder, site: { id: 'taipei-xinyi' }, now }, 'gateway');
  for (const destination of destinations) void store.cursors.put(`crm:${destination}`, 0);
  closing.push(() => store.close());
  let count = 0;
  return {
    store,
    add: (lane: number, times = 1) => {
      const ids = Array.from({ length: times }, () => {
        count += 1;
        return `e${count}`;
      });
      // On disk at the end of this turn: no delivery begins before.
      void store.append(batch({ events: ids.map((id) => event(id, item(lane), { type: 'item.moved' })) }));
      return ids;
    },
  };
}

/** Polls in real time, so that a hand-moved clock can wait for real sockets. */
export async function until(check: () => boolean, limitMs = 15_000): Promise<void> {
  const limit = Date.now() + limitMs;
  // What was added in this turn is on disk after it.
  await Promise.resolve();
  while (!check()) {
    if (Date.now() > limit) throw new Error(`not true within ${limitMs} ms: ${check}`);
    await settled(1);
  }
}

/** Waits until the destination is told to wait, and returns when it will be tried again, epoch ms. */
export async function held(forwarder: Forwarder, clock: Clock): Promise<number> {
  const next = () => forwarder.status()[0]?.nextAttemptAt ?? 0;
  await until(() => next() > clock.now());
  return next();
}

/** Moves the clock on in steps and lets the sockets have real time between them. */
export async function passTime(clock: ManualClock, ms: number, stepMs = 1_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await clock.advance(Math.min(stepMs, ms - passed));
    await settled();
  }
}

/** Real time for what is on its way between sockets of this process. */
export async function settled(ms = 3): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** A clock that knows how many deadlines of `timeoutMs` are open, which is how many requests are. */
export function watched(clock: ManualClock, timeoutMs: number): { clock: ManualClock; idle(): Promise<void> } {
  let open = 0;
  const after: ManualClock['after'] = (ms, run) => {
    if (ms !== timeoutMs) return clock.after(ms, run);
    open += 1;
    const timer = clock.after(ms, run);
    return {
      cancel: () => {
        open -= 1;
        timer.cancel();
      },
    };
  };
  const idle = async () => {
    for (let quiet = 0; quiet < 4; quiet++) {
      if (open > 0) quiet = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock: { ...clock, after }, idle };
}

/** Events of one subject arrived in the order of their commits. */
export function expectOrderPerLane(receiver: CrmReceiver): void {
  const last = new Map<string, number>();
  for (const { id, subject } of receiver.effects()) {
    const n = Number(id.slice(1));
    expect(n).toBeGreaterThan(last.get(subject) ?? 0);
    last.set(subject, n);
  }
  expect(receiver.changed).toEqual([]);
}
