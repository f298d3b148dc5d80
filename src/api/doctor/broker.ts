import type { ApiKey } from '../../journal/index.ts';
import type { BrokerDenial, DenialKind } from '../../links/index.ts';
import { readersWithoutAccount } from '../access/broker-accounts.ts';
import type { ApiDeps } from '../deps.ts';
import { type Check, type CheckCode, check } from './check.ts';
import { isLoopback } from './network.ts';

type Broker = NonNullable<ApiDeps['broker']>;

/** What was refused longer ago than this is no news, ms. */
const newsMs = 3_600_000;
const mostNamed = 5;

/**
 * Who may come to the embedded broker, who cannot, and who was refused in the last hour; nothing of an external one. `keys`
 * is null where the database does not say them.
 */
export function checkBrokerDoor(broker: Broker, keys: readonly ApiKey[] | null, now: number): Check[] {
  const { listens, access, readers } = broker;
  if (listens === null || access === null) return [];
  const open = access === 'open' && !isLoopback(listens) ? [openBroker(listens)] : [];
  const missing = access === 'accounts' && keys !== null ? readersWithoutAccount(keys, readers) : [];
  return [...open, ...withoutAccounts(missing), ...denied(broker.denials(), now)];
}

function openBroker(host: string): Check {
  return check(
    'broker',
    'warn',
    'BROKER_OPEN',
    `The embedded broker listens on ${host} with mqtt.access: open: anybody on the network can publish reads and listen.`,
    'Make accounts (silentgate key create --mqtt --reader ID), give them to the readers, and take mqtt.access out.',
    { host },
  );
}

function withoutAccounts(missing: readonly string[]): Check[] {
  const [first] = missing;
  if (first === undefined) return [];
  const readers = missing.join(', ');
  return [
    check(
      'broker',
      'fail',
      'BROKER_ACCOUNTS_MISSING',
      `The embedded broker asks for accounts, and these readers have none, so they cannot sign in: ${readers}.`,
      `For each: silentgate key create --mqtt --reader ${first}, and enter user name and password in the reader.`,
      { readers, reader: first },
    ),
  ];
}

type Row = {
  readonly kinds: readonly DenialKind[];
  readonly code: CheckCode;
  readonly what: string;
  readonly next: string;
};

/** What each kind of denial means for the person who reads it. */
const rows: readonly Row[] = [
  {
    kinds: ['signIn'],
    code: 'BROKER_SIGN_IN_REFUSED',
    what: 'refused a wrong or missing user name or password',
    next: 'If these are your readers: silentgate key create --mqtt --reader ID, and enter user name and password in the reader. Otherwise find out whose devices they are.',
  },
  {
    kinds: ['clientId'],
    code: 'BROKER_ID_REFUSED',
    what: 'kept a client id for the connection that has it, and refused another one',
    next: 'Give each reader its own client id, and its own account.',
  },
  {
    kinds: ['publish', 'will'],
    code: 'BROKER_TOPIC_REFUSED',
    what: 'dropped messages on topics that are not the account’s own',
    next: 'Set the topic in the reader to the one that the configuration has, or the other way round. If neither fits, the account may be in wrong hands: silentgate key revoke ID.',
  },
  {
    kinds: ['subscribe'],
    code: 'BROKER_FILTER_REFUSED',
    what: 'refused to let readers listen on topics that are not their own topics of commands',
    next: 'A reader listens on its commandTopic and managementTopic only, written out. For dashboards there are GET /api/v1/events and a broker of your own.',
  },
  {
    kinds: ['overload'],
    code: 'BROKER_OVERLOAD',
    what: 'refused, cut or dropped what would have cost it too much memory',
    next: 'The log says for each address what it was. Find out whose devices they are; a reader that keeps more than it can send has lost its connection for long.',
  },
];

function denied(all: readonly BrokerDenial[], now: number): Check[] {
  return rows.flatMap(({ kinds, code, what, next }) => {
    const found = all.filter(({ kind, lastAt }) => kinds.includes(kind) && now - lastAt < newsMs).reverse();
    if (found.length === 0) return [];
    const times = found.reduce((sum, { count }) => sum + count, 0);
    const more = found.length > mostNamed ? ` and ${found.length - mostNamed} more` : '';
    const clients = `${found.slice(0, mostNamed).map(described).join('; ')}${more}`;
    const text = `In the last hour the embedded broker ${what} (${times === 1 ? 'once' : `${times} times`}): ${clients}.`;
    return [check('broker', 'warn', code, text, next, { clients, times })];
  });
}

function described({ address, username, clientId, topic }: BrokerDenial): string {
  const parts = [
    ...(username === null ? [] : [`user name ${username}`]),
    ...(clientId === '' ? [] : [`client id ${clientId}`]),
    ...(topic === null ? [] : [`topic ${topic}`]),
  ];
  return parts.length === 0 ? address : `${address} (${parts.join(', ')})`;
}
