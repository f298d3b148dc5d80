import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { GatewayError } from '../kit/index.ts';
import type { Db } from './connection.ts';
import { databaseFile } from './files.ts';

/** The demo store, which older versions kept in ./data, and the only destination that it ever had. */
const demo = { site: 'demo-store', destination: 'sample-crm' };

/**
 * The id of the site that a database belongs to, or null where an older Silentgate wrote it and none is kept. One that
 * an older demo filled is the demo's: its made-up goods are in nobody's stock.
 */
export function siteOf(db: Db): string | null {
  return (
    db.prepare<[], string>("SELECT value FROM meta WHERE name = 'site'").pluck().get() ??
    (isDemo(db) ? demo.site : null)
  );
}

function isDemo(db: Db): boolean {
  const known = db.prepare<[string], number>('SELECT 1 FROM destination_states WHERE destination = ?').pluck();
  return known.get(demo.destination) === 1;
}

/** Keeps the site's id in the database; from then on no other site may use it. */
export function markSite(db: Db, site: string): void {
  db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('site', ?)").run(site);
}

/** Throws STORE_OTHER_SITE when the database belongs to another site. Returns whether it says to which it belongs. */
export function refuseOtherSite(db: Db, site: string, folder: string): boolean {
  const found = siteOf(db);
  if (found !== null && found !== site) throw otherSite(folder, found, site);
  return found !== null;
}

/**
 * The same before a folder is touched: only looks, and leaves every other trouble to the opening that follows. Throws
 * STORE_OTHER_SITE.
 */
export function refuseOtherSiteIn(folder: string, site: string): void {
  const found = peekSite(folder);
  if (found !== null && found !== site) throw otherSite(folder, found, site);
}

function peekSite(folder: string): string | null {
  const file = databaseFile(folder);
  if (!existsSync(file)) return null;
  try {
    const db = new Database(file, { fileMustExist: true, timeout: 500 });
    try {
      db.pragma('query_only = ON');
      return siteOf(db);
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}

function otherSite(folder: string, found: string, site: string): GatewayError {
  const message = `The data folder ${folder} belongs to the site ${found}, and the configuration is of the site ${site}: set another "data" folder, or put the id ${found} back. docs/storage.md says how to rename a site.`;
  return new GatewayError('STORE_OTHER_SITE', message, { folder, found, site });
}
