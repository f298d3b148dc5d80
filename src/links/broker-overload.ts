import type { Clock, Log } from '../kit/index.ts';

/** What the embedded broker did not take, or let go, and why. */
export type BrokerRefusal =
  | 'CONNECTIONS'
  | 'NO_CONNECT'
  | 'CLIENT_ID'
  | 'WILL'
  | 'SESSIONS'
  | 'ABANDONED_SESSION'
  | 'SUBSCRIPTIONS'
  | 'TOPIC'
  | 'QUEUE'
  | 'RETAINED'
  | 'UNREAD'
  | 'ARRIVING'
  | 'PASSING'
  | 'IN_FLIGHT';

export type Refuse = (kind: BrokerRefusal, address: string) => void;

const QUIET_MS = 60_000;

/** Counts refusals by kind, and logs at most one line per kind and minute: with how many there were since the last one. */
export function createRefusals({ clock, log }: { readonly clock: Pick<Clock, 'now'>; readonly log: Log }) {
  const counts = new Map<BrokerRefusal, number>();
  const said = new Map<BrokerRefusal, { readonly at: number; readonly count: number }>();
  const refuse: Refuse = (kind, address) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const last = said.get(kind);
    const now = clock.now();
    if (last !== undefined && now - last.at < QUIET_MS && now >= last.at) return;
    said.set(kind, { at: now, count });
    log.warn({ kind, address, refused: count - (last?.count ?? 0) }, 'the embedded broker refused something');
  };
  return { refuse, counts: (): Readonly<Record<string, number>> => Object.fromEntries(counts) };
}
