import type { Aedes, Client } from 'aedes';
import type { Clock } from '../kit/index.ts';
import type { Visitor } from './broker-visitors.ts';

export type Holders = {
  attach(aedes: Aedes): void;
  /** A visitor who has signed in wants its client id. Answers once: true gives it to that one, and nobody else has it then. */
  claim(visitor: Visitor, answer: (granted: boolean) => void): void;
};

/** What a claimant waits at most for the connection that has its client id, ms. */
const patienceMs = 3000;
/** The first probe comes after a second of silence, then one a second; the system gives a peer up that answers none of ten. */
const probeAfterMs = 1000;
/** A client that promised no keepalive is asked to be heard this often once its own account wants its place, ms. */
const unpromisedMs = 60_000;

type Holder = {
  readonly visitor: Visitor;
  isRegistered: boolean;
  waiter: ((isFree: boolean) => void) | null;
  /** Since when somebody wants its place and nothing was heard of it, and how much it had sent by then. */
  silent: { readonly since: number; readonly bytes: number } | null;
};

/**
 * Who has which client id. The specification lets any newcomer cut whoever has the id [MQTT-3.1.4-2]: so a stranger who
 * knows it can silence a reader. We differ on purpose: a client that lives keeps its id, and the newcomer gets CONNACK 2.
 * A reader must not be shut out by its own dead connection, though. That one goes
 * - at once, when the newcomer has the same account and comes from the same address;
 * - when it does not answer the system's TCP probes, which begin with the first newcomer: within a second where the
 *   reader has started anew at its address, within 12 where nobody answers at all;
 * - for its own account from another address also when it has sent nothing for as long as its keepalive.
 */
export function createHolders(clock: Clock): Holders {
  const holders = new Map<string, Holder>();

  const release = (holder: Holder) => {
    const { id } = holder.visitor.client;
    if (holders.get(id) !== holder) return;
    holders.delete(id);
    holder.waiter?.(true);
  };
  const hold = (visitor: Visitor) => {
    const { client } = visitor;
    const holder: Holder = { visitor, isRegistered: false, waiter: null, silent: null };
    holders.set(client.id, holder);
    // Of a client that the broker has taken in it says itself when it has let go of it.
    client.conn.once('close', () => {
      if (!holder.isRegistered) release(holder);
    });
  };
  const isOf = (client: Client): Holder | null => {
    const holder = holders.get(client.id);
    return holder?.visitor.client === client ? holder : null;
  };
  return {
    attach: (aedes) => {
      aedes.on('client', (client) => {
        const holder = isOf(client);
        if (holder !== null) holder.isRegistered = true;
      });
      aedes.on('clientDisconnect', (client) => {
        const holder = isOf(client);
        if (holder !== null) release(holder);
      });
    },
    claim: (visitor, answer) => {
      const { client } = visitor;
      const holder = holders.get(client.id);
      if (holder === undefined) {
        hold(visitor);
        return answer(true);
      }
      if (holder.waiter !== null) return answer(false);
      const timer = clock.after(patienceMs, () => holder.waiter?.(false));
      holder.waiter = (isFree) => {
        holder.waiter = null;
        timer.cancel();
        const isGranted = isFree && !client.closed && !client.conn.destroyed;
        if (isGranted) hold(visitor);
        answer(isGranted);
      };
      contest(holder, visitor, clock.now());
    },
  };
}

/** Ends the holder where it has lost its place; otherwise asks whether it is there. */
function contest(holder: Holder, { account, address }: Visitor, now: number): void {
  const { client, account: its, address: from } = holder.visitor;
  const isOwn = its !== null && its.id === account?.id;
  if (isOwn && (from === address || isSilent(holder, now))) client.close();
  else if ('setKeepAlive' in client.conn) client.conn.setKeepAlive(true, probeAfterMs);
}

function isSilent(holder: Holder, now: number): boolean {
  const { client, packet } = holder.visitor;
  const bytes = 'bytesRead' in client.conn ? client.conn.bytesRead : 0;
  if (holder.silent === null || holder.silent.bytes !== bytes) holder.silent = { since: now, bytes };
  const promisedMs = (packet.keepalive ?? 0) * 1000;
  return now - holder.silent.since >= (promisedMs > 0 ? promisedMs : unpromisedMs);
}
