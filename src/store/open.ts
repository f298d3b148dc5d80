import type { SeenRow } from '../presence/index.ts';
import { gtinOf, standardTags } from '../tags/index.ts';
import { backupTo } from './backup.ts';
import { createChores } from './chores.ts';
import { createCommit } from './commit.ts';
import { type Db, openDatabase, share } from './connection.ts';
import { createCursorTable } from './cursor-table.ts';
import { createCustomerTable } from './customer-table.ts';
import { createFactRows } from './fact-rows.ts';
import { createFactWriter } from './fact-writer.ts';
import { guardAll, guarded, isFull } from './failure.ts';
import { databaseFile } from './files.ts';
import { closeFolder } from './folder.ts';
import { createHealthWatch } from './health.ts';
import { createItemRows } from './item-rows.ts';
import { createKeyTable } from './key-table.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { migrate, refuseNewer, schemaVersion } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { createOutboxTable } from './outbox-table.ts';
import { createPresenceRows, createPresenceWriter } from './presence-rows.ts';
import { createProductRows } from './product-rows.ts';
import { createProductStage, finishStaged, scratchFolder } from './product-stage.ts';
import type { GtinOf } from './search.ts';
import { createSessionTable } from './session-table.ts';
import { markSite, refuseOtherSite, refuseOtherSiteIn } from './site-mark.ts';
import { examineBeside, refuseDamaged, stockFault } from './soundness.ts';
import { createStockCheck } from './stock-check.ts';
import { createStockRows } from './stock-rows.ts';
import { createStockWriter } from './stock-writer.ts';
import type { Store, StoreOptions } from './store.ts';
import { tokenKey } from './token-key.ts';
import { createWords } from './words.ts';

/** The GTIN that a text names in any form; as many digits as a GTIN has stay text, they are looked for inside GTINs anyway. */
function createGtinOf({ tags = standardTags }: StoreOptions): GtinOf {
  const options = { aliases: true };
  return (text) => {
    if (/^\d{1,14}$/.test(text)) return null;
    const tag = tags.parse(text, options);
    if (tag.ok && tag.epc.gtin !== null) return tag.epc.gtin;
    const named = gtinOf(text, options);
    return named.ok ? named.gtin : null;
  };
}

/**
 * Opens the folder's database, creating or upgrading it. 'gateway' holds the folder against a second gateway until `close`
 * or the end of the process, and opens on a full disk too; 'tool' works beside a running gateway. Throws STORE_LOCKED,
 * STORE_NEWER, STORE_UNSAFE, STORE_OTHER_SITE, STORE_DAMAGED, STORE_FULL, STORE_UNAVAILABLE.
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
    if (lock !== null) refuseDamaged(db);
    upgrade(db, options, lock);
    return assemble(db, options, lock);
  } catch (error) {
    db.close();
    throw error;
  }
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

/** What a start writes before the line runs: the site's name where the database has none, the rest of an import, the process number; and tools are let in. */
function choresOf(db: Db, { folder, site }: StoreOptions, line: Line, lock: FolderLock): (() => void)[] {
  return [
    () => {
      if (!refuseOtherSite(db, site.id, folder)) markSite(db, site.id);
    },
    () => finishStaged(folder, line.putProducts),
    () => share(db),
    lock.notePid,
  ];
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

function assemble(db: Db, options: StoreOptions, lock: FolderLock | null): Store {
  const key = tokenKey(options.folder, db);
  const line = createLine(db, options);
  const stockCheck = createStockCheck(db);
  const chores = createChores(lock === null ? [] : choresOf(db, options, line, lock));
  if (lock === null) refuseOtherSite(db, options.site.id, options.folder);
  chores.tryAll();
  const damage = lock === null ? null : stockFault(db);
  const watch = createHealthWatch(db, { failing: lock !== null, damage, recover: chores.doAll });
  let removals = 0;
  const store: Store = {
    ...line,
    stageProducts: () => {
      chores.doAll();
      return createProductStage(options.folder, (products) => guarded(() => line.putProducts(products), watch.failed));
    },
    scratch: () => scratchFolder(options.folder),
    cursors: guardAll(createCursorTable(db), watch.failed),
    customers: guardAll(
      createCustomerTable(db, key, () => {
        removals += 1;
      }),
      watch.failed,
    ),
    factsRemoved: () => removals,
    keys: guardAll(createKeyTable(db), watch.failed),
    sessions: guardAll(createSessionTable(db), watch.failed),
    outbox: guardAll(createOutboxTable(db, options.now), watch.failed),
    backup: (file) => backupTo(db, key, file, lock !== null),
    checkStock: stockCheck.check,
    rebuildStock: stockCheck.rebuild,
    examine: async () => {
      const found = await examineBeside(db);
      if (found !== null) watch.damaged(found);
      return found;
    },
    health: watch.health,
    close: () => {
      db.close();
      lock?.release();
    },
  };
  return guardAll(store, watch.failed);
}

type Line = Omit<
  Store,
  | 'stageProducts'
  | 'scratch'
  | 'cursors'
  | 'factsRemoved'
  | 'customers'
  | 'keys'
  | 'sessions'
  | 'outbox'
  | 'backup'
  | 'checkStock'
  | 'rebuildStock'
  | 'examine'
  | 'health'
  | 'close'
>;

function createLine(db: Db, options: StoreOptions): Line {
  const words = createWords(db);
  const items = createItemRows(db, words);
  const log = createFactRows(db, words);
  const facts = createFactWriter(db, words, createStockWriter(db));
  const presences = createPresenceRows(db, words);
  const presenceWriter = createPresenceWriter(db, words);
  const products = createProductRows(db);
  const stock = createStockRows(db, createGtinOf(options));
  const seen = db.transaction((rows: readonly SeenRow[]) => presenceWriter.seen(rows));
  return {
    commit: createCommit(db, { facts, presences: presenceWriter }, options.now),
    lookUp: items.lookUp,
    inputSeen: log.inputSeen,
    presences: presences.all,
    presenceCount: presences.count,
    presencesOf: presences.of,
    seen: (rows) => seen.immediate(rows),
    items: items.page,
    history: log.history,
    stock: stock.page,
    eventsAfter: log.after,
    facts: log.facts,
    countFacts: log.count,
    lastSeq: log.lastSeq,
    product: products.get,
    products: products.page,
    putProducts: products.put,
    productsEmpty: products.empty,
    gtinsOfSku: products.gtinsOfSku,
  };
}
