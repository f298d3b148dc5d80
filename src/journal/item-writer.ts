import type { Item } from '../inventory/index.ts';
import { createByteWriter } from './bytes.ts';
import type { Db } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import { gtinNumber, type Identity, identityOf } from './identity.ts';
import { writeItem } from './item-body.ts';

/** A subject of the log: its number and its newest line. */
export type Subject = { readonly n: number; readonly last: number };

/** Writes items. The caller holds a transaction. */
export type ItemWriter = {
  /** Call first in each transaction. */
  begin(): void;
  find(identity: Identity): Subject | undefined;
  /** Writes the item as it is now, under its number or, where that is null, a new one; returns the number. */
  put(n: number | null, identity: Identity, item: Item, last: number, body: Buffer): number;
};

/** The columns that follow from an item beside its identity, in the order of the statements. */
function createColumns(words: Dictionary) {
  const numberOf = (word: string | null) => (word === null ? null : words.number(word));
  return (item: Item) =>
    [numberOf(item.location), words.number(item.lifecycle), numberOf(item.bucket), item.lastSeenAt] as const;
}

export function createItemWriter(db: Db, words: Dictionary): ItemWriter {
  const find = db.prepare<[number, string], Subject>('SELECT n, last FROM items WHERE class = ? AND serial = ?');
  const highest = db.prepare<[], number | null>('SELECT max(n) FROM items').pluck();
  const insert = db.prepare(
    'INSERT INTO items (n, class, serial, gtin, location, lifecycle, bucket, last_seen_at, last, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  // what is indexed stays as it is for the item's life: naming it here would write the index anew each time
  const update = db.prepare(
    'UPDATE items SET location = ?, lifecycle = ?, bucket = ?, last_seen_at = ?, last = ?, body = ? WHERE n = ?',
  );
  const columns = createColumns(words);
  let newest = 0;
  return {
    begin: () => {
      newest = highest.get() ?? 0;
    },
    find: (identity) => find.get(identity.class, identity.serial),
    put: (n, identity, item, last, body) => {
      const [location, lifecycle, bucket, seen] = columns(item);
      if (n !== null) {
        update.run(location, lifecycle, bucket, seen, last, body, n);
        return n;
      }
      newest += 1;
      insert.run(newest, identity.class, identity.serial, gtinOf(item), location, lifecycle, bucket, seen, last, body);
      return newest;
    },
  };
}

/** Writes an item under a number and leaves the line of the log that it has. For upgrades. */
export function createCarryItem(db: Db, words: Dictionary): (n: number, item: Item) => void {
  const upsert = db.prepare(`
    INSERT INTO items (n, class, serial, gtin, location, lifecycle, bucket, last_seen_at, last, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
    ON CONFLICT (n) DO UPDATE SET location = excluded.location, lifecycle = excluded.lifecycle, bucket = excluded.bucket,
      last_seen_at = excluded.last_seen_at, body = excluded.body`);
  const out = createByteWriter();
  const columns = createColumns(words);
  return (n, item) => {
    const identity = identityOf(item.id);
    out.clear();
    writeItem(out, words, item, identity);
    upsert.run(n, identity.class, identity.serial, gtinOf(item), ...columns(item), out.written());
  };
}

function gtinOf({ gtin }: Item): number | null {
  return gtin === null ? null : gtinNumber(gtin);
}
