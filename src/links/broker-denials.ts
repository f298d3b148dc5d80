import type { Clock, Log } from '../kit/index.ts';

/** What the embedded broker refuses: to sign in, a client id that is in use, a topic, a filter, a last will, what costs too much. */
export type DenialKind = 'signIn' | 'clientId' | 'publish' | 'subscribe' | 'will' | 'overload';

/** One kind of denial of one client: of an account, or without one of an address. */
export type BrokerDenial = {
  readonly kind: DenialKind;
  /** The user name that was given, right or not; null where none was. */
  readonly username: string | null;
  readonly address: string;
  readonly clientId: string;
  /** The newest topic or filter, cut short; null where it is about none. */
  readonly topic: string | null;
  readonly count: number;
  /** Epoch ms of the newest. */
  readonly lastAt: number;
};

/** `signedIn`: the user name is that of an account, not just any text. */
export type Denied = Omit<BrokerDenial, 'count' | 'lastAt'> & { readonly signedIn: boolean };

export type Denials = {
  note(denied: Denied): void;
  /** What would have cost too much, from an address; it has its own lines in the log. */
  noteOverload(address: string): void;
  /** The newest last. */
  list(): readonly BrokerDenial[];
};

const kept = 200;
const logEveryMs = 60_000;
const linesPerMinute = 30;
const longest = 200;

type Entry = { denial: BrokerDenial; toldAt: number; untold: number };

/**
 * Counts denials. Of one kind and client there is at most one line a minute in the log, with how often it was, and of
 * all together at most 30: whoever floods the broker does not flood the log. The 200 that were refused last are kept.
 */
export function createDenials({ clock, log }: { readonly clock: Clock; readonly log: Log }): Denials {
  const entries = new Map<string, Entry>();
  const minute = { since: Number.NEGATIVE_INFINITY, lines: 0 };
  const tell = (entry: Entry, now: number) => {
    entry.untold++;
    if (isOver(minute.since, now)) Object.assign(minute, { since: now, lines: 0 });
    if (!isOver(entry.toldAt, now) || minute.lines >= linesPerMinute) return;
    minute.lines++;
    const { kind, username, address, clientId, topic } = entry.denial;
    log.warn({ kind, username, address, clientId, topic, times: entry.untold }, 'the embedded broker refused a client');
    entry.toldAt = now;
    entry.untold = 0;
  };
  const count = ({ signedIn, ...denied }: Denied): Entry => {
    const now = clock.now();
    const key = `${denied.kind} ${signedIn ? denied.username : denied.address}`;
    const before = entries.get(key);
    const denial = {
      ...denied,
      username: cut(denied.username),
      clientId: cut(denied.clientId) ?? '',
      topic: cut(denied.topic),
      count: (before?.denial.count ?? 0) + 1,
      lastAt: now,
    };
    const entry: Entry = before ?? { denial, toldAt: Number.NEGATIVE_INFINITY, untold: 0 };
    entry.denial = denial;
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > kept && oldest !== undefined) entries.delete(oldest);
    return entry;
  };
  return {
    note: (denied) => tell(count(denied), clock.now()),
    noteOverload: (address) =>
      void count({ kind: 'overload', username: null, address, clientId: '', topic: null, signedIn: false }),
    list: () => [...entries.values()].map(({ denial }) => denial),
  };
}

/** Whether a minute has gone by; a clock that was set back counts as one. */
function isOver(since: number, now: number): boolean {
  return now < since || now - since >= logEveryMs;
}

/** Texts of strangers: short, and without what a terminal would obey. */
function cut(text: string | null): string | null {
  return text === null ? null : text.slice(0, longest).replace(/\p{C}/gu, '?');
}
