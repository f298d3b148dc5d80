export { openStore } from './open.ts';
export { restoreBackup } from './restore.ts';
export type {
  Committed,
  Customer,
  CustomerTable,
  KeyTable,
  OutboxTable,
  Route,
  Store,
  StoreHealth,
  StoreOptions,
} from './store.ts';
export type * from './types.ts';
