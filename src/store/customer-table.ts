import type { Customer } from '../customers/index.ts';
import { GatewayError, keyedHash } from '../kit/index.ts';
import { tokenIdentityOf } from '../tags/index.ts';
import type { Db } from './connection.ts';
import { createLanes } from './outbox-rows.ts';
import type { CustomerTable } from './store.ts';

type CustomerRow = {
  readonly customer: string;
  readonly given: number;
  readonly textVersion: string | null;
  readonly at: number;
  readonly source: string | null;
};

const selected = 'c.customer, c.given, c.text_version AS textVersion, c.at, c.source';

/** Persons who may be recognised: the CRM's reference, consent, and hashes of their tokens under `key`. */
export function createCustomerTable(db: Db, key: Uint8Array): CustomerTable {
  const get = db.prepare<[string], CustomerRow>(`SELECT ${selected} FROM customers c WHERE c.customer = ?`);
  const count = db.prepare<[string], number>('SELECT count(*) FROM customer_tokens WHERE customer = ?').pluck();
  const byHash = db.prepare<[string], CustomerRow>(
    `SELECT ${selected} FROM customer_tokens t JOIN customers c ON c.customer = t.customer WHERE t.hash = ?`,
  );
  return {
    put: createPut(db, key),
    get: (customer) => {
      const row = get.get(customer);
      return row === undefined ? null : { ...fromRow(row), tokens: count.get(customer) ?? 0 };
    },
    byToken: (id) => {
      const row = byHash.get(tokenHash(key, id));
      return row === undefined ? null : fromRow(row);
    },
    sights: createSights(db),
    erase: createErase(db, key),
  };
}

/** What stands on disk of a token. A card's number is one token, whichever way a reader reports it. */
function tokenHash(key: Uint8Array, id: string): string {
  return keyedHash(key, tokenIdentityOf(id));
}

/** Old captures may have been told last: so many events are looked at for one that is near. */
const sightsLookedAt = 100;

function createSights(db: Db): CustomerTable['sights'] {
  const told = db
    .prepare<[string, number], number>(
      "SELECT json_extract(event, '$.at') FROM customer_events WHERE customer = ? ORDER BY seq DESC LIMIT ?",
    )
    .pluck();
  const present = db
    .prepare<[string], number>("SELECT last_seen_at FROM presences WHERE id = ? AND state = 'PRESENT'")
    .pluck();
  return (customer, id) => [...told.all(customer, sightsLookedAt), ...present.all(id)];
}

function createPut(db: Db, key: Uint8Array): CustomerTable['put'] {
  const upsert = db.prepare(`
    INSERT INTO customers (customer, given, text_version, at, source)
    VALUES (@customer, @given, @textVersion, @at, @source)
    ON CONFLICT (customer) DO UPDATE SET given = excluded.given, text_version = excluded.text_version,
      at = excluded.at, source = excluded.source`);
  const forget = db.prepare('DELETE FROM customer_tokens WHERE customer = ?');
  const holder = db.prepare<[string], string>('SELECT customer FROM customer_tokens WHERE hash = ?').pluck();
  const add = db.prepare('INSERT INTO customer_tokens (hash, customer) VALUES (?, ?)');
  const put = db.transaction(({ customer, consent }: Customer, tokens: readonly string[]) => {
    upsert.run({ customer, ...consent, given: consent.given ? 1 : 0 });
    forget.run(customer);
    for (const hash of new Set(tokens.map((token) => tokenHash(key, token)))) {
      if (holder.get(hash) !== undefined)
        throw new GatewayError('CONFLICT', 'A token already belongs to another customer: take it from that one first.');
      add.run(hash, customer);
    }
  });
  return (customer, tokens) => put.immediate(customer, tokens);
}

function createErase(db: Db, key: Uint8Array): CustomerTable['erase'] {
  const lanes = createLanes(db);
  const hashes = db.prepare<[string], string>('SELECT hash FROM customer_tokens WHERE customer = ?').pluck();
  const present = db.prepare<[], string>('SELECT DISTINCT id FROM presences').pluck();
  const leave = db.prepare('DELETE FROM presences WHERE id = ?');
  const unsend = db.prepare<[string], { destination: string; lane: string }>(
    'DELETE FROM outbox WHERE seq IN (SELECT seq FROM messages WHERE customer = ?) RETURNING destination, lane',
  );
  const rest = [
    'DELETE FROM dead_letters WHERE seq IN (SELECT seq FROM messages WHERE customer = ?)',
    'DELETE FROM messages WHERE customer = ?',
    'DELETE FROM customer_events WHERE customer = ?',
    'DELETE FROM customer_tokens WHERE customer = ?',
    'DELETE FROM customers WHERE customer = ?',
  ].map((sql) => db.prepare(sql));
  const erase = db.transaction((customer: string): number => {
    const tokens = new Set(hashes.all(customer));
    // the token's own presence is kept in the clear while it is read: it goes with the person
    const ids = tokens.size === 0 ? [] : present.all().filter((id) => tokens.has(tokenHash(key, id)));
    const left = ids.reduce((sum, id) => sum + leave.run(id).changes, 0);
    const unsent = unsend.all(customer);
    for (const { destination, lane } of unsent) lanes.settle(destination, lane);
    return rest.reduce((sum, statement) => sum + statement.run(customer).changes, left + unsent.length);
  });
  return (customer) => {
    const removed = erase.immediate(customer);
    // the write-ahead log still holds the old pages until it is emptied
    db.pragma('wal_checkpoint(TRUNCATE)');
    return removed;
  };
}

function fromRow(row: CustomerRow): Customer {
  const { customer, given, textVersion, at, source } = row;
  return { customer, consent: { given: given === 1, textVersion, at, source } };
}
