import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { GatewayError, messageOf } from '../kit/index.ts';
import { applicationId, type Db } from './connection.ts';
import { storeFailure } from './failure.ts';
import { createPrivate } from './files.ts';
import { type Migration, runStep } from './migrations/index.ts';
import { checkSound } from './sound.ts';

/** The schema version of an open database; 0 = newly created. */
export function schemaVersion(db: Db): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Throws STORE_NEWER when a later Silentgate wrote this database. */
export function refuseNewer(db: Db, migrations: readonly Migration[]): void {
  const found = schemaVersion(db);
  const known = migrations.length;
  if (found <= known) return;
  const message = `A newer Silentgate wrote this database (schema ${found}, this program knows ${known}): start the newer program, or restore the backup that the upgrade made.`;
  throw new GatewayError('STORE_NEWER', message, { found, known });
}

/**
 * Brings the schema up to date, each step in its own transaction. A database that holds data is first copied to
 * `<file>.before-v<N>-<time>` and the copy is verified. Throws STORE_NEWER; STORE_FULL or STORE_UNAVAILABLE when the copy
 * or a step fails: the database is then as it was after the last whole step, and the older program still starts on it.
 */
export function migrate(db: Db, migrations: readonly Migration[], now: number): { backup: string | null } {
  refuseNewer(db, migrations);
  const from = schemaVersion(db);
  const steps = migrations.slice(from);
  if (steps.length === 0) return { backup: null };
  if (from > 0) refuseNarrow(db, steps);
  const backup = from === 0 ? null : copyAside(db, migrations.length, now);
  for (const step of steps) apply(db, step, backup);
  return { backup };
}

function apply(db: Db, step: Migration, backup: string | null): void {
  try {
    db.transaction(() => {
      runStep(db, step);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  } catch (error) {
    const failure = storeFailure(error);
    if (failure instanceof GatewayError && failure.code === 'STORE_FULL') throw failure;
    const kept = backup === null ? '' : ` A copy from before is ${backup}.`;
    const message = `The database could not be brought to schema ${step.version} (${step.name}): ${messageOf(error)}. Nothing of that step was kept.${kept}`;
    throw new GatewayError('STORE_UNAVAILABLE', message, { version: step.version, backup }, error);
  }
}

/** Room for the copy; and where rows are carried over for the log of the step, which holds old pages and new ones. */
function refuseNarrow(db: Db, steps: readonly Migration[]): void {
  const size = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  const needed = size * (steps.some(({ carry }) => carry !== undefined) ? 3 : 1);
  const { bavail, bsize } = statfsSync(dirname(db.name));
  if (needed <= bavail * bsize) return;
  const [wanted, free] = [needed, bavail * bsize].map((bytes) => Math.ceil(bytes / 1024 / 1024));
  const message = `The upgrade of ${db.name} needs ${wanted} MB for a copy and for its own work, and ${free} MB are free: free some space.`;
  throw new GatewayError('STORE_FULL', message, { file: db.name, needed, free: bavail * bsize });
}

/** The copies of tries that were cut short are of the same database: they go when the new one was checked. */
function copyAside(db: Db, version: number, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const start = `${db.name}.before-v${version}-`;
  const file = `${start}${stamp}`;
  rmSync(file, { force: true });
  createPrivate(file);
  db.prepare('VACUUM INTO ?').run(file);
  const copy = new Database(file, { readonly: true });
  try {
    checkSound(copy, file);
  } finally {
    copy.close();
  }
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(basename(start)) && name !== basename(file)) rmSync(join(dirname(file), name));
  return file;
}
