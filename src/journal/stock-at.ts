import type { Db } from './connection.ts';
import { dayOf } from './stock-writer.ts';
import type { StockLine } from './types.ts';

/**
 * Stock as the books had it at a time, epoch ms, of one product or of all; lines with nothing are left out. The snapshot of the day
 * and the events that were recorded on it until then; where these are pruned, stock as the day began.
 */
export function createStockAt(db: Db): (time: number, gtin: string | null) => StockLine[] {
  const lines = db.prepare<{ day: number; gtin: string | null }, StockLine & { readonly n: number }>(`
    SELECT n, gtin, location, bucket, coalesce(
      (SELECT d.quantity FROM stock_days d WHERE d.line = s.n AND d.day >= @day ORDER BY d.day LIMIT 1), s.quantity) AS quantity
    FROM stock s WHERE @gtin IS NULL OR gtin = @gtin ORDER BY gtin, location, bucket`);
  const first = db.prepare<[number], number | null>('SELECT min(seq) FROM stock_days WHERE day = ?').pluck();
  const next = db.prepare<[number], number | null>('SELECT min(seq) FROM stock_days WHERE day > ?').pluck();
  const part = (column: string, delta: number) => `
    SELECT ${column} AS line, ${delta} AS delta FROM log
    WHERE seq > @from AND seq <= @to AND recorded_at <= @time AND ${column} IS NOT NULL`;
  const changed = db.prepare<{ from: number; to: number; time: number }, { line: number; sum: number }>(
    `SELECT line, sum(delta) AS sum FROM (${part('plus', 1)} UNION ALL ${part('minus', -1)}) GROUP BY line`,
  );
  const changesOf = (day: number, time: number): Map<number, number> => {
    const from = first.get(day) ?? null;
    if (from === null) return new Map();
    const to = next.get(day) ?? Number.MAX_SAFE_INTEGER;
    return new Map(changed.all({ from, to, time }).map(({ line, sum }) => [line, sum]));
  };
  return (time, gtin) => {
    const day = dayOf(time);
    const changes = changesOf(day, time);
    return lines
      .all({ day, gtin })
      .map(({ n, quantity, ...line }) => ({ ...line, quantity: quantity + (changes.get(n) ?? 0) }))
      .filter(({ quantity }) => quantity > 0);
  };
}
