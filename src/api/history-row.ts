import type { ItemEvent } from '../inventory/index.ts';
import type { StoredEvent } from '../journal/index.ts';

/** An item event as the history shows it, before it has a place in the log. Times are epoch ms. */
export function eventRow(event: ItemEvent) {
  const { item } = event;
  return {
    id: event.id,
    type: event.type,
    input: event.input,
    at: event.at,
    alert: event.alert,
    fromLocation: event.fromLocation,
    location: item.location,
    fromLifecycle: event.fromLifecycle,
    lifecycle: item.lifecycle,
    readPoint: item.readPoint,
    reader: item.reader,
    antenna: item.antenna,
    rssi: item.rssi,
    bizStep: event.bizStep,
    disposition: event.disposition,
  };
}

/** A line of the event log as the history shows it. */
export function historyRow(stored: StoredEvent) {
  return { seq: stored.seq, recordedAt: stored.recordedAt, ...eventRow(stored.event) };
}
