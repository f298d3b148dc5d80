import type { Db } from './connection.ts';
import type { StockDifference } from './types.ts';

/** Stock as the log makes it: what pruned events had made of it, and the events since. A sum, so their order does not matter. */
const folded = `
  SELECT s.gtin, s.location, s.bucket, d.quantity FROM (
    SELECT line, sum(delta) AS quantity FROM (
      SELECT n AS line, base AS delta FROM stock
      UNION ALL SELECT plus, 1 FROM log WHERE plus IS NOT NULL
      UNION ALL SELECT minus, -1 FROM log WHERE minus IS NOT NULL)
    GROUP BY line) d JOIN stock s ON s.n = d.line`;

/** Stock as the items say it: each counts once where it is. */
const summed = `
  SELECT printf('%014d', i.gtin) AS gtin, l.word AS location, b.word AS bucket, i.quantity FROM (
    SELECT gtin, location, bucket, count(*) AS quantity FROM items
    WHERE bucket IS NOT NULL AND gtin IS NOT NULL AND location IS NOT NULL GROUP BY 1, 2, 3) i
  JOIN words l ON l.n = i.location JOIN words b ON b.n = i.bucket`;

/** Where stock as kept differs from one of the two; `rebuilt` is what that one says. */
const differences = (truth: string) => `
  WITH truth AS MATERIALIZED (${truth}),
    keys AS (SELECT gtin, location, bucket FROM truth UNION SELECT gtin, location, bucket FROM stock)
  SELECT k.gtin, k.location, k.bucket, coalesce(s.quantity, 0) AS live, coalesce(t.quantity, 0) AS rebuilt
  FROM keys k
  LEFT JOIN stock s ON s.gtin = k.gtin AND s.location = k.location AND s.bucket = k.bucket
  LEFT JOIN truth t ON t.gtin = k.gtin AND t.location = k.location AND t.bucket = k.bucket
  WHERE live <> rebuilt ORDER BY k.gtin, k.location, k.bucket`;

/** How many lines of stock differ from the sum of the items. */
export const unlikeItems = `SELECT count(*) FROM (${differences(summed)})`;

export type StockCheck = { check(): StockDifference[]; rebuild(): StockDifference[] };

export function createStockCheck(db: Db): StockCheck {
  const fromLog = db.prepare<[], StockDifference>(differences(folded));
  const fromItems = db.prepare<[], StockDifference>(differences(summed));
  // lines keep their numbers: the log names them
  const fill = db.prepare('UPDATE stock SET quantity = ? WHERE gtin = ? AND location = ? AND bucket = ?');
  const check = db.transaction((): StockDifference[] => {
    const log = fromLog.all();
    const named = new Set(log.map(lineOf));
    return [...log, ...fromItems.all().filter((line) => !named.has(lineOf(line)))];
  });
  const rebuild = db.transaction((): StockDifference[] => {
    const differing = fromLog.all();
    for (const { rebuilt, gtin, location, bucket } of differing) fill.run(rebuilt, gtin, location, bucket);
    return differing;
  });
  return { check: () => check.deferred(), rebuild: () => rebuild.immediate() };
}

function lineOf(line: StockDifference): string {
  return JSON.stringify([line.gtin, line.location, line.bucket]);
}
