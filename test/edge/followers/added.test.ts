import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFollowing,
  createForwarder,
  type Follower,
  followers,
  openFollowers,
} from '../../../src/followers/index.ts';
import { openStore, type Store } from '../../../src/journal/index.ts';
import { silentLog, systemClock } from '../../../src/kit/index.ts';
import { createKilled } from '../../fakes/killed.ts';
import { arrival, batch, customerEvent } from '../journal/store-values.ts';

/*
 * A follower that this file adds: a row handed in beside the table's. Run by Vitest this file is the test; run by itself, with a folder, it
 * is the process that commits, follows, and is killed.
 */

/** Writes down every fact that it sees, one line after the other, with the place in the log. */
const book: Follower = {
  name: 'book',
  open: ({ facts, cursors, clock, log }) => {
    let cursor = cursors.get('book') ?? 0;
    let lines = cursors.rows('book', '', 1_000_000).length;
    return createFollowing({
      ...{ name: 'book', facts, clock, log },
      place: () => cursor,
      take: async (page) => {
        const last = page.at(-1)?.seq ?? cursor;
        const rows = page.map(({ seq, kind, event }, n) => ({
          key: String(lines + n).padStart(9, '0'),
          value: `${seq} ${kind} ${event.id}`,
        }));
        await cursors.put('book', last, rows);
        [cursor, lines] = [last, lines + rows.length];
      },
    });
  },
};

const site = { id: 'taipei-xinyi' };
const [, file = '', folder = '', wish = ''] = process.argv;
if (file === import.meta.filename) await live(folder, wish === 'commit');
else await test();

/** Opens what a gateway opens of these, says what it commits, and ends by itself only when it has caught up. */
async function live(path: string, commits: boolean): Promise<void> {
  const store = openStore({ folder: path, site, now: Date.now }, 'gateway');
  const parts = { facts: store, cursors: store.cursors, clock: systemClock, log: silentLog };
  const forwarder = createForwarder({
    ...{ store, clock: systemClock, log: silentLog, random: Math.random, source: 'urn:silentgate:x' },
    ...{ site: { ...site, gln: null }, destinations: [] },
  });
  const listeners = { heard: () => null, take: () => undefined };
  const open = openFollowers([...followers, book], { ...parts, forwarder, live: listeners });
  for (let n = store.lastSeq() * 10; commits; n += 10) {
    await store.append(
      batch({ events: [arrival(n), arrival(n + 1)], customerEvents: [customerEvent(`c${n}`, 'crm-7')] }),
    );
    open.wake();
    process.stdout.write(`${store.lastSeq()}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (open.status().some(({ lag }) => lag > 0)) await new Promise((resolve) => setTimeout(resolve, 5));
  await open.close();
  await store.close();
}

async function test(): Promise<void> {
  const { afterEach, describe, expect, it } = await import('vitest');
  const path = mkdtempSync(join(tmpdir(), 'silentgate-added-'));
  const processes = createKilled();
  afterEach(() => {
    processes.end();
    rmSync(path, { recursive: true, force: true });
  });
  const linesOf = (store: Store) => store.cursors.rows('book', '', 1_000_000).map(({ value }) => value);
  const factsOf = (store: Store) => {
    const all: string[] = [];
    for (let seq = 0; ; ) {
      const page = store.facts(seq, 1_000);
      const last = page.at(-1);
      if (last === undefined) return all;
      all.push(...page.map(({ seq: at, kind, event }) => `${at} ${kind} ${event.id}`));
      seq = last.seq;
    }
  };

  describe('a follower that is a file and a row', () => {
    it('sees every fact once and in the order of the log, over kills of the process at any moment', async () => {
      const behind: number[] = [];
      for (let kill = 1; kill <= 8; kill++) {
        await processes.killAt(import.meta.filename, [path, 'commit'], kill * 150 + kill * kill);
        const store = openStore({ folder: path, site, now: Date.now }, 'tool');
        const [facts, lines] = [factsOf(store), linesOf(store)];
        // what it has seen so far is the log up to its cursor
        expect(lines).toEqual(facts.slice(0, lines.length));
        behind.push(facts.length - lines.length);
        await store.close();
      }
      expect(Math.max(...behind)).toBeGreaterThan(0);
      expect(await processes.runToEnd(import.meta.filename, [path, 'catch up'])).toBe(0);
      const store = openStore({ folder: path, site, now: Date.now }, 'tool');
      const facts = factsOf(store);
      expect(facts.length).toBeGreaterThan(1_000);
      expect(facts.some((fact) => fact.includes('customer'))).toBe(true);
      expect(linesOf(store)).toEqual(facts);
      expect(store.cursors.get('book')).toBe(store.lastSeq());
      await store.close();
    }, 240_000);
  });
}
