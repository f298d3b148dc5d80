import { randomUUID } from 'node:crypto';
import type { Aedes, AedesOptions, Client } from 'aedes';
import { type Clock, GatewayError, type Log } from '../kit/index.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { DenialKind, Denials } from './broker-denials.ts';
import { createHolders, type Holders } from './broker-holders.ts';
import { createVisitors, type Visitor, type Visitors } from './broker-visitors.ts';

/** Who comes in, as whom, and what they may do. */
export type BrokerDoor = {
  readonly options: Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizeSubscribe' | 'authorizeForward'>;
  attach(aedes: Aedes): void;
  /** Whether a client may publish on a topic. */
  isAllowed(client: Client, topic: string): boolean;
  /** The same; a denial is counted. */
  mayPublish(client: Client | null, topic: string): boolean;
  close(): void;
};

/** How soon a revoked account is cut, and a changed right counts, ms. */
const refreshMs = 1000;

/** CONNACK return codes, MQTT 3.1.1, 3.2.2.3. */
const identifierRejected = 2;
const serverUnavailable = 3;
const badLogin = 4;
const notAuthorized = 5;

/**
 * The door of the embedded broker. With `access` nobody comes in without an account; client ids are then the account's
 * own, so no account can meet, cut or take over the session of another. Without it all may come and do everything.
 */
export function createBrokerDoor(
  access: BrokerAccess | null,
  { denials, clock, log }: { readonly denials: Denials; readonly clock: Clock; readonly log: Log },
): BrokerDoor {
  const visitors = createVisitors(access, denials, log);
  const holders = createHolders(clock);
  const refreshing = clock.every(refreshMs, visitors.refresh);
  const { may, refuse } = visitors;
  return {
    options: {
      preConnect: (client, packet, done) => {
        visitors.add(client, packet);
        done(null, true);
      },
      authenticate: createSignIn(access, visitors, holders),
      // What is refused is a failure in the SUBACK [MQTT-3.9.3-2], the other filters of the packet are granted.
      authorizeSubscribe: (client, subscription, done) => {
        if (may(client, 'maySubscribe', subscription.topic)) return done(null, subscription);
        refuse(visitors.of(client), 'subscribe', subscription.topic);
        done(null, null);
      },
      // What waited for a session is not sent to it after its rights have gone.
      authorizeForward: (client, packet) => (may(client, 'maySubscribe', packet.topic) ? packet : null),
    },
    attach: (aedes) => {
      holders.attach(aedes);
      keepOnlyGranted(aedes, (client, topic) => may(client, 'maySubscribe', topic));
    },
    isAllowed: (client, topic) => may(client, 'mayPublish', topic),
    mayPublish: (client, topic) => {
      if (client === null || may(client, 'mayPublish', topic)) return true;
      const visitor = visitors.of(client);
      // Without an account is who has lost it: the last will of that connection, which nobody shall hear.
      if (visitor.account !== null) refuse(visitor, 'publish', topic);
      return false;
    },
    close: () => refreshing.cancel(),
  };
}

type SignIn = NonNullable<AedesOptions['authenticate']>;

/** Account, last will, client id: what is not as it must be turns a client away with the return code for it. */
function createSignIn(access: BrokerAccess | null, visitors: Visitors, holders: Holders): SignIn {
  return (client, username, password, done) => {
    const visitor = visitors.of(client);
    const turnAway = (code: number, kind: DenialKind | null, topic: string | null = null) => {
      if (kind !== null) visitors.refuse(visitor, kind, topic);
      // It must not touch the session whose id it gave, not even by going.
      client.id = `refused ${randomUUID()}`;
      done(Object.assign(new Error('not let in'), { returnCode: code }), false);
    };
    const signed = access === null ? null : signIn(access, username, password);
    if (typeof signed === 'number') return turnAway(signed, signed === serverUnavailable ? null : 'signIn');
    visitor.account = signed;
    const will = foreignWill(visitor, visitors);
    if (will !== null) return turnAway(notAuthorized, 'will', will);
    if (signed !== null) client.id = `${signed.id}/${client.id}`;
    holders.claim(visitor, (isGranted) => {
      if (isGranted) done(null, true);
      else turnAway(identifierRejected, 'clientId');
    });
  };
}

/** The topic of a last will on which the client may not publish, or null. */
function foreignWill({ client, packet: { will } }: Visitor, { may }: Visitors): string | null {
  return will === undefined || may(client, 'mayPublish', will.topic) ? null : will.topic;
}

/** The account, or the return code of the denial. */
function signIn(access: BrokerAccess, username: string | undefined, password: Buffer | undefined) {
  if (!username || password === undefined) return notAuthorized;
  try {
    return access.signIn(username, String(password)) ?? badLogin;
  } catch (error) {
    if (error instanceof GatewayError) return serverUnavailable;
    throw error;
  }
}

type Add = (client: Client, subscriptions: readonly { readonly topic: string }[]) => unknown;

/** The broker keeps all filters of a packet for a session that lasts when one of them is granted: only those that are stay. */
function keepOnlyGranted(aedes: Aedes, may: (client: Client, topic: string) => boolean): void {
  const { persistence } = aedes as unknown as { persistence: { addSubscriptions: Add } };
  const add = persistence.addSubscriptions.bind(persistence);
  persistence.addSubscriptions = (client, subscriptions) =>
    add(
      client,
      subscriptions.filter(({ topic }) => may(client, topic)),
    );
}
