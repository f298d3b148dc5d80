import { type Fault, fault } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { ClientSession } from './mqtt-session.ts';

/** How often a topic that the broker refused is asked for again. */
const refusedAgainMs = 30_000;

/** Keeps the broker's list of our topics complete: after a lost session all are sent again, after a kept one what lacks. */
export type Subscriptions = {
  started(session: ClientSession, sessionPresent: boolean): void;
  /** A filter was added or taken away. */
  changed(): void;
  ended(): void;
  /** Whether the broker has granted all of them to the session that is open. */
  areGranted(): boolean;
};

/** Calls `troubled` with what the broker refuses, and with null once the broker takes everything. */
export function createSubscriptions(
  filters: () => readonly string[],
  troubled: (fault: Fault | null) => void,
  deps: LinkDeps,
): Subscriptions {
  const granted = new Set<string>();
  let current: ClientSession | null = null;
  /** Failing is harmless: what still comes finds no handler, and the next session does not ask for it. */
  const drop = (session: ClientSession): void => {
    const wanted = new Set(filters());
    for (const filter of granted) {
      if (wanted.has(filter)) continue;
      granted.delete(filter);
      session.unsubscribe(filter).catch(() => undefined);
    }
  };
  const complete = async (session: ClientSession): Promise<void> => {
    drop(session);
    const missing = filters().filter((filter) => !granted.has(filter));
    const results = await Promise.allSettled(missing.map((filter) => session.subscribe(filter)));
    if (session !== current) return;
    for (const [index, filter] of missing.entries()) if (results[index]?.status === 'fulfilled') granted.add(filter);
    // A filter that was taken away while it was asked for.
    drop(session);
    const refused = filters().filter((filter) => missing.includes(filter) && !granted.has(filter));
    troubled(refused.length === 0 ? null : refusal(refused));
    if (refused.length > 0) deps.clock.after(refusedAgainMs, () => session === current && void complete(session));
  };
  return {
    started: (session, sessionPresent) => {
      current = session;
      if (!sessionPresent) granted.clear();
      void complete(session);
    },
    changed: () => {
      if (current !== null) void complete(current);
    },
    ended: () => {
      current = null;
    },
    areGranted: () => current !== null && filters().every((filter) => granted.has(filter)),
  };
}

function refusal(filters: readonly string[]): Fault {
  return fault('BROKER_TOPICS_REFUSED', { topics: filters.join(', ') });
}
