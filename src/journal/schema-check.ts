import Database from 'better-sqlite3';
import type { Db } from './connection.ts';
import { migrations, runStep } from './migrations/index.ts';

type Part = { readonly type: string; readonly name: string; readonly sql: string };

const selected = "SELECT type, name, coalesce(sql, '') AS sql FROM sqlite_master";

/** Statistics are SQLite's own, and come and go. Anything else under such a name is not: a name alone says nothing. */
const statistics: ReadonlySet<string> = new Set([
  'CREATE TABLE sqlite_stat1(tbl,idx,stat)',
  'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)',
]);

/**
 * How the schema of an open database differs from what our steps up to its `version` make, in words; empty = not at all.
 * 'exact' also names what is there beyond it: a trigger or view of somebody else runs with our statements.
 */
export function schemaDifferences(db: Db, version: number, how: 'exact' | 'at least'): string[] {
  const found = partsOf(db);
  const wanted = wantedParts(version);
  const changed = [...wanted].flatMap(([key, sql]) => {
    const there = found.get(key);
    if (there === undefined) return [`the ${key} is missing`];
    return there === sql ? [] : [`the ${key} is another`];
  });
  if (how === 'at least') return changed;
  return [...changed, ...[...found.keys()].filter((key) => !wanted.has(key)).map((key) => `it also has the ${key}`)];
}

function wantedParts(version: number): Map<string, string> {
  const db = new Database(':memory:');
  try {
    for (const step of migrations.slice(0, version)) runStep(db, step);
    return partsOf(db);
  } finally {
    db.close();
  }
}

/** Spaces mean nothing between the words of a statement; in ours none stands inside a text. */
function partsOf(db: Db): Map<string, string> {
  const rows = db.prepare<[], Part>(selected).all();
  const ours = rows.filter(({ type, sql }) => !(type === 'table' && statistics.has(sql)));
  return new Map(ours.map(({ type, name, sql }) => [`${type} ${name}`, sql.replace(/\s+/g, ' ').trim()]));
}
