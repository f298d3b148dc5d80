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
  health(): StoreHealth;
};

/**
 * Health of the open database. Whether it can be written is known from the last failure; after one, each call tries a
 * real commit, so that it turns well again as soon as there is space, without a restart.
 */
export function createHealthWatch(db: Db): HealthWatch {
  const items = db.prepare<[], number | null>('SELECT max(n) FROM items').pluck();
  const events = db.prepare<[], number | null>('SELECT max(seq) FROM events').pluck();
  const probe = createProbe(db);
  let failing = false;
  return {
    failed: (error) => {
      if (error instanceof GatewayError && (error.code === 'STORE_FULL' || error.code === 'STORE_UNAVAILABLE'))
        failing = true;
    },
    health: () => {
      if (failing) failing = !probe();
      return {
        file: db.name,
        bytes: bytesOf(db.name),
        walBytes: bytesOf(`${db.name}-wal`),
        items: items.get() ?? 0,
        events: events.get() ?? 0,
        journalMode: String(db.pragma('journal_mode', { simple: true })),
        synchronous: synchronousName(db.pragma('synchronous', { simple: true })),
        schemaVersion: schemaVersion(db),
        writable: !failing,
      };
    },
  };
}

/** Large enough to need new pages: a full disk shows. */
const probeBytes = 64 * 1024;

function createProbe(db: Db): () => boolean {
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
