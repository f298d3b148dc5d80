export { openStore } from './open.ts';
export { restoreBackup } from './restore.ts';
export type {
  OutboxTable,
  Route,
  Store,
  StoreHealth,
} from './store.ts';
export type * from './types.ts';
