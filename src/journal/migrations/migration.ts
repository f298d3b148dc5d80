import type { Db } from '../connection.ts';

/**
 * One step of the schema. Runs in one transaction: `sql`, then `carry` with rows that no statement can make, then `rest`.
 * `version` counts up by one from 1. Published steps never change.
 */
export type Migration = {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly carry?: (db: Db) => void;
  readonly rest?: string;
};

/** Runs a step; the caller holds the transaction. */
export function runStep(db: Db, { sql, carry, rest }: Migration): void {
  db.exec(sql);
  carry?.(db);
  if (rest !== undefined) db.exec(rest);
}
