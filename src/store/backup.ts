import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { GatewayError } from '../kit/index.ts';
import type { Db } from './connection.ts';
import { storeFailure } from './failure.ts';
import { companionsOf, syncToDisk } from './files.ts';
import { checkSound } from './sound.ts';
import { writeWhole } from './token-key.ts';

/** Pages per step of a gateway's own backup: a step is short, reading goes on between two. */
const pagesPerStep = 256;

/**
 * Writes a consistent copy to `file` while the gateway works, and the token key to `<file>.key`. The copy is opened and
 * checked before it takes the name. `alone` = another process writes meanwhile: then the copy is one single step, because
 * every foreign commit would start it anew. Throws STORE_FULL, STORE_UNAVAILABLE, BACKUP_INVALID.
 */
export async function backupTo(db: Db, key: Uint8Array, file: string, alone: boolean): Promise<void> {
  const partial = `${file}.partial`;
  const remove = () => {
    for (const path of [partial, ...companionsOf(partial), `${file}.key.partial`]) rmSync(path, { force: true });
  };
  try {
    refuseNoFolder(file);
    remove();
    await db.backup(partial, { progress: () => (alone ? pagesPerStep : 0x7fffffff) });
    finish(partial);
    // it holds what the database holds: customers' references too
    chmodSync(partial, 0o600);
    syncToDisk(partial);
    writeWhole(`${file}.key`, key);
    renameSync(partial, file);
    syncToDisk(dirname(file));
  } catch (error) {
    remove();
    throw storeFailure(error);
  }
}

function refuseNoFolder(file: string): void {
  const folder = dirname(file);
  if (existsSync(folder)) return;
  throw new GatewayError('STORE_UNAVAILABLE', `The folder ${folder} for the backup does not exist.`, { folder });
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
