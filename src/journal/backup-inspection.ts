import Database from 'better-sqlite3';
import { GatewayError } from '../kit/index.ts';
import { schemaVersion } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { keepShutOut } from './restored-access.ts';
import { schemaDifferences } from './schema-check.ts';
import { markSite, siteOf } from './site-mark.ts';
import { checkSound, invalid } from './sound.ts';

type Target = { readonly site: string; readonly adopt: boolean; readonly present: string };

/**
 * Checks the copy of a backup and makes it the site's, and lets nobody in whom `present`, the database that it replaces, has
 * shut out; returns the mark of the token key it was written with. Throws BACKUP_INVALID, which names `file`, and
 * STORE_OTHER_SITE.
 */
export function inspect(copy: string, file: string, { site, adopt, present }: Target): string | null {
  const db = open(copy, file);
  try {
    checkSound(db, file);
    const found = siteOf(db);
    if (found !== null && found !== site && !adopt) throw otherSite(file, found, site);
    markSite(db, site);
    keepShutOut(db, present);
    return db.prepare<[], string>("SELECT value FROM meta WHERE name = 'token-key-mark'").pluck().get() ?? null;
  } finally {
    db.close();
  }
}

function open(copy: string, file: string): Database.Database {
  const db = new Database(copy);
  try {
    // nothing that the file brings along may run while it is looked at
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    refuseSchema(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error instanceof GatewayError ? error : invalid(file, 'it is no readable database', error);
  }
}

/** Before anything of its tables is read: a trigger or view in it would run with our statements from then on. */
function refuseSchema(db: Database.Database, file: string): void {
  const version = schemaVersion(db);
  if (version > migrations.length) throw invalid(file, 'a newer Silentgate wrote it');
  if (version < 1) throw invalid(file, 'it holds no schema');
  if (db.pragma('encoding', { simple: true }) !== 'UTF-8') throw invalid(file, 'its texts are not in UTF-8');
  const differences = schemaDifferences(db, version, 'exact');
  if (differences.length === 0) return;
  const more = differences.length > 3 ? `, and ${differences.length - 3} more` : '';
  throw invalid(
    file,
    `it differs from the schema ${version} of Silentgate: ${differences.slice(0, 3).join(', ')}${more}`,
  );
}

function otherSite(file: string, found: string, site: string): GatewayError {
  const message = `${file} is a backup of the site ${found}, and the configuration is of the site ${site}: give --adopt to make it the database of ${site}.`;
  return new GatewayError('STORE_OTHER_SITE', message, { file, found, site });
}
