import { type ReadonlySignal, signal } from '@preact/signals';
import type { FeedEvent, Reads, RecentTag } from '../../contract/index.ts';

/** What the live view shows, kept while other pages are open: a page is only a view of it. */
export type Live = {
  readonly reads: ReadonlySignal<Reads | null>;
  /** Reads per second, oldest first, at most one minute. */
  readonly trend: ReadonlySignal<readonly number[]>;
  /** Newly come tags on top; a tag read again stays where it is. */
  readonly tags: ReadonlySignal<readonly RecentTag[]>;
  /** Newest first. */
  readonly events: ReadonlySignal<readonly FeedEvent[]>;
  readonly lost: ReadonlySignal<boolean>;
};

const trendLength = 60;
const tagLimit = 30;
const eventLimit = 30;

export type LiveWriter = Live & {
  takeReads(reads: Reads): void;
  takeItems(events: readonly FeedEvent[]): void;
  reset(told: boolean): void;
  /** The next user must not see it. */
  forget(): void;
};

/** Lists are capped, so memory and the page stay flat however long they run. */
export function createLive(): LiveWriter {
  const reads = signal<Reads | null>(null);
  const trend = signal<readonly number[]>([]);
  const tags = signal<readonly RecentTag[]>([]);
  const events = signal<readonly FeedEvent[]>([]);
  const lost = signal(false);
  return {
    reads,
    trend,
    tags,
    events,
    lost,
    takeReads(next) {
      reads.value = next;
      trend.value = [...trend.value, next.rate].slice(-trendLength);
      tags.value = merge(tags.value, next.recent);
    },
    takeItems(next) {
      events.value = [...[...next].reverse(), ...events.value].slice(0, eventLimit);
    },
    reset(told) {
      lost.value = told;
    },
    forget() {
      reads.value = null;
      trend.value = [];
      tags.value = [];
      events.value = [];
      lost.value = false;
    },
  };
}

/** Known tags are renewed in place, new ones put on top: rows that jump each second cannot be read. */
function merge(shown: readonly RecentTag[], recent: readonly RecentTag[]): readonly RecentTag[] {
  const news = new Map(recent.map((tag) => [tag.id, tag]));
  const kept = shown.map((tag) => {
    const renewed = news.get(tag.id);
    news.delete(tag.id);
    return renewed ?? tag;
  });
  return [...news.values(), ...kept].slice(0, tagLimit);
}
