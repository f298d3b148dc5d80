import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Who has a data folder: nobody, a process (with its id, where that is known), or nobody can say, e.g. for lack of permission. */
export type FolderHolder =
  | { readonly state: 'free' }
  | { readonly state: 'held'; readonly pid: number | null }
  | { readonly state: 'unknown' };

/**
 * Looks whether a gateway holds the folder's lock, without taking it and without making a file. A process id in a file
 * says nothing: the process may be gone and its number another program's. Not for the process that holds the lock: to
 * close the file would free it.
 */
export function folderHolder(folder: string): FolderHolder {
  const file = join(folder, 'gateway.lock');
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 });
    try {
      db.prepare('SELECT count(*) FROM sqlite_master').get();
      return { state: 'free' };
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      return { state: 'held', pid: pidIn(folder) };
    return { state: isAbsent(file) ? 'free' : 'unknown' };
  }
}

/** A file in a folder that is closed to us is not absent: nobody can say. */
function isAbsent(file: string): boolean {
  try {
    statSync(file);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  }
}

function pidIn(folder: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, 'gateway.pid'), 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}
