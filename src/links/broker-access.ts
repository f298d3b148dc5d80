import { filterFits, parseFilter } from './topic-filter.ts';

/** Who has signed in at the embedded broker, and what it may do there. */
export type BrokerAccount = {
  /** The user name. */
  readonly id: string;
  mayPublish(topic: string): boolean;
  maySubscribe(filter: string): boolean;
};

/** Who may sign in. What it knows may change while the broker runs. */
export type BrokerAccess = {
  /** The account behind a user name and its password; null where one of them is wrong, or the account is revoked. */
  signIn(username: string, password: string): BrokerAccount | null;
  /** The account as it is now; null once it is revoked. */
  account(id: string): BrokerAccount | null;
};

/** Topics of a reader at a broker: `says` are filters of what it publishes, `hears` exact topics of what it is asked on. */
export type ReaderTopics = { readonly says: readonly string[]; readonly hears: readonly string[] };

/**
 * What the readers of an account may do, given their topics and those of all readers. A topic that is named outright
 * belongs to whoever names it: a wildcard of another reader takes in neither it nor any topic of commands, so no reader
 * speaks for another or commands one. What may be heard is an exact topic of commands of its own; a filter with a
 * wildcard never is one, nor is a shared subscription, which begins with `$share/`.
 */
export function topicRights(
  own: readonly ReaderTopics[],
  all: readonly ReaderTopics[],
): Pick<BrokerAccount, 'mayPublish' | 'maySubscribe'> {
  const says = own.flatMap((topics) => topics.says).map(unshared);
  const outright = new Set(says.filter(isExact));
  const filters = says.filter((filter) => !isExact(filter)).flatMap((filter) => [parseFilter(filter) ?? []]);
  const named = new Set(all.flatMap((topics) => [...topics.says.map(unshared).filter(isExact), ...topics.hears]));
  const hears = new Set(own.flatMap((topics) => topics.hears).filter(isExact));
  return {
    mayPublish: (topic) =>
      outright.has(topic) || (!named.has(topic) && filters.some((levels) => filterFits(levels, topic))),
    maySubscribe: (filter) => hears.has(filter),
  };
}

/** The topics of a shared subscription of the gateway's are those behind `$share/<group>/`. */
function unshared(filter: string): string {
  return parseFilter(filter)?.join('/') ?? filter;
}

function isExact(filter: string): boolean {
  return !/[#+]/.test(filter);
}
