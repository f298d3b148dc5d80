import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openStore, type Route, type Store } from '../../../src/store/index.ts';
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
    more?: { routes?: Route[]; now?: () => number; mode?: 'gateway' | 'tool'; site?: string },
  ) => Store;
} {
  const stores: Store[] = [];
  const folder = createFolders();
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
  });
  return {
    folder,
    open: (path, more = {}) => {
      const store = openStore(
        {
          folder: path,
          routes: more.routes ?? [everything('main')],
          site: { id: more.site ?? 'taipei-xinyi', gln: '4710088000019' },
          now: more.now ?? (() => at + 5_000),
          describe: { item: (event) => ({ eventID: event.id }), customer: (event) => ({ eventID: event.id }) },
        },
        more.mode ?? 'gateway',
      );
      stores.push(store);
      return store;
    },
  };
}

export function everything(destination: string): Route {
  return { destination, wants: () => true };
}
