import type Database from 'better-sqlite3';
import type { Db } from './connection.ts';

type Bound = Record<string, unknown>;

/** Prepares each text once. For queries whose filters vary; their number is small because texts come from our code only. */
export function cachedStatements(db: Db): <Row>(sql: string) => Database.Statement<[Bound], Row> {
  const known = new Map<string, Database.Statement<[Bound], unknown>>();
  return <Row>(sql: string) => {
    const found = known.get(sql) ?? db.prepare<[Bound]>(sql);
    known.set(sql, found);
    return found as Database.Statement<[Bound], Row>;
  };
}
