import type { Client, ConnectPacket } from 'aedes';
import { GatewayError, type Log } from '../kit/index.ts';
import type { BrokerAccess, BrokerAccount } from './broker-access.ts';
import type { DenialKind, Denials } from './broker-denials.ts';

/** A connection that has sent its CONNECT. */
export type Visitor = {
  readonly client: Client;
  readonly packet: ConnectPacket;
  readonly address: string;
  /** Null before it has signed in, after its account was revoked, and at a broker without accounts. */
  account: BrokerAccount | null;
};

/** Who is at the embedded broker, as whom, and what they may do there. */
export type Visitors = {
  add(client: Client, packet: ConnectPacket): void;
  of(client: Client): Visitor;
  /** Without `access` everybody may do everything. */
  may(client: Client, right: 'mayPublish' | 'maySubscribe', topic: string): boolean;
  refuse(visitor: Visitor, kind: DenialKind, topic: string | null): void;
  /** Asks who still has an account; whoever has none is cut, and its last will is not heard any more. */
  refresh(): void;
};

export function createVisitors(access: BrokerAccess | null, denials: Denials, log: Log): Visitors {
  const connected = new Set<Visitor>();
  const known = new WeakMap<Client, Visitor>();
  const of = (client: Client): Visitor => {
    const visitor = known.get(client);
    if (visitor === undefined) throw new Error('a client without a CONNECT');
    return visitor;
  };
  return {
    of,
    add: (client, packet) => {
      const address = 'remoteAddress' in client.conn ? (client.conn.remoteAddress ?? '') : '';
      const visitor: Visitor = { client, packet, address, account: null };
      known.set(client, visitor);
      connected.add(visitor);
      client.conn.once('close', () => connected.delete(visitor));
    },
    may: (client, right, topic) => access === null || (of(client).account?.[right](topic) ?? false),
    refuse: ({ packet, address, account }, kind, topic) => {
      const username = account?.id ?? packet.username ?? null;
      denials.note({ kind, username, address, clientId: packet.clientId, topic, signedIn: account !== null });
    },
    refresh: () => {
      if (access === null) return;
      for (const visitor of [...connected]) refresh(visitor, access, log);
    },
  };
}

function refresh(visitor: Visitor, access: BrokerAccess, log: Log): void {
  const { account, client } = visitor;
  if (account === null) return;
  try {
    visitor.account = access.account(account.id);
  } catch (error) {
    // Nobody loses a right because a disk fails.
    if (error instanceof GatewayError) return;
    throw error;
  }
  if (visitor.account !== null) return;
  log.info({ username: account.id, address: visitor.address }, 'a revoked account was cut off');
  client.close();
}
