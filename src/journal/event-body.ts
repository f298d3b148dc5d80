import type { CustomerEvent } from '../customers/index.ts';
import type { Item, ItemEvent, StockDelta } from '../inventory/index.ts';
import { type ByteReader, type ByteWriter, createByteReader } from './bytes.ts';
import type { Dictionary } from './dictionary.ts';

/** What stands in columns of its own beside the body, or in the item's. */
type ItemEventColumns = {
  readonly id: string;
  readonly type: ItemEvent['type'];
  readonly announce: boolean;
  readonly cause: string | null;
  readonly item: Item;
  readonly stock: readonly StockDelta[];
};

/** Writes what an event says beyond the item after it; times stand against the item's. */
export function writeItemEvent(out: ByteWriter, words: Dictionary, event: ItemEvent): void {
  const optional = (word: string | null) => out.count(word === null ? 0 : words.number(word));
  out.signed(event.at - event.item.asOf);
  out.count(words.number(event.input));
  optional(event.alert);
  optional(event.fromLocation);
  optional(event.fromLifecycle);
  out.count(words.number(event.action));
  optional(event.bizStep);
  optional(event.disposition);
}

/** The event of these bytes, which follow those of its item. Throws STORE_DAMAGED. */
export function readItemEvent(from: ByteReader, words: Dictionary, columns: ItemEventColumns): ItemEvent {
  const optional = () => {
    const number = from.count();
    return number === 0 ? null : words.word(number);
  };
  const { id, type, announce, cause, item, stock } = columns;
  const at = from.signed() + item.asOf;
  const event = {
    id,
    type,
    input: words.word(from.count()),
    at,
    announce,
    alert: optional(),
    fromLocation: optional(),
    fromLifecycle: optional(),
    action: words.word(from.count()) as ItemEvent['action'],
    bizStep: optional(),
    disposition: optional(),
    cause,
    item,
    stock,
  };
  from.end();
  return event;
}

/** Writes what a customer event says beside its id, its type and its customer. */
export function writeCustomerEvent(out: ByteWriter, words: Dictionary, event: CustomerEvent): void {
  out.signed(event.at);
  for (const word of [event.readPoint, event.location, event.reader]) out.count(words.number(word));
}

/** The customer event of these bytes. Throws STORE_DAMAGED. */
export function readCustomerEvent(
  from: ByteReader,
  words: Dictionary,
  columns: Pick<CustomerEvent, 'id' | 'type' | 'customer'>,
): CustomerEvent {
  const event = {
    ...columns,
    at: from.signed(),
    readPoint: words.word(from.count()),
    location: words.word(from.count()),
    reader: words.word(from.count()),
  };
  from.end();
  return event;
}

/** When a customer event happened, epoch ms, without reading the rest of its bytes. */
export function customerEventAt(body: Buffer): number {
  return createByteReader(body).signed();
}
