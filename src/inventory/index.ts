export { createInventory, type Inventory } from './inventory.ts';
export { type Bucket, buckets, type Item, lifecycles } from './item.ts';
export type {
  InputResult,
  ItemEvent,
  ItemInput,
  StockDelta,
} from './item-event.ts';
export { createItemMemory, type ItemMemory } from './item-memory.ts';
export { lifecycleInputs } from './lifecycle.ts';
export type { InventoryOptions } from './setup.ts';
