export { createInventory, type Inventory } from './inventory.ts';
export { type Bucket, buckets, type Item, type ItemPresence, type Lifecycle, lifecycles } from './item.ts';
export {
  type InputResult,
  type ItemEvent,
  type ItemEventType,
  type ItemInput,
  itemEventTypes,
  type StockDelta,
} from './item-event.ts';
export { lifecycleInputs } from './lifecycle.ts';
export type { InventoryOptions } from './room.ts';
