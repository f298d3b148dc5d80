import Database from 'better-sqlite3';
import type { Db } from './connection.ts';
import { migrations } from './migrations/index.ts';

type Part = { readonly type: string; readonly name: string; readonly sql: string };

/** Statistics are SQLite's own, and come and go. */
const selected = "SELECT type, name, coalesce(sql, '') AS sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'";

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
    for (const step of migrations.slice(0, version)) db.exec(step.sql);
    return partsOf(db);
  } finally {
    db.close();
  }
}

/** Spaces mean nothing between the words of a statement; in ours none stands inside a text. */
function partsOf(db: Db): Map<string, string> {
  const rows = db.prepare<[], Part>(selected).all();
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, sql.replace(/\s+/g, ' ').trim()]));
}
