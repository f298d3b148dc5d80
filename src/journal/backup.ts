import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { writeWhole } from '../kit/index.ts';
import { refuseTarget } from './backup-target.ts';
import type { Db } from './connection.ts';
import { storeFailure } from './failure.ts';
import { companionsOf, createPrivate, syncToDisk } from './files.ts';
import { checkSound } from './sound.ts';

/** Pages per step of a gateway's own backup: a step is short, reading goes on between two. */
const pagesPerStep = 256;

/**
 * Writes a consistent copy to `file` while the gateway works, and the token key to `<file>.key`. The copy is opened and
 * checked before it takes the name. `alone` = another process writes meanwhile: then the copy is one single step, because
 * every foreign commit would start it anew. Throws CONFLICT for a place where
 * it must not be written, STORE_FULL, STORE_UNAVAILABLE, BACKUP_INVALID.
 */
export async function backupTo(db: Db, key: Uint8Array, file: string, alone: boolean): Promise<void> {
  const partial = `${file}.partial`;
  const remove = () => {
    for (const path of [partial, ...companionsOf(partial)]) rmSync(path, { force: true });
  };
  try {
    refuseTarget(file, dirname(db.name));
    remove();
    // it holds what the database holds, customers' references too: open to its owner only, from the first byte
    createPrivate(partial);
    await db.backup(partial, { progress: () => (alone ? pagesPerStep : 0x7fffffff) });
    finish(partial);
    syncToDisk(partial);
    writeWhole(`${file}.key`, key);
    renameSync(partial, file);
    syncToDisk(dirname(file));
  } catch (error) {
    remove();
    throw storeFailure(error);
  }
}

/** Makes the copy one file without companions, and checks it. */
function finish(file: string): void {
  const copy = new Database(file);
  try {
    copy.pragma('journal_mode = DELETE');
    checkSound(copy, file);
  } finally {
    copy.close();
  }
}
