import { createChores } from './chores.ts';
import { type Db, isAlone, openDatabase, openForReading } from './connection.ts';
import { guardAll, guarded, isFull } from './failure.ts';
import { databaseFile } from './files.ts';
import { closeFolder } from './folder.ts';
import { createHealthWatch, type HealthWatch, modesOf } from './health.ts';
import { writeHere } from './here.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { migrate, refuseNewer, schemaVersion } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { scratchFolder } from './product-stage.ts';
import { createProductWrites } from './product-writes.ts';
import { createQueue, type Queue } from './queue.ts';
import { createReads } from './reads.ts';
import { refuseOtherSite, refuseOtherSiteIn } from './site-mark.ts';
import { examineBeside, refuseDamaged, refuseForeign, stockBeside, stockFault } from './soundness.ts';
import type { Store, StoreOptions } from './store.ts';
import { createTables } from './tables.ts';
import { writeInThread } from './thread.ts';
import { tokenKey } from './token-key.ts';
import type { WriterOptions } from './writer.ts';

/**
 * Opens the folder's database, creating or upgrading it. 'gateway' holds the folder against a second gateway until `close`
 * or the end of the process, and opens on a full disk too; 'tool' works beside a running gateway. Throws STORE_LOCKED,
 * STORE_NEWER, STORE_UNSAFE, STORE_OTHER_SITE, STORE_DAMAGED, STORE_FULL, STORE_UNAVAILABLE. Where a thread writes, the pages are
 * looked at there: see `Store.opened`.
 */
export function openStore(options: StoreOptions, mode: 'gateway' | 'tool'): Store {
  return guarded(() => {
    closeFolder(options.folder);
    refuseOtherSiteIn(options.folder, options.site.id);
    const lock = mode === 'gateway' ? lockFolder(options.folder) : null;
    try {
      return openLocked(options, lock);
    } catch (error) {
      lock?.release();
      throw error;
    }
  });
}

