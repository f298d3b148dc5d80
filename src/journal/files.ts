import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** The database file in a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'silentgate.db');
}

/** Puts a file's content, or a folder's entries, on the disk. */
export function syncToDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The files that SQLite keeps beside a database. */
export function companionsOf(file: string): string[] {
  return [`${file}-wal`, `${file}-shm`, `${file}-journal`];
}

/** Makes an empty file, open to its owner only, where none is; SQLite gives the files beside it the same mode. */
export function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
