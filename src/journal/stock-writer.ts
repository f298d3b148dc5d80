import type { StockDelta } from '../inventory/index.ts';
import type { Db } from './connection.ts';

/** Sums the stock that the events of a transaction change, line by line, and writes each line once. */
export type StockWriter = {
  /** `now` is epoch ms, `seq` the end of the log before the transaction. */
  begin(now: number, seq: number): void;
  /** Takes the changes of one event: at most one line loses one and then one wins one. Returns the numbers of the two lines. */
  lines(deltas: readonly StockDelta[]): readonly [minus: number | null, plus: number | null];
  /** A count below zero is a bug in what decided the events: it throws and the transaction is undone. */
  end(): void;
};

const dayMs = 86_400_000;

/** Days since 1970-01-01 UTC of a time in epoch ms. */
export function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}

type StockLine = { readonly n: number; readonly quantity: number; readonly day: number };
type StockChange = { readonly line: StockLine; readonly of: StockDelta; sum: number };

export function createStockWriter(db: Db): StockWriter {
  const find = db.prepare<[string, string, string], StockLine>(
    'SELECT n, quantity, day FROM stock WHERE gtin = ? AND location = ? AND bucket = ?',
  );
  const insert = db.prepare('INSERT INTO stock (gtin, location, bucket, quantity) VALUES (?, ?, ?, 0)');
  const update = db.prepare('UPDATE stock SET quantity = ?, day = ? WHERE n = ?');
  const keepDay = db.prepare('INSERT INTO stock_days (line, day, quantity, seq) VALUES (?, ?, ?, ?)');
  const changes = new Map<string, StockChange>();
  let today = 0;
  let before = 0;
  const lineOf = ({ gtin, location, bucket }: StockDelta): StockLine =>
    find.get(gtin, location, bucket) ?? {
      n: Number(insert.run(gtin, location, bucket).lastInsertRowid),
      quantity: 0,
      day: 0,
    };
  const change = (delta: StockDelta): number => {
    const key = lineKey(delta);
    let found = changes.get(key);
    if (found === undefined) {
      found = { line: lineOf(delta), of: delta, sum: 0 };
      changes.set(key, found);
    }
    found.sum += delta.delta;
    return found.line.n;
  };
  return {
    begin: (now, seq) => {
      changes.clear();
      today = dayOf(now);
      before = seq;
    },
    lines: (deltas) => linesOf(deltas, change),
    end: () => {
      for (const { line, of, sum } of changes.values()) {
        if (sum === 0) continue;
        const quantity = line.quantity + sum;
        if (quantity < 0)
          throw new Error(`stock of ${of.gtin} at ${of.location} in ${of.bucket} would fall below zero`);
        if (line.day < today) keepDay.run(line.n, today, line.quantity, before);
        update.run(quantity, Math.max(line.day, today), line.n);
      }
    },
  };
}

/** Which line an event takes one from and which it gives one to, by the numbers that `change` gives them. */
export function linesOf(
  deltas: readonly StockDelta[],
  change: (delta: StockDelta) => number,
): readonly [minus: number | null, plus: number | null] {
  const [first, second, third] = deltas;
  if (first === undefined) return [null, null];
  if (second === undefined) return first.delta < 0 ? [change(first), null] : [null, change(first)];
  if (third !== undefined || first.delta > 0 || second.delta < 0)
    throw new Error('an event changes at most one line of stock by −1 and then one by +1');
  return [change(first), change(second)];
}

export function lineKey({ gtin, location, bucket }: StockDelta): string {
  return `${gtin} ${bucket} ${location}`;
}
