import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { GatewayError } from '../kit/index.ts';
import { guarded } from './failure.ts';
import { companionsOf, databaseFile, syncToDisk } from './files.ts';
import { lockFolder } from './lock.ts';
import { migrations } from './migrations/index.ts';
import { checkSound } from './sound.ts';
import { keyMark, tokenKeyFile, writeWhole } from './token-key.ts';

/**
 * Puts a backup in the place of the folder's database; `now` (epoch ms) names what is kept aside. Returns the path under
 * which the database that was there is kept, or null when there was none. Throws STORE_LOCKED while a gateway
 * runs on the folder, BACKUP_INVALID when the file is no sound backup, is of a newer schema or lacks its token key,
 * STORE_FULL, STORE_UNAVAILABLE. When it throws, the old database is still in its place.
 */
export function restoreBackup(file: string, folder: string, now = Date.now()): string | null {
  return guarded(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = lockFolder(folder);
    try {
      return replace(file, folder, now);
    } finally {
      lock.release();
    }
  });
}

function replace(file: string, folder: string, now: number): string | null {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw invalid(file, 'there is no such file');
  const incoming = `${databaseFile(folder)}.restoring`;
  try {
    // the copy is checked, not the original: it is what will be used
    copyFileSync(file, incoming);
    const mark = inspect(incoming, file);
    const key = keyFor(mark, file, folder);
    chmodSync(incoming, 0o600);
    syncToDisk(incoming);
    const aside = setAside(folder, now);
    if (key !== null) writeWhole(tokenKeyFile(folder), key);
    for (const path of companionsOf(databaseFile(folder))) rmSync(path, { force: true });
    renameSync(incoming, databaseFile(folder));
    syncToDisk(folder);
    return aside;
  } finally {
    for (const path of [incoming, ...companionsOf(incoming)]) rmSync(path, { force: true });
  }
}

/** Checks the copy; returns the mark of the token key it was written with. */
function inspect(copy: string, file: string): string | null {
  const db = open(copy, file);
  try {
    const version = checkSound(db, file);
    if (version > migrations.length) throw invalid(file, 'a newer Silentgate wrote it');
    if (version === 0) throw invalid(file, 'it holds no schema');
    return db.prepare<[], string>("SELECT value FROM meta WHERE name = 'token-key-mark'").pluck().get() ?? null;
  } finally {
    db.close();
  }
}

function open(copy: string, file: string): Database.Database {
  try {
    return new Database(copy);
  } catch (error) {
    throw invalid(file, 'it is no readable database', error);
  }
}

/** The key to write into the folder: the backup's own, or null when the folder's is the right one already. */
function keyFor(mark: string | null, file: string, folder: string): Uint8Array | null {
  if (mark === null) return null;
  const beside = readKey(`${file}.key`);
  if (beside !== null && keyMark(beside) === mark) return beside;
  const present = readKey(tokenKeyFile(folder));
  if (present !== null && keyMark(present) === mark) return null;
  throw invalid(file, `its key file ${file}.key is missing or belongs to another backup`);
}

function readKey(file: string): Uint8Array | null {
  return existsSync(file) ? readFileSync(file) : null;
}

/** Keeps the present database under a second name; it stays in its place until the new one takes it over. */
function setAside(folder: string, now: number): string | null {
  const present = databaseFile(folder);
  if (!existsSync(present)) return null;
  const aside = `${present}.before-restore-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  emptyLog(present);
  for (const suffix of ['', '-wal']) {
    rmSync(`${aside}${suffix}`, { force: true });
    if (existsSync(`${present}${suffix}`)) linkSync(`${present}${suffix}`, `${aside}${suffix}`);
  }
  return aside;
}

/** Moves what is in the write-ahead log into the file. A database too damaged for that is kept with its log. */
function emptyLog(file: string): void {
  try {
    const db = new Database(file);
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

function invalid(file: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('BACKUP_INVALID', `${file} cannot be used as a backup: ${why}.`, { file }, cause);
}
