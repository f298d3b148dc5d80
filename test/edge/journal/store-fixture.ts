import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openStore, type Store } from '../../../src/journal/index.ts';
import { at } from './store-values.ts';

export * from './store-values.ts';

/** A folder that goes with the test. */
export function createFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'silentgate-store-'));
    folders.push(folder);
    return folder;
  };
}

/** Stores that are closed, and folders that are removed, after each test. */
export function createStores(): {
  folder: () => string;
  open: (
    folder: string,
    more?: { now?: () => number; mode?: 'gateway' | 'tool'; site?: string; lastSightsMs?: number },
  ) => Store;
} {
  const stores: Store[] = [];
  const folder = createFolders();
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  return {
    folder,
    open: (path, more = {}) => {
      const store = openStore(
        {
          folder: path,
          site: { id: more.site ?? 'taipei-xinyi' },
          now: more.now ?? (() => at + 5_000),
          ...(more.lastSightsMs === undefined ? {} : { lastSightsMs: more.lastSightsMs }),
        },
        more.mode ?? 'gateway',
      );
      stores.push(store);
      return store;
    },
  };
}