function openLocked(options: StoreOptions, lock: FolderLock | null): Store {
  const db = openWhereRoom(databaseFile(options.folder), lock);
  try {
    refuseNewer(db, migrations);
    if (lock !== null) refuseForeign(db);
    const isBeside = looksBeside(db, options, lock);
    if (lock !== null && !isBeside) refuseDamaged(db);
    upgrade(db, options, lock);
    refuseOtherSite(db, options.site.id, options.folder);
    return assemble(db, options, { lock, isBeside });
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Whether the thread that writes looks through the database before it writes, beside the start. An upgrade writes before that. Of a
 * database that is new nothing can be damaged.
 */
function looksBeside(db: Db, { thread = 'here' }: StoreOptions, lock: FolderLock | null): boolean {
  return lock !== null && thread !== 'here' && !isAlone(db) && schemaVersion(db) === migrations.length;
}

/** A full disk has no room for the file that connections share; a gateway can do without, so that stock can be read. */
function openWhereRoom(file: string, lock: FolderLock | null): Db {
  try {
    return openDatabase(file);
  } catch (error) {
    if (lock === null || !isFull(error)) throw error;
    return openDatabase(file, 'alone');
  }
}

/** A tool upgrades only while no gateway runs: it takes the folder for that long. */
function upgrade(db: Db, options: StoreOptions, lock: FolderLock | null): void {
  if (schemaVersion(db) === migrations.length) return;
  const held = lock ?? lockFolder(options.folder);
  try {
    migrate(db, migrations, options.now());
  } finally {
    if (lock === null) held.release();
  }
}

/** How the folder is held, and whether the thread that writes looks through the database. */
type Held = { readonly lock: FolderLock | null; readonly isBeside: boolean };

/** The connection that reads, and the way to the one that writes. */
type Ends = { readonly reading: Db; readonly queue: Queue; readonly modes: () => ReturnType<typeof modesOf> };

/**
 * `db` writes on this thread, or hands over to a thread that opens its own connection. A database that was opened alone has one
 * connection until the next start, whatever was asked for: there is no file that a second one could share.
 */
function openEnds(db: Db, options: WriterOptions, thread: URL | 'here', looksThrough: boolean): Ends {
  if (thread === 'here' || isAlone(db)) {
    const queue = createQueue((hear) => writeHere(db, options, hear));
    return { reading: db, queue, modes: () => modesOf(db) };
  }
  const modes = modesOf(db);
  const reading = openForReading(db.name);
  db.close();
  const { folder, site, sightsBefore } = options;
  const queue = createQueue((hear) => writeInThread(thread, { folder, site, sightsBefore, looksThrough }, hear));
  return { reading, queue, modes: () => modes };
}

function assemble(db: Db, options: StoreOptions, { lock, isBeside }: Held): Store {
  const damage = lock === null || isBeside ? null : stockFault(db);
  const { folder, now, site, lastSightsMs, thread = 'here' } = options;
  const key = tokenKey(folder, db);
  const holds = lock !== null;
  const sightsBefore = holds && lastSightsMs !== undefined ? now() - lastSightsMs : null;
  const { reading, queue, modes } = openEnds(db, { folder, site: site.id, holds, sightsBefore }, thread, isBeside);
  const reads = createReads(reading, key, sightsBefore, options);
  const owed = createChores(lock === null ? [] : [lock.notePid]);
  const { recover, ...products } = createProductWrites(queue, folder);
  const probe = async () => {
    await recover('probe');
    owed.doAll();
  };
  owed.tryAll();
  const watch = createHealthWatch(reading, { failing: holds, damage, probe, commits: queue.commits, modes });
  queue.failed(watch.failed);
  // What could not be looked at now is looked at in the night.
  if (isBeside) void looked(stockBeside(reading), watch).catch(() => null);
  const opened = async () => {
    await heard(queue.opened(), watch.failed);
    // what the thread entered of an import that a start had to finish; here it was entered before anybody could ask
    if (reading !== db) await recover('recover').catch(passFull);
  };
  const store: Store = {
    opened,
    ...guardAll(reads.line, watch.failed),
    ...createTables(reads, queue, watch.failed),
    append: (batch) => queue.call('append', batch, now()),
    failed: queue.failed,
    pressure: queue.pressure,
    seen: (rows) => queue.call('seen', rows),
    ...products,
    stageProducts: () => heard(products.stageProducts(), watch.failed),
    scratch: () => guarded(() => scratchFolder(folder), watch.failed),
    rebuildStock: () => queue.call('rebuildStock'),
    prune: (at, keepMs) => queue.call('prune', at, keepMs),
    backup: async (file) => void (await queue.aside({ name: 'backup', file })),
    examine: () => looked(examineBeside(reading), watch),
    health: watch.health,
    close: createClose(reading, queue, lock),
  };
  return store;
}

/** Health hears of what is found. */
async function looked(look: Promise<string | null>, { damaged }: HealthWatch): Promise<string | null> {
  const found = await look;
  if (found !== null) damaged(found);
  return found;
}

/** A full disk is no reason not to start. */
function passFull(error: unknown): void {
  if (!isFull(error)) throw error;
}

/** Health hears of what it rejects with. */
async function heard<T>(work: Promise<T>, failed: HealthWatch['failed']): Promise<T> {
  try {
    return await work;
  } catch (error) {
    failed(error);
    throw error;
  }
}

/** The connection that writes is the last to close, so that it empties its log. */
function createClose(reading: Db, queue: Queue, lock: FolderLock | null): Store['close'] {
  let closing: Promise<void> | null = null;
  const end = (): Promise<void> => {
    reading.close();
    return queue.close(() => lock?.release());
  };
  return () => {
    if (closing !== null) return closing;
    const emptied = queue.stop();
    closing = emptied === null ? end() : emptied.then(end);
    return closing;
  };
}
