import { type Customer, erased, type KnownPeople } from '../customers/index.ts';
import { GatewayError, keyedHash } from '../kit/index.ts';
import { tokenIdentityOf } from '../tags/index.ts';
import { chainSql, createDropChain } from './chain.ts';
import type { Db } from './connection.ts';
import { customerEventAt } from './event-body.ts';
import { identityOf } from './identity.ts';
import { createLogEnd } from './log-end.ts';
import type { CustomerTable } from './store.ts';
import { createThings, createUnsend } from './things.ts';
import type { Removed } from './types.ts';

type CustomerRow = {
  readonly customer: string;
  readonly given: number;
  readonly textVersion: string | null;
  readonly at: number;
  readonly source: string | null;
};

const selected = 'c.customer, c.given, c.text_version AS textVersion, c.at, c.source';

/** What is looked up of persons, and what is written of them, by itself: see `CustomerTable`. */
export type CustomerRows = Pick<CustomerTable, 'get' | 'byToken' | 'sights' | 'known' | 'hashOf'> & {
  put(customer: Customer, tokens: readonly string[]): Removed;
  erase(customer: string): Removed;
};

/**
 * Persons who may be recognised: the CRM's reference, consent, and hashes of their tokens under `key`. `later` does work
 * after the commit of the transaction that holds a write.
 */
export function createCustomerTable(
  db: Db,
  key: Uint8Array,
  later: (work: () => void) => void = (work) => work(),
): CustomerRows {
  const get = db.prepare<[string], CustomerRow>(`SELECT ${selected} FROM customers c WHERE c.customer = ?`);
  const count = db.prepare<[string], number>('SELECT count(*) FROM customer_tokens WHERE customer = ?').pluck();
  const byHash = db.prepare<[string], CustomerRow>(
    `SELECT ${selected} FROM customer_tokens t JOIN customers c ON c.customer = t.customer WHERE t.hash = ?`,
  );
  const isErased = db.prepare<[string], number>('SELECT 1 FROM erased_tokens WHERE hash = ?').pluck();
  return {
    put: createPut(db, key, later),
    get: (customer) => {
      const row = get.get(customer);
      return row === undefined ? null : { ...fromRow(row), tokens: count.get(customer) ?? 0 };
    },
    byToken: (id) => {
      const hash = tokenHash(key, id);
      const row = byHash.get(hash);
      if (row !== undefined) return fromRow(row);
      return isErased.get(hash) === undefined ? null : erased;
    },
    sights: createSights(db),
    known: createKnown(db),
    hashOf: (id) => tokenHash(key, id),
    erase: createErase(db, key, later),
  };
}

/** What stands on disk of a token. A card's number is one token, whichever way a reader reports it. */
function tokenHash(key: Uint8Array, id: string): string {
  return keyedHash(key, tokenIdentityOf(id));
}

function createKnown(db: Db): () => KnownPeople {
  const customers = db.prepare<[], CustomerRow>(`SELECT ${selected} FROM customers c`);
  const tokens = db.prepare<[], KnownPeople['tokens'][number]>('SELECT hash, customer FROM customer_tokens');
  const gone = db.prepare<[], string>('SELECT hash FROM erased_tokens').pluck();
  return () => ({ customers: customers.all().map(fromRow), tokens: tokens.all(), erased: gone.all() });
}

/** Old captures may have been told last: so many events are looked at for one that is near. */
const sightsLookedAt = 100;

function createSights(db: Db): CustomerTable['sights'] {
  const told = db
    .prepare<[string, number], Buffer>(`
      ${chainSql('(SELECT last FROM log_customers WHERE customer = ?)', '?')}
      SELECT l.body FROM chain CROSS JOIN log l ON l.seq = chain.seq`)
    .pluck();
  const present = db
    .prepare<object, number>(`
      SELECT last_seen_at FROM strangers WHERE class = @class AND serial = @serial AND present = 1
      UNION ALL SELECT last_seen_at FROM presences
        WHERE item = (SELECT n FROM items WHERE class = @class AND serial = @serial) AND present = 1`)
    .pluck();
  return (customer, id) => [...told.all(customer, sightsLookedAt).map(customerEventAt), ...present.all(identityOf(id))];
}

