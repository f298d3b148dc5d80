import type { OutboxRow } from '../../journal/index.ts';
import { contentId } from '../../kit/index.ts';

/**
 * One CloudEvents 1.0 event as JSON text [CloudEvents JSON 3]. Built by concatenation around the frozen `data`, so that
 * one event id has one spelling for ever, whatever else changes in the gateway.
 */
export function eventText(row: OutboxRow, source: string): string {
  const time = new Date(row.at).toISOString();
  return (
    `{"specversion":"1.0","id":${JSON.stringify(row.eventId)},"source":${JSON.stringify(source)},` +
    `"type":${JSON.stringify(row.type)},"subject":${JSON.stringify(row.lane)},"time":"${time}",` +
    `"datacontenttype":"application/json","data":${row.data}}`
  );
}

/** The body of a delivery [CloudEvents JSON batch 4]. */
export function batchText(rows: readonly OutboxRow[], source: string): string {
  return `[${rows.map((row) => eventText(row, source)).join(',')}]`;
}

/** `webhook-id` of a batch: the same events in the same order have the same id at every attempt. Has no dot in it. */
export function batchId(rows: readonly OutboxRow[]): string {
  return `batch_${contentId(rows.map((row) => row.eventId))}`;
}
