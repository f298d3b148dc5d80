export { openStore } from './open.ts';
export { restoreBackup } from './restore.ts';
export type {
  Committed,
  Customer,
  CustomerTable,
  Describe,
  KeyTable,
  OutboxTable,
  Route,
  Site,
  Store,
  StoreHealth,
  StoreOptions,
} from './store.ts';
export type * from './types.ts';
