import type { Listeners } from '../../followers/index.ts';
import type { Fact } from '../../journal/index.ts';
import { GatewayError, type Timer } from '../../kit/index.ts';
import { type ReadBatch, readsOf } from '../../tags/index.ts';
import { createLiveClients, type LiveClient, type LiveClients, type NoRoom } from './clients.ts';
import { factMessage, type LiveFeedDeps, message, readsReport, replay } from './messages.ts';
import { createReadWindow, type ReadWindow } from './read-window.ts';

const windowMs = 10_000;
const recentLimit = 50;
const heartbeatEvery = 15;

/** What happens, as it happens, to whoever listens. Nothing is kept and nothing costs while nobody does. */
export type LiveFeed = Listeners & {
  /** Called on the hot path with every batch of reads, none of which is kept. */
  reads(reads: ReadBatch): void;
  /** Starts a client after event `lastSeq` of the log (null = from now). The way to stop, or why it may not listen. */
  subscribe(client: LiveClient, lastSeq: number | null): (() => void) | NoRoom;
  close(): void;
};

/** The live feed as server-sent events [WHATWG HTML 9.2]: `item`, `customer`, `reads`, `status`, `reset`. */
export function createLiveFeed(deps: LiveFeedDeps): LiveFeed {
  const window = createReadWindow(windowMs, recentLimit);
  const clients: LiveClients = createLiveClients(() => message('reset', {}, news.sentSeq()));
  const news = createNews(deps, clients);
  const pulse = createPulse(deps, clients, window);
  const rest = () => {
    pulse.rest();
    window.clear();
  };
  return {
    reads: (reads) => {
      if (clients.size() > 0) window.take(readsOf(reads));
    },
    heard: () => (clients.size() > 0 ? news.sentSeq() : null),
    take: news.take,
    subscribe: (client, lastSeq) => {
      const refusal = clients.refusal(client);
      if (refusal !== null) return refusal;
      if (clients.size() === 0) {
        news.wake();
        pulse.wake();
      }
      client.send('retry: 2000\n\n');
      client.send(pulse.status());
      if (!readable(() => replay(deps.store, client, lastSeq, news.sentSeq()))) {
        // It comes back by itself and asks for the rest again.
        client.close();
        if (clients.size() === 0) rest();
        return () => undefined;
      }
      const remove = clients.add(client);
      return () => {
        remove();
        if (clients.size() === 0) rest();
      };
    },
    close: () => {
      clients.closeAll();
      rest();
    },
  };
}

/** Events of the log, in its order, each sent once to all who listen. */
function createNews({ clock, store }: LiveFeedDeps, clients: LiveClients) {
  let sentSeq = 0;
  return {
    sentSeq: () => sentSeq,
    /** From now on. */
    wake: () => {
      sentSeq = store.lastSeq();
    },
    take: (facts: readonly Fact[]) => {
      for (const fact of facts) {
        const whole = factMessage(store, fact, true);
        const withheld = fact.kind === 'customer' ? factMessage(store, fact, false) : whole;
        clients.send(({ seesCustomers }) => (seesCustomers ? whole : withheld), clock.now());
        sentSeq = fact.seq;
      }
    },
  };
}

/** Whether `work` could read the database; a failing disk silences the feed for a while, never the line. */
function readable(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

/** Once a second: the reads, the status when it changed, and now and then a heartbeat. */
function createPulse(deps: LiveFeedDeps, clients: LiveClients, window: ReadWindow) {
  let ticking: Timer | null = null;
  let ticks = 0;
  let lastKey = '';
  const status = () => {
    const [readers, destinations] = [deps.readers(), deps.destinations()];
    // Running counters alone are no change of status.
    const key = JSON.stringify([
      readers.map(({ id, link, online, warnings, findings }) => [id, link, online, warnings, findings.map(codeOf)]),
      destinations,
    ]);
    return { key, text: message('status', { readers, destinations }) };
  };
  const tick = () => {
    const now = deps.clock.now();
    readable(() => clients.send(message('reads', readsReport(deps, window.report(now), now)), now));
    const { key, text } = status();
    if (key !== lastKey) clients.send(text, now);
    lastKey = key;
    if (++ticks % heartbeatEvery === 0) clients.tend(now);
  };
  return {
    status: () => status().text,
    wake: () => {
      lastKey = status().key;
      ticking = deps.clock.every(1000, tick);
    },
    rest: () => {
      ticking?.cancel();
      ticking = null;
    },
  };
}

/** Codes only: a value in a finding that counts seconds is no news. */
function codeOf({ code, state }: { readonly code: string; readonly state: string }): string {
  return `${code} ${state}`;
}
