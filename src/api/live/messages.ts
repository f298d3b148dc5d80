import type { Exactly, LiveMessages } from '../../contract/index.ts';
import type { DestinationStatus } from '../../followers/index.ts';
import type { Fact, Store } from '../../journal/index.ts';
import type { Clock } from '../../kit/index.ts';
import type { ReaderStatus } from '../../readers/index.ts';
import type { TagCodec } from '../../tags/index.ts';
import { historyRow } from '../history-row.ts';
import type { LiveClient } from './clients.ts';
import type { LiveTag, ReadReport } from './read-window.ts';

/** Missed events are read from the log by pages of this many. */
const pageSize = 200;
/** Who is further behind than this asks for the present state instead. */
const maxReplay = 5000;

export type LiveFeedDeps = {
  readonly clock: Clock;
  readonly store: Pick<Store, 'facts' | 'lastSeq' | 'product' | 'customers'>;
  readonly tags: TagCodec;
  /** The read point of an antenna, as the configuration has it. */
  readPointOf(reader: string, antenna: number | null): string | null;
  readers(): readonly ReaderStatus[];
  destinations(): readonly DestinationStatus[];
};

/** One server-sent event. JSON has no line breaks, so its data is always one line. */
export function message<E extends keyof LiveMessages, G extends LiveMessages[E]>(
  event: E,
  data: G & Exactly<LiveMessages[E], G>,
  seq?: number,
): string {
  return `event: ${event}\n${seq === undefined ? '' : `id: ${seq}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** A line of the log as a client hears it: an item with the names of its product; which customer it was only where it may know. */
export function factMessage({ product }: LiveFeedDeps['store'], fact: Fact, seesCustomers: boolean): string {
  if (fact.kind === 'customer') {
    return message('customer', seesCustomers ? fact.event : { ...fact.event, customer: null }, fact.seq);
  }
  const { id, gtin } = fact.event.item;
  const named = gtin === null ? null : product(gtin);
  const names = { item: id, gtin, sku: named?.sku ?? null, name: named?.name ?? null };
  return message('item', { ...historyRow(fact), ...names }, fact.seq);
}

/** Sends what a returning client missed, or `reset` where that is too much or the log is another one. */
export function replay(
  store: LiveFeedDeps['store'],
  client: LiveClient,
  lastSeq: number | null,
  sentSeq: number,
): void {
  if (lastSeq === null || lastSeq === sentSeq) return;
  if (lastSeq > sentSeq || sentSeq - lastSeq > maxReplay) {
    client.send(message('reset', {}, sentSeq));
    return;
  }
  for (let seq = lastSeq; seq < sentSeq; ) {
    const page = store.facts(seq, Math.min(pageSize, sentSeq - seq));
    for (const fact of page) if (fact.seq <= sentSeq) client.send(factMessage(store, fact, client.seesCustomers));
    const last = page.at(-1);
    if (last === undefined) return;
    seq = last.seq;
  }
}

/** The reads of the last second, as the live view shows them; `at` is epoch ms. */
export function readsReport(deps: LiveFeedDeps, report: ReadReport, at: number) {
  const place = (of: { reader: string; antenna: number | null }) => deps.readPointOf(of.reader, of.antenna);
  return {
    at,
    rate: report.rate,
    unique: report.unique,
    antennas: report.antennas.map((antenna) => ({ ...antenna, readPoint: place(antenna) })),
    recent: report.recent.flatMap((tag) => liveTag(deps, tag, place(tag)) ?? []),
  };
}

/** A tag for the live view, or null for a person's token: it is counted, never shown. */
function liveTag({ store, tags }: LiveFeedDeps, tag: LiveTag, readPoint: string | null) {
  const id = tags.readIdentityOf({ ...tag, epc: tag.hex });
  const { epc } = tags.identityOf(tag.hex);
  const gtin = epc.id === id ? epc.gtin : null;
  if (store.customers.byToken(id) !== null) return null;
  const name = gtin === null ? null : (store.product(gtin)?.name ?? null);
  const { hex, antenna, rssi, at, reads } = tag;
  return { id, hex, gtin, name, readPoint, antenna, rssi, at, reads };
}
