import { type BrokerLimits, overheads } from './broker-limits.ts';
import type { Refuse } from './broker-overload.ts';
import type { BrokerSession, BrokerSessions, Match, Message, Waiting } from './broker-sessions.ts';

/** As the broker hands it in: a message on its way, or the PUBREL that takes its place (MQTT 3.1.1, 4.3.3). */
export type BrokerPacket = {
  readonly cmd: string;
  readonly brokerCounter?: number;
  readonly messageId?: number | undefined;
  readonly topic?: string;
  readonly payload?: Buffer | string;
  readonly qos?: number;
  readonly retain?: boolean;
};

/** What waits for the clients that asked for it with QoS 1 or 2 and have not acknowledged it, each queue in its order. */
export function createQueues(sessions: BrokerSessions, limits: BrokerLimits, refuse: Refuse) {
  return {
    enqueue: createEnqueue(sessions, limits, refuse),
    /** Notes the identifier under which a message goes out, or puts the PUBREL in its place. Throws where nothing waits. */
    update: (id: string, packet: BrokerPacket): void => {
      const session = sessions.get(id);
      if (session === undefined || packet.messageId === undefined) throw new Error('no such packet');
      const known = session.queue.get(packet.brokerCounter ?? -1);
      if (known !== undefined) known.messageId = packet.messageId;
      else putRelease(sessions, session, packet.messageId);
    },
    /** Takes out what was acknowledged. */
    clear: (id: string, packet: BrokerPacket): BrokerPacket | undefined => {
      const session = sessions.get(id);
      if (session === undefined) return undefined;
      const { messageId } = packet;
      const counter = messageId === undefined ? packet.brokerCounter : counterOf(session, messageId);
      const waiting = counter === undefined ? undefined : session.queue.get(counter);
      if (counter === undefined || waiting === undefined) return undefined;
      sessions.release(session, counter);
      return packetOf(counter, waiting);
    },
    /** What waits now, in order. Each is looked up when it is asked for: it may be gone by then. */
    waiting: function* (id: string): Generator<BrokerPacket> {
      for (const counter of [...(sessions.get(id)?.queue.keys() ?? [])]) {
        const waiting = sessions.get(id)?.queue.get(counter);
        if (waiting !== undefined) yield packetOf(counter, waiting);
      }
    },
  };
}

/** Puts a message into the queues of all who are to have it. A client that is there and whose queue has no room is cut by the broker. */
function createEnqueue(sessions: BrokerSessions, limits: BrokerLimits, refuse: Refuse) {
  const take = (session: BrokerSession, message: Message, packet: BrokerPacket): boolean => {
    const size = message.cost + overheads.waiting;
    if (session.queued > 0 && session.queued + size > limits.perSession) return false;
    if (!sessions.makeRoom(size, session)) return false;
    if (message.holders === 0) sessions.addShared(message);
    message.holders += 1;
    sessions.charge(session, overheads.waiting);
    session.queued += size;
    const { qos = 1, retain = false, brokerCounter = 0 } = packet;
    session.queue.set(brokerCounter, { cmd: 'publish', messageId: null, qos, retain, message });
    return true;
  };
  return (matches: readonly Match[], packet: BrokerPacket): void => {
    if (matches.length === 0) return;
    const message = messageOf(packet);
    for (const { clientId } of matches) {
      const session = sessions.get(clientId);
      if (session === undefined || session.queue.has(packet.brokerCounter ?? 0)) continue;
      if (!take(session, message, packet)) refuse('QUEUE', session.address);
    }
  };
}

function putRelease(sessions: BrokerSessions, session: BrokerSession, messageId: number): void {
  const counter = counterOf(session, messageId);
  const waiting = counter === undefined ? undefined : session.queue.get(counter);
  if (counter === undefined || waiting === undefined) throw new Error('no such packet');
  sessions.letGo(session, waiting.message);
  session.queue.set(counter, { cmd: 'pubrel', messageId, qos: 1, retain: false, message: null });
}

function messageOf({ topic = '', payload = '' }: BrokerPacket): Message {
  const text = typeof payload === 'string' ? Buffer.from(payload).toString('latin1') : payload.toString('latin1');
  return { topic, payload: text, cost: overheads.message + 2 * topic.length + text.length, holders: 0 };
}

function packetOf(counter: number, { cmd, messageId, qos, retain, message }: Waiting): BrokerPacket {
  const id = messageId === null ? {} : { messageId };
  if (message === null) return { cmd, ...id, brokerCounter: counter, qos };
  const payload = Buffer.from(message.payload, 'latin1');
  // Sent before, under the same identifier: MQTT 3.1.1, 4.4.
  return { cmd, ...id, brokerCounter: counter, topic: message.topic, payload, qos, retain, ...dupOf(messageId) };
}

function dupOf(messageId: number | null): { readonly dup: boolean } {
  return { dup: messageId !== null };
}

function counterOf(session: BrokerSession, messageId: number): number | undefined {
  for (const [counter, waiting] of session.queue) if (waiting.messageId === messageId) return counter;
  return undefined;
}
