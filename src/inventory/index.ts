export { type Bucket, buckets, type Item, type ItemPresence, type Lifecycle, lifecycles } from './item.ts';
export {
  type InputResult,
  type ItemEvent,
  type ItemEventType,
  type ItemInput,
  itemEventTypes,
  type StockDelta,
} from './item-event.ts';