function createPut(db: Db, key: Uint8Array, later: (work: () => void) => void): CustomerRows['put'] {
  const upsert = db.prepare(`
    INSERT INTO customers (customer, given, text_version, at, source)
    VALUES (@customer, @given, @textVersion, @at, @source)
    ON CONFLICT (customer) DO UPDATE SET given = excluded.given, text_version = excluded.text_version,
      at = excluded.at, source = excluded.source`);
  const things = createThings(db);
  const held = db.prepare<[string], string>('DELETE FROM customer_tokens WHERE customer = ? RETURNING hash').pluck();
  const holder = db.prepare<[string], string>('SELECT customer FROM customer_tokens WHERE hash = ?').pluck();
  const add = db.prepare('INSERT INTO customer_tokens (hash, customer) VALUES (?, ?)');
  const revive = db.prepare('DELETE FROM erased_tokens WHERE hash = ?');
  const put = db.transaction(({ customer, consent }: Customer, tokens: readonly string[]): Removed => {
    upsert.run({ customer, ...consent, given: consent.given ? 1 : 0 });
    const before = new Set(held.all(customer));
    const given = new Map(tokens.map((token) => [tokenHash(key, token), token]));
    for (const hash of given.keys()) {
      if (holder.get(hash) !== undefined)
        throw new GatewayError('CONFLICT', 'A token already belongs to another customer: take it from that one first.');
      add.run(hash, customer);
      if (consent.given) revive.run(hash);
    }
    const added = new Map([...given].filter(([hash]) => !before.has(hash)));
    if (added.size === 0) return { rows: 0, items: [] };
    return things.remove([...added.values(), ...things.withoutGtin((id) => added.has(tokenHash(key, id)))]);
  });
  return (customer, tokens) => {
    const removed = put.immediate(customer, tokens);
    if (removed.rows > 0) later(() => emptyLog(db));
    return removed;
  };
}

function createErase(db: Db, key: Uint8Array, later: (work: () => void) => void): CustomerRows['erase'] {
  const things = createThings(db);
  const unsend = createUnsend(db, 'customer = ?');
  const hashes = db.prepare<[string], string>('SELECT hash FROM customer_tokens WHERE customer = ?').pluck();
  const bury = db.prepare('INSERT OR IGNORE INTO erased_tokens (hash) VALUES (?)');
  const logEnd = createLogEnd(db);
  const rest = ['DELETE FROM customer_tokens WHERE customer = ?', 'DELETE FROM customers WHERE customer = ?'].map(
    (sql) => db.prepare(sql),
  );
  const forget = db.prepare<[string], number>('DELETE FROM log_customers WHERE customer = ? RETURNING last').pluck();
  const dropFacts = createDropChain(db);
  const erase = db.transaction((customer: string): Removed => {
    const tokens = new Set(hashes.all(customer));
    const theirs = (id: string) => tokens.has(tokenHash(key, id));
    // the token's own presence is kept in the clear while it is read: it goes with the person
    const ids = tokens.size === 0 ? [] : [...things.present(theirs), ...things.withoutGtin(theirs)];
    for (const hash of tokens) bury.run(hash);
    logEnd.keep();
    const last = forget.get(customer);
    const { rows: ofThings, items } = things.remove(ids);
    const gone = ofThings + unsend(customer) + (last === undefined ? 0 : dropFacts(last));
    return { rows: rest.reduce((sum, statement) => sum + statement.run(customer).changes, gone), items };
  });
  return (customer) => {
    const removed = erase.immediate(customer);
    later(() => emptyLog(db));
    return removed;
  };
}

/** The write-ahead log still holds the old pages of what was deleted until it is emptied. */
function emptyLog(db: Db): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
}

function fromRow(row: CustomerRow): Customer {
  const { customer, given, textVersion, at, source } = row;
  return { customer, consent: { given: given === 1, textVersion, at, source } };
}
