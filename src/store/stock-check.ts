import type { Db } from './connection.ts';
import type { StockDifference } from './types.ts';

/** Stock as the event log makes it. A sum, so the order of events does not matter. */
const folded = `
  SELECT d.value ->> 'gtin' AS gtin, d.value ->> 'location' AS location, d.value ->> 'bucket' AS bucket,
    sum(d.value ->> 'delta') AS quantity
  FROM events e, json_each(e.event, '$.stock') d GROUP BY 1, 2, 3`;

/** Stock as the items say it: each counts once where it is. */
const summed = `
  SELECT gtin, location, bucket, count(*) AS quantity FROM items
  WHERE bucket IS NOT NULL AND gtin IS NOT NULL AND location IS NOT NULL GROUP BY 1, 2, 3`;

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
  const clear = db.prepare('DELETE FROM stock');
  const fill = db.prepare(`
    INSERT INTO stock (gtin, location, bucket, quantity) SELECT * FROM (${folded}) WHERE quantity <> 0`);
  const check = db.transaction((): StockDifference[] => {
    const log = fromLog.all();
    const named = new Set(log.map(lineOf));
    return [...log, ...fromItems.all().filter((line) => !named.has(lineOf(line)))];
  });
  const rebuild = db.transaction((): StockDifference[] => {
    const differing = fromLog.all();
    if (differing.length === 0) return [];
    clear.run();
    fill.run();
    return differing;
  });
  return { check: () => check.deferred(), rebuild: () => rebuild.immediate() };
}

function lineOf(line: StockDifference): string {
  return JSON.stringify([line.gtin, line.location, line.bucket]);
}
