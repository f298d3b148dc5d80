import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { GatewayError } from '../kit/index.ts';
import { isFull } from './failure.ts';
import { createPrivate } from './files.ts';

export type FolderLock = {
  /** Writes the process number where people and `kill` look for it; throws on a full disk. */
  notePid(): void;
  release(): void;
};

/**
 * Takes the folder for one gateway. The lock is an exclusive transaction on a file of its own that stays empty: the
 * operating system frees it whatever way the process ends, so a crash leaves nothing to clean up. Throws STORE_LOCKED.
 * Nothing else in this process may open and close `gateway.lock`: POSIX locks would go with the first close.
 */
export function lockFolder(folder: string): FolderLock {
  const pidFile = join(folder, 'gateway.pid');
  const lockFile = join(folder, 'gateway.lock');
  createPrivate(lockFile);
  const lock = new Database(lockFile, { timeout: 500 });
  try {
    // a journal on the disk would need room, and a full disk is no reason not to start
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw lockedBy(folder, pidFile, error);
  }
  const notePid = () => writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  tryWhereRoom(notePid);
  return {
    notePid,
    release: () => {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

/** The number only helps people to find the process: a full disk is no reason not to start. */
function tryWhereRoom(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

function lockedBy(folder: string, pidFile: string, cause: unknown): GatewayError {
  const pid = readPid(pidFile);
  const who = pid === null ? 'Another Silentgate' : `Another Silentgate (process ${pid})`;
  const message = `${who} already runs on the folder ${folder}. Ask it how it is: silentgate doctor. A second gateway needs another "data" folder; what needs this folder alone, such as restore, waits until that gateway was stopped.`;
  return new GatewayError('STORE_LOCKED', message, { folder, pid }, cause);
}

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}
