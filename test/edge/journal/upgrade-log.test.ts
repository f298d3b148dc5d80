import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ItemEvent } from '../../../src/inventory/index.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { keyedHash } from '../../../src/kit/index.ts';
import { openSchema4 } from './schema-4.ts';
import {
  anyItem,
  anyStock,
  arrival,
  at,
  createStores,
  customerEvent,
  event,
  idOf,
  item,
  minus,
  plus,
} from './store-fixture.ts';

const { folder, open } = createStores();
const dayMs = 86_400_000;

const custody = { party: 'staff-3', since: at, due: at + dayMs };
const sold = (serial: number): ItemEvent =>
  event(`sold-${serial}`, item(serial, { lifecycle: 'SOLD', bucket: null, previousLocation: 'back', asOf: at + 9 }), {
    type: 'item.sold',
    input: 'sell',
    cause: `pos-${serial}`,
    at: at + 9,
    fromLifecycle: 'IN_STOCK',
    stock: [minus()],
  });
const card = 'urn:epc:raw:64.xE280110C20007F01';
const thing = item('x', {
  id: card,
  gtin: null,
  epcUri: null,
  scheme: 'raw',
  hex: 'E280110C20007F01',
  bucket: null,
  custody,
});

/** Events as the old program committed them: two persons come between, one commit a second. */
const events = [arrival(1), arrival(2), event('thing', thing), sold(1), arrival(3, { cause: 'count-1' })];
const seen = {
  antenna: null,
  rssi: -61,
  firstSeenAt: at,
  lastSeenAt: at + 70,
  reads: 4,
  reader: 'desk-1',
  hex: 'AB12',
};

/** A folder of schema 4, filled in every table. */
function filled(): string {
  const path = folder();
  const old = openSchema4(path, at);
  const [one, two, three, four, five] = events as [ItemEvent, ItemEvent, ItemEvent, ItemEvent, ItemEvent];
  old.event(one, at);
  old.event(two, at);
  old.customerEvent(customerEvent('c1', 'crm-7'), at + 1_000);
  old.event(three, at + 2_000);
  old.event(four, at + dayMs);
  old.customerEvent(customerEvent('c2', 'crm-8'), at + dayMs + 1_000);
  old.event(five, at + dayMs + 2_000);
  old.presence({ id: idOf(2), readPoint: 'shelf-1', state: 'PRESENT', ...seen });
  old.presence({ id: idOf(9), readPoint: 'shelf-2', state: 'GLIMPSED', ...seen });
  // a last sight after the last event
  old.db.prepare('UPDATE items SET last_seen_at = ? WHERE id = ?').run(at + 77_000, idOf(2));
  old.db.exec(`
    INSERT INTO products (gtin, sku, name, search) VALUES ('04710088000019', 'TEE-1', '紅色T恤', '紅色t恤');
    INSERT INTO customers (customer, given, text_version, at, source) VALUES ('crm-7', 1, 'v2', ${at}, 'app');
    INSERT INTO erased_tokens (hash) VALUES ('f00d');
    INSERT INTO messages (seq, event_id, type, lane, at, customer, data) VALUES
      (4, 'arrival-2', 'item.arrived', '${idOf(2)}', ${at}, NULL, '{"old":"text"}'),
      (5, 'sold-1', 'item.sold', '${idOf(1)}', ${at}, NULL, '{"dead":1}');
    INSERT INTO outbox (destination, seq, lane, place, next_at, attempts, error) VALUES ('main', 4, '${idOf(2)}', 1, 0, 3, NULL);
    INSERT INTO dead_letters (destination, seq, attempts, reason, status, died_at) VALUES ('main', 5, 7, 'refused', 400, ${at});
    INSERT INTO destination_states (destination, state, failures, since) VALUES ('main', 'retrying', 3, ${at});
    INSERT INTO api_keys (id, name, scopes, secret_hash, created_at, kind, readers) VALUES ('k1', 'till', '["stock:read"]', 'h', ${at}, 'mqtt', '["desk-1"]');
    INSERT INTO sessions (token_hash, name, scopes, key_hash, expires_at) VALUES ('t', 'May', '["stock:read"]', 'h', ${at + dayMs});
  `);
  const key = Buffer.alloc(32, 7);
  writeFileSync(join(path, 'token.key'), key, { mode: 0o600 });
  old.db.prepare("INSERT INTO customer_tokens (hash, customer) VALUES (?, 'crm-7')").run(keyedHash(key, 'uid:0011'));
  old.db.close();
  return path;
}

