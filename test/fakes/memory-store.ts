import type { OutboxTable } from '../../src/journal/index.ts';

/** An outbox beside a log in which nothing stands: what is delivered was written before. */
export function outboxOnly(outbox: OutboxTable) {
  const cursors = new Map<string, number>();
  return {
    outbox,
    facts: () => [],
    lastSeq: () => 0,
    countFacts: () => [],
    factsRemoved: () => 0,
    product: () => null,
    cursors: {
      get: (follower: string) => cursors.get(follower) ?? null,
      put: async (follower: string, seq: number) => void cursors.set(follower, seq),
      rows: () => [],
    },
  };
}
