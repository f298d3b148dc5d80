import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import { createByteWriter } from './bytes.ts';
import { createIsThere } from './chain.ts';
import type { Db } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import { writeCustomerEvent, writeItemEvent } from './event-body.ts';
import { idColumn } from './event-id.ts';
import { identityOf } from './identity.ts';
import { writeItem } from './item-body.ts';
import { createItemWriter, type Subject } from './item-writer.ts';
import { createLogEnd } from './log-end.ts';
import type { StockWriter } from './stock-writer.ts';

/** The kinds of facts as the log numbers them. */
export const kindNumbers = { item: 1, customer: 2 } as const;

/** Appends facts to the log, with what follows from them: items as they are now, and stock. The caller holds a transaction. */
export type FactWriter = {
  /** Call first in each transaction; `recordedAt` is epoch ms. */
  begin(recordedAt: number): void;
  /** The same for facts that are known to be new; the first has at least the number `from`. For upgrades. */
  beginNew(recordedAt: number, from: number): void;
  /** Tells whether it was new; a fact whose id is there already has no effect. */
  item(event: ItemEvent): boolean;
  customer(event: CustomerEvent): boolean;
  /** The number of the item with this identity, or null. */
  itemNumber(id: string): number | null;
  /** Writes what was summed up since `begin`; returns the last sequence number. */
  end(): number;
};

/** What the facts of one transaction share. */
type Turn = { seq: number; recordedAt: number; isNew: boolean };

export function createFactWriter(db: Db, words: Dictionary, stock: StockWriter): FactWriter {
  const { lastSeq } = createLogEnd(db);
  const turn: Turn = { seq: 0, recordedAt: 0, isNew: false };
  const items = createItemFacts(db, words, stock, turn);
  const begin = (now: number, from: number, isNew: boolean): void => {
    turn.recordedAt = now;
    turn.isNew = isNew;
    turn.seq = Math.max(lastSeq(), from - 1);
    words.begin();
    items.begin();
    stock.begin(now, turn.seq);
  };
  return {
    begin: (now) => begin(now, 1, false),
    beginNew: (now, from) => begin(now, from, true),
    item: items.add,
    itemNumber: items.number,
    customer: createCustomerFact(db, words, turn),
    end: () => {
      stock.end();
      return turn.seq;
    },
  };
}

function createItemFacts(db: Db, words: Dictionary, stock: StockWriter, turn: Turn) {
  const out = createByteWriter();
  const items = createItemWriter(db, words);
  const isThere = createIsThere(db);
  const insert = db.prepare(
    `INSERT INTO log (seq, kind, subject, type, announce, recorded_at, id, cause, previous, minus, plus, body)
     VALUES (?, ${kindNumbers.item}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const numbers = new Map<string, number>();
  return {
    begin: () => {
      numbers.clear();
      items.begin();
    },
    number: (id: string): number | null => numbers.get(id) ?? items.find(identityOf(id))?.n ?? null,
    add: (event: ItemEvent): boolean => {
      const { item, cause, at } = event;
      const { recordedAt } = turn;
      const id = idColumn(event.id);
      const identity = identityOf(item.id);
      const known = items.find(identity);
      if (!turn.isNew && known !== undefined && isThere(known.last, id, at, recordedAt)) return false;
      turn.seq += 1;
      out.clear();
      writeItem(out, words, item, identity);
      const n = items.put(known?.n ?? null, identity, item, turn.seq, out.written());
      numbers.set(item.id, n);
      writeItemEvent(out, words, event);
      const [minus, plus] = stock.lines(event.stock);
      const type = words.number(event.type);
      const announce = event.announce ? 1 : 0;
      const previous = known?.last ?? null;
      insert.run(turn.seq, n, type, announce, recordedAt, id, cause, previous, minus, plus, out.written());
      return true;
    },
  };
}

function createCustomerFact(db: Db, words: Dictionary, turn: Turn): FactWriter['customer'] {
  const out = createByteWriter();
  const isThere = createIsThere(db);
  const find = db.prepare<[string], Subject>('SELECT n, last FROM log_customers WHERE customer = ?');
  const add = db.prepare('INSERT INTO log_customers (customer, last) VALUES (?, ?)');
  const move = db.prepare('UPDATE log_customers SET last = ? WHERE n = ?');
  const insert = db.prepare(
    `INSERT INTO log (seq, kind, subject, type, announce, recorded_at, id, previous, body)
     VALUES (?, ${kindNumbers.customer}, ?, ?, 1, ?, ?, ?, ?)`,
  );
  return (event) => {
    const id = idColumn(event.id);
    const person = find.get(event.customer);
    if (!turn.isNew && person !== undefined && isThere(person.last, id, event.at, turn.recordedAt)) return false;
    turn.seq += 1;
    out.clear();
    writeCustomerEvent(out, words, event);
    const n = person?.n ?? Number(add.run(event.customer, turn.seq).lastInsertRowid);
    if (person !== undefined) move.run(turn.seq, n);
    const type = words.number(event.type);
    insert.run(turn.seq, -n, type, turn.recordedAt, id, person?.last ?? null, out.written());
    return true;
  };
}
