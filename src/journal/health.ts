import { statSync } from 'node:fs';
import { GatewayError } from '../kit/index.ts';
import { type Db, synchronousName } from './connection.ts';
import { storeFailure } from './failure.ts';
import { schemaVersion } from './migrate.ts';
import type { StoreHealth } from './store.ts';

export type HealthWatch = {
  /** Hears of everything that a call of the store threw. */
  failed(error: unknown): void;
  /** Hears of damage that a check found; it stays until the next start. */
  damaged(what: string): void;
  health(): Promise<StoreHealth>;
};

/** How the database was found at the opening, and how its writing side is asked. */
export type Opening = {
  /** Not known to be writable yet: the first look tries. */
  readonly failing: boolean;
  readonly damage: string | null;
  /** Makes a real commit, and what is still to be done as soon as that works. Rejects with what the database throws. */
  readonly probe: () => Promise<unknown>;
  /** Transactions of the writing connection. */
  readonly commits: () => number;
  /** The durable modes of the writing connection. */
  readonly modes: () => Pick<StoreHealth, 'journalMode' | 'synchronous'>;
};

/** The durable modes that a connection is in. Throws what the database throws. */
export function modesOf(db: Db): ReturnType<Opening['modes']> {
  return {
    journalMode: String(db.pragma('journal_mode', { simple: true })),
    synchronous: synchronousName(db.pragma('synchronous', { simple: true })),
  };
}

/**
 * Health of the open database, looked at over `db`. Whether it can be written is known from the last failure; after one,
 * each call tries a real commit, so that it turns well again as soon as there is space, without a restart. Damage stays
 * until the next start.
 */
export function createHealthWatch(db: Db, opening: Opening): HealthWatch {
  const items = db.prepare<[], number | null>('SELECT max(n) FROM items').pluck();
  const events = db.prepare<[], number | null>('SELECT max(seq) FROM log').pluck();
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
  const modesUnknown = { journalMode: 'unknown', synchronous: 'unknown' };
  return {
    failed,
    damaged,
    health: async () => {
      if (failing) failing = !(await works(opening.probe));
      const { journalMode, synchronous } = looked(opening.modes, modesUnknown);
      return {
        file: db.name,
        bytes: bytesOf(db.name),
        walBytes: bytesOf(`${db.name}-wal`),
        items: looked(() => items.get() ?? 0, 0),
        events: looked(() => events.get() ?? 0, 0),
        journalMode,
        synchronous,
        schemaVersion: looked(() => schemaVersion(db), 0),
        commits: opening.commits(),
        writable: !failing,
        damage,
      };
    },
  };
}

async function works(probe: Opening['probe']): Promise<boolean> {
  try {
    await probe();
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
