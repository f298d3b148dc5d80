import { setImmediate as turn } from 'node:timers/promises';
import { type BrokerLimits, overheads } from './broker-limits.ts';
import type { BrokerPacket } from './broker-queue.ts';
import { filterFits, parseFilter } from './topic-filter.ts';

type Kept = { readonly payload: string; readonly qos: number; readonly cost: number };

/** Topics that are compared before others have their turn. */
const AT_ONCE = 500;

/** The retained messages, within the limit. */
export function createRetained({ retained: limit }: BrokerLimits) {
  const kept = new Map<string, Kept>();
  const sums = { cost: 0 };
  const forget = (topic: string) => {
    sums.cost -= kept.get(topic)?.cost ?? 0;
    kept.delete(topic);
  };
  return {
    cost: () => sums.cost,
    count: () => kept.size,
    /** Whether there is room for a message in the place of the one that its topic has now. An empty payload clears, and needs none. */
    hasRoom: (topic: string, size: number): boolean =>
      size === 0 || sums.cost - (kept.get(topic)?.cost ?? 0) + costOf(topic, size) <= limit,
    store: ({ topic = '', payload = '', qos = 0 }: BrokerPacket): void => {
      const text = typeof payload === 'string' ? Buffer.from(payload).toString('latin1') : payload.toString('latin1');
      forget(topic);
      if (text.length === 0) return;
      const cost = costOf(topic, text.length);
      kept.set(topic, { payload: text, qos, cost });
      sums.cost += cost;
    },
    /** The retained messages that fit any of the filters. `filters` may grow meanwhile; long searches let others have their turn. */
    matching: async function* (filters: Set<string>): AsyncGenerator<BrokerPacket> {
      for (const filter of filters) {
        for await (const topic of fitting(filter, [...kept.keys()])) {
          const found = kept.get(topic);
          if (found !== undefined) yield packetOf(topic, found);
        }
      }
    },
  };
}

async function* fitting(filter: string, topics: readonly string[]): AsyncGenerator<string> {
  const levels = parseFilter(filter);
  if (levels === null) return;
  for (const [index, topic] of topics.entries()) {
    if (index % AT_ONCE === 0) await turn();
    if (filterFits(levels, topic)) yield topic;
  }
}

function packetOf(topic: string, { payload, qos }: Kept): BrokerPacket {
  return { cmd: 'publish', topic, payload: Buffer.from(payload, 'latin1'), qos, retain: true };
}

function costOf(topic: string, size: number): number {
  return overheads.retained + 2 * topic.length + size;
}
