import { existsSync, linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { writeWhole } from '../kit/index.ts';
import { inspect } from './backup-inspection.ts';
import { copyIn } from './backup-source.ts';
import { withFile } from './database-header.ts';
import { guarded } from './failure.ts';
import { companionsOf, databaseFile, syncToDisk } from './files.ts';
import { closeFolder } from './folder.ts';
import { lockFolder } from './lock.ts';
import { refuseOtherSiteIn } from './site-mark.ts';
import { invalid } from './sound.ts';
import { keyMark, tokenKeyBytes, tokenKeyFile } from './token-key.ts';

export type RestoreOptions = {
  readonly folder: string;
  /** The site that the folder is to belong to. */
  readonly site: string;
  /** Whether a backup, or a folder, of another site is taken and becomes this site's. */
  readonly adopt: boolean;
  /** Epoch ms; names what is kept aside. */
  readonly now: number;
};

/**
 * Puts a backup in the place of the folder's database. Returns the path under which the database that was there is kept, or
 * null when there was none. Throws STORE_LOCKED while a gateway runs on the folder; BACKUP_INVALID when the file is no sound
 * backup, is of a newer schema, has another schema than its version has, or lacks its token key; STORE_OTHER_SITE;
 * STORE_FULL, STORE_UNSAFE, STORE_UNAVAILABLE. When it throws, the old database is still in its place.
 */
export function restoreBackup(file: string, options: RestoreOptions): string | null {
  return guarded(() => {
    const { folder, site, adopt } = options;
    closeFolder(folder);
    if (!adopt) refuseOtherSiteIn(folder, site);
    const lock = lockFolder(folder);
    try {
      return replace(file, options);
    } finally {
      lock.release();
    }
  });
}

function replace(file: string, options: RestoreOptions): string | null {
  const { folder, now } = options;
  const incoming = `${databaseFile(folder)}.restoring`;
  try {
    // the copy is checked, not the original: it is what will be used
    copyIn(file, incoming, folder);
    const mark = inspect(incoming, file, { ...options, present: databaseFile(folder) });
    const key = keyFor(mark, file, folder);
    syncToDisk(incoming);
    const aside = setAside(folder, now);
    if (key !== null) replaceKey(key, folder, aside);
    for (const path of companionsOf(databaseFile(folder))) rmSync(path, { force: true });
    renameSync(incoming, databaseFile(folder));
    syncToDisk(folder);
    return aside;
  } finally {
    for (const path of [incoming, ...companionsOf(incoming)]) rmSync(path, { force: true });
  }
}

/** The key of the database that is kept aside stays beside it: without it none of its customers' tokens would be known. */
function replaceKey(key: Uint8Array, folder: string, aside: string | null): void {
  const before = readKey(tokenKeyFile(folder));
  if (before !== null && aside !== null && keyMark(before) !== keyMark(key)) writeWhole(`${aside}.key`, before);
  writeWhole(tokenKeyFile(folder), key);
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
  return withFile(file, (handle, { size }) => (size === tokenKeyBytes ? readFileSync(handle) : null));
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
