export { startCaretaker } from './caretaker.ts';
export { storeFailure } from './failure.ts';
export { folderHolder } from './lock-probe.ts';
export { openStore } from './open.ts';
export { type RestoreOptions, restoreBackup } from './restore.ts';
export { RetentionOptions, retentionOf } from './retention.ts';
export { refuseOtherSiteIn } from './site-mark.ts';
export type {
  Committed,
  OutboxTable,
  ProductStage,
  Store,
  StoreHealth,
} from './store.ts';
export { writerThread } from './thread.ts';
export type * from './types.ts';