describe('an upgrade from schema 4', () => {
  it('keeps the log in the order in which it was recorded, and every event as it was', () => {
    const store = open(filled());
    const facts = store.facts(0, 100);
    expect(facts.map((fact) => [fact.seq, fact.event.id])).toEqual([
      [1, 'arrival-1'],
      [2, 'arrival-2'],
      [3, 'c1'],
      [4, 'thing'],
      [5, 'sold-1'],
      [6, 'c2'],
      [7, 'arrival-3'],
    ]);
    expect(facts.filter(({ kind }) => kind === 'item').map((fact) => fact.event)).toEqual(events);
    expect(facts[2]).toEqual({ seq: 3, recordedAt: at + 1_000, kind: 'customer', event: customerEvent('c1', 'crm-7') });
    expect(store.history(idOf(1), null, 10).rows.map((row) => [row.recordedAt, row.event])).toEqual([
      [at + dayMs, sold(1)],
      [at, arrival(1)],
    ]);
    expect([store.inputSeen('pos-1', idOf(1)), store.inputSeen('pos-1', idOf(2))]).toEqual([true, false]);
    expect(store.lastSeq()).toBe(7);
  });

  it('keeps items, presences, stock and products', async () => {
    const store = open(filled());
    expect(store.items(anyItem).rows).toEqual([sold(1).item, item(2, { lastSeenAt: at + 77_000 }), thing, item(3)]);
    expect(store.presences()).toEqual([
      { id: idOf(2), readPoint: 'shelf-1', state: 'PRESENT', ...seen },
      { id: idOf(9), readPoint: 'shelf-2', state: 'GLIMPSED', ...seen },
    ]);
    expect(store.stock(anyStock).rows).toMatchObject([
      { location: 'floor', quantity: 2, name: '紅色T恤', sku: 'TEE-1' },
    ]);
    expect(store.checkStock()).toEqual([]);
    expect(store.products('紅色', null, 10).rows).toHaveLength(1);
    expect(await store.health()).toMatchObject({ damage: null, schemaVersion: migrations.length, items: 4, events: 7 });
  });

  it('keeps waiting and dead deliveries with their ids and texts, customers, keys and sessions', async () => {
    const store = open(filled());
    expect(await store.outbox.due('main', at, 10, new Set())).toEqual([
      {
        seq: 4,
        destination: 'main',
        eventId: 'arrival-2',
        type: 'item.arrived',
        lane: idOf(2),
        at,
        data: '{"old":"text"}',
        attempts: 3,
      },
    ]);
    expect(store.outbox.deadLetters('main', null, 10).rows).toMatchObject([
      { eventId: 'sold-1', data: '{"dead":1}', attempts: 7 },
    ]);
    expect(store.outbox.state('main')).toMatchObject({ state: 'retrying', failures: 3 });
    expect(store.customers.get('crm-7')).toMatchObject({ tokens: 1, consent: { given: true, textVersion: 'v2' } });
    expect(store.customers.byToken('uid:0011')?.customer).toBe('crm-7');
    expect(store.customers.sights('crm-7', 'uid:0011')).toEqual([at]);
    expect(store.keys.byHash('h')).toMatchObject({ id: 'k1', kind: 'mqtt', readers: ['desk-1'] });
    expect(store.sessions.all()).toMatchObject([{ tokenHash: 't', name: 'May' }]);
  });

  it('lets the line go on where it was: new facts follow, ids of old ones have no second effect', async () => {
    const store = open(filled());
    const next = event('later', item(2, { location: 'back', bucket: 'on_back' }), {
      type: 'item.moved',
      stock: [minus(), plus('back', 'on_back')],
    });
    const written = await store.append({
      observations: [],
      events: [arrival(2), sold(1), next],
      customerEvents: [customerEvent('c1', 'crm-7')],
    });
    expect(written).toEqual({ seq: 8, duplicates: [idOf(2), idOf(1)] });
    expect(store.history(idOf(2), null, 10).rows.map((row) => row.event)).toEqual([next, arrival(2)]);
    expect(store.checkStock()).toEqual([]);
    expect((await store.customers.erase('crm-7')).rows).toBe(3);
    expect(store.facts(2, 1)).toMatchObject([{ seq: 4 }]);
  });

  it('leaves a checked copy of the old database beside it', () => {
    const path = filled();
    open(path);
    const [copy = ''] = readdirSync(path).filter((name) =>
      name.startsWith(`silentgate.db.before-v${migrations.length}-`),
    );
    const db = new Database(join(path, copy), { readonly: true });
    expect(db.pragma('user_version', { simple: true })).toBe(4);
    expect(db.prepare('SELECT count(*) FROM events').pluck().get()).toBe(5);
    db.close();
  });

  it('that is killed at any moment leaves a database that starts and has everything', async () => {
    const path = filled();
    const old = new Database(databaseFile(path));
    const more = old.prepare(
      "INSERT INTO events (id, item, recorded_at, event) SELECT id || '-' || ?, item, recorded_at, replace(event, '\"id\":\"arrival-2\"', '\"id\":\"arrival-2-' || ? || '\"') FROM events WHERE id = 'arrival-2'",
    );
    // an alert changes no stock
    old.exec("UPDATE events SET event = json_set(event, '$.stock', json('[]')) WHERE id = 'arrival-2'");
    old.exec("UPDATE events SET event = json_set(event, '$.stock', json('[]')) WHERE id = 'arrival-3'");
    old.exec('UPDATE stock SET quantity = 0');
    old.exec('UPDATE items SET bucket = NULL');
    old.transaction(() => {
      for (let n = 0; n < 20_000; n++) more.run(n, n);
    })();
    old.close();
    for (const afterMs of [300, 900, 1500, 2100, 2700]) {
      const child = spawn('node', ['--import', 'tsx', join(import.meta.dirname, 'upgrading-child.ts'), path]);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
    }
    const store = open(path);
    expect(await store.health()).toMatchObject({ damage: null, schemaVersion: migrations.length, events: 20_007 });
    // a copy of a try that was cut short gives way to the next one
    expect(readdirSync(path).filter((name) => name.includes('.before-v'))).toHaveLength(1);
    expect(store.history(idOf(2), null, 1000).rows).toHaveLength(1000);
    expect(store.checkStock()).toEqual([]);
  }, 120_000);
});
