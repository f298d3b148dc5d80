import { statSync } from 'node:fs';
import { GatewayError } from '../kit/index.ts';
import { type Db, synchronousName } from './connection.ts';
import { storeFailure } from './failure.ts';
import { watchFile } from './file-watch.ts';
import { schemaVersion } from './migrate.ts';
import type { StoreHealth } from './store.ts';

export type HealthWatch = {
  /** Hears of everything that a call of the store threw. */
  failed(error: unknown): void;
  /** Hears of damage that a check found; it stays until the next start. */
  damaged(what: string): void;
  health(): StoreHealth;
};

/** How the database was found at the opening. */
export type Opening = {
  /** Not known to be writable yet: the first look tries. */
  readonly failing: boolean;
  readonly damage: string | null;
  /** What is to be done as soon as the database can be written again. */
  readonly recover: () => void;
};

const well: Opening = { failing: false, damage: null, recover: () => undefined };

/**
 * Health of the open database. Whether it can be written is known from the last failure; after one, each call tries a
 * real commit, so that it turns well again as soon as there is space, without a restart. Damage stays until the next start.
 */
export function createHealthWatch(db: Db, opening: Opening = well): HealthWatch {
  const items = db.prepare<[], number | null>('SELECT max(n) FROM items').pluck();
  const events = db.prepare<[], number | null>('SELECT max(seq) FROM log').pluck();
  const probe = createProbe(db, opening.recover);
  let { failing, damage } = opening;
  const damaged = (what: string) => {
    damage ??= what;
  };
  const failed = (error: unknown) => {
    if (!(error instanceof GatewayError)) return;
    if (error.code === 'STORE_DAMAGED') damaged(error.message);
    if (error.code === 'STORE_FULL' || error.code === 'STORE_UNAVAILABLE') failing = true;
  };
  const looked = <T>(look: () => T, otherwise: T): T => {
    try {
      return look();
    } catch (error) {
      failed(storeFailure(error));
      return otherwise;
    }
  };
  return {
    failed,
    damaged,
    health: () => {
      if (failing) failing = !probe();
      return {
        file: db.name,
        bytes: bytesOf(db.name),
        walBytes: bytesOf(`${db.name}-wal`),
        items: looked(() => items.get() ?? 0, 0),
        events: looked(() => events.get() ?? 0, 0),
        journalMode: looked(() => String(db.pragma('journal_mode', { simple: true })), 'unknown'),
        synchronous: looked(() => synchronousName(db.pragma('synchronous', { simple: true })), 'unknown'),
        schemaVersion: looked(() => schemaVersion(db), 0),
        writable: !failing,
        damage,
      };
    },
  };
}

/** Large enough to need new pages: a full disk shows. */
const probeBytes = 64 * 1024;

function createProbe(db: Db, recover: () => void): () => boolean {
  const write = db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', zeroblob(?))");
  const remove = db.prepare("DELETE FROM meta WHERE name = 'probe'");
  const mustBeThere = watchFile(db.name);
  const both = db.transaction(() => {
    write.run(probeBytes);
    remove.run();
  });
  return () => {
    try {
      mustBeThere();
      both.immediate();
      recover();
      return true;
    } catch (error) {
      if (storeFailure(error) instanceof GatewayError) return false;
      throw error;
    }
  };
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
