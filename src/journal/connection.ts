import Database from 'better-sqlite3';
import { GatewayError } from '../kit/index.ts';
import { createPrivate } from './files.ts';

export type Db = Database.Database;

/** `application_id` of our files ("SGW1"): tells a backup of ours from any other SQLite file. */
export const applicationId = 0x53475731;

/** How long a tool waits for the running gateway's commit, and the gateway for a tool's. */
const busyMs = 3_000;
const walLimitBytes = 64 * 1024 * 1024;
/** The writer moves the log into the file between commits; SQLite itself does, inside a commit, only where that did not help. */
const latestCheckpointPages = 16_000;

/** 'shared': tools work beside it. 'alone': without the file that they share, which a full disk has no room for. */
export type Sharing = 'shared' | 'alone';

/**
 * Opens (or creates) the database file in the durable mode. Throws STORE_UNSAFE when the mode does not hold: then a read
 * that we acknowledge could be lost at power loss.
 */
export function openDatabase(file: string, sharing: Sharing = 'shared'): Db {
  createPrivate(file);
  const db = new Database(file, { timeout: busyMs });
  try {
    if (sharing === 'alone') db.pragma('locking_mode = EXCLUSIVE');
    // what a hostile file says in its schema must not run
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    // it is kept in the file, and setting it again would need room
    if (db.pragma('page_count', { simple: true }) === 0) db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    // better-sqlite3's default is NORMAL in WAL mode: it loses acknowledged commits at power loss
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // what is deleted of a person must not stay readable in free pages
    db.pragma('secure_delete = ON');
    db.pragma(`journal_size_limit = ${walLimitBytes}`);
    db.pragma(`wal_autocheckpoint = ${latestCheckpointPages}`);
    db.pragma('cache_size = -65536');
    db.pragma('temp_store = MEMORY');
    checkDurable(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the file of an open database for looking only: it sees what is committed, and writes nothing whatever it is asked.
 */
export function openForReading(file: string): Db {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyMs });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('cache_size = -65536');
    db.pragma('temp_store = MEMORY');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether no other connection can come to it. */
export function isAlone(db: Db): boolean {
  return db.pragma('locking_mode', { simple: true }) !== 'normal';
}

/** Lets tools in to a database that was opened alone. Throws what SQLite throws while there is no room for that yet. */
export function share(db: Db): void {
  if (!isAlone(db) && db.pragma('journal_mode', { simple: true }) === 'wal') return;
  db.pragma('journal_mode = DELETE');
  db.pragma('locking_mode = NORMAL');
  db.pragma('journal_mode = WAL');
  checkDurable(db);
}

/** Reads the pragmas back that the promises stand on; throws STORE_UNSAFE with what was found. */
export function checkDurable(db: Db): void {
  const found = {
    journal_mode: db.pragma('journal_mode', { simple: true }),
    synchronous: db.pragma('synchronous', { simple: true }),
    foreign_keys: db.pragma('foreign_keys', { simple: true }),
    secure_delete: db.pragma('secure_delete', { simple: true }),
    journal_size_limit: db.pragma('journal_size_limit', { simple: true }),
  };
  const wanted = {
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    secure_delete: 1,
    journal_size_limit: walLimitBytes,
  };
  const wrong = Object.entries(wanted).filter(([name, value]) => found[name as keyof typeof found] !== value);
  if (wrong.length === 0) return;
  const words = wrong.map(([name, value]) => `${name} is ${String(found[name as keyof typeof found])}, needs ${value}`);
  throw new GatewayError(
    'STORE_UNSAFE',
    `The database could not be set to the durable mode: ${words.join('; ')}.`,
    found,
  );
}

/** The names of `PRAGMA synchronous` values. */
export function synchronousName(value: unknown): string {
  return ['OFF', 'NORMAL', 'FULL', 'EXTRA'][Number(value)] ?? String(value);
}
