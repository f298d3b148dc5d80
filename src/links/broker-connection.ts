import type { Aedes, PublishPacket } from 'aedes';
import { GatewayError } from '../kit/index.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { LinkDeps } from './deps.ts';
import { type LinkMessage, type LinkState, linkState } from './link.ts';
import type { MqttConnection } from './mqtt-connection.ts';

type Incoming = { readonly message: LinkMessage; readonly done: () => void };

/** The gateway's connections to its own broker, with the side on which the broker hands messages in. */
export type BrokerConnections = {
  connect(deps: LinkDeps): MqttConnection;
  /** `done` lets the broker acknowledge the message to its sender. False where nobody has connected yet. */
  take(message: LinkMessage, done: () => void): boolean;
  /** Whether there are connections and a message need not wait for any of them to open. */
  areOpen(): boolean;
  /** True once there were connections and all are closed. */
  areClosed(): boolean;
};

type Local = { readonly delivery: Delivery; state: LinkState };

/** Topics whose connections are remembered. */
const MOST_TOPICS = 4_096;

/**
 * Connections without a network. A message goes to every connection that wants its topic at once, in the order of arrival;
 * none waits for what another still owes. While one is not open yet all messages wait; how many that can be is bounded by
 * what the readers may have unacknowledged.
 */
export function createBrokerConnections(publish: (packet: PublishPacket) => Promise<void>): BrokerConnections {
  const all = createLocals();
  const early: Incoming[] = [];
  const hand = ({ message, done }: Incoming): void => {
    const to = all.wanting(message.topic);
    const [first] = to;
    if (to.length === 1 && first !== undefined) return void first.delivery.deliver(message, done);
    let left = to.length;
    for (const { delivery } of to) {
      delivery.deliver(message, () => {
        left -= 1;
        if (left === 0) done();
      });
    }
  };
  const handEarly = (): void => {
    if (!all.areOpening()) for (const one of early.splice(0)) hand(one);
  };
  const take: BrokerConnections['take'] = (message, done) => {
    if (all.areNone()) return false;
    if (all.areOpen()) hand({ message, done });
    else {
      early.push({ message, done });
      handEarly();
    }
    return true;
  };
  const connect = (deps: LinkDeps): MqttConnection => {
    const one: Local = { delivery: createDelivery(deps), state: linkState('opening', deps.clock.now()) };
    all.add(one);
    const entered = (state: 'open' | 'closed') => {
      one.state = linkState(state, deps.clock.now());
      all.changed();
      if (state === 'closed') one.delivery.end();
      handEarly();
    };
    return connectionOf(one, entered, { take, publish, changed: all.changed, now: deps.clock.now });
  };
  return { connect, take, areOpen: all.areOpen, areClosed: all.areClosed };
}

/** All connections, and which of them want a topic. */
function createLocals() {
  const all: Local[] = [];
  const byTopic = new Map<string, readonly Local[]>();
  const now = { opening: 0, open: 0 };
  const countOf = (wanted: LinkState['state']) => all.filter(({ state }) => state.state === wanted).length;
  const changed = (): void => {
    Object.assign(now, { opening: countOf('opening'), open: countOf('open') });
    byTopic.clear();
  };
  return {
    add: (one: Local): void => {
      all.push(one);
      changed();
    },
    /** A state or a topic is another than before. */
    changed,
    areNone: () => all.length === 0,
    areOpening: () => now.opening > 0,
    areOpen: () => now.opening === 0 && now.open > 0,
    areClosed: () => all.length > 0 && now.opening + now.open === 0,
    wanting: (topic: string): readonly Local[] => {
      const known = byTopic.get(topic);
      if (known !== undefined) return known;
      const alive = all.filter(({ state }) => state.state !== 'closed');
      const found = alive.filter(({ delivery }) => delivery.wants(topic));
      // The first counts what nobody wants.
      const to = found.length > 0 ? found : alive.slice(0, 1);
      if (byTopic.size >= MOST_TOPICS) byTopic.clear();
      byTopic.set(topic, to);
      return to;
    },
  };
}

type Ways = {
  readonly take: BrokerConnections['take'];
  readonly publish: (packet: PublishPacket) => Promise<void>;
  readonly changed: () => void;
  readonly now: () => number;
};

function connectionOf(one: Local, entered: (state: 'open' | 'closed') => void, ways: Ways): MqttConnection {
  const { delivery } = one;
  return {
    subscribe: (filter, handler) => {
      const remove = delivery.add(filter, handler);
      ways.changed();
      return () => {
        remove();
        ways.changed();
      };
    },
    open: () => {
      if (one.state.state === 'opening') entered('open');
    },
    publish: async (topic, payload, { qos = 0, retain = false } = {}) => {
      if (one.state.state === 'closed') throw new GatewayError('LINK_LOST', 'The connection is closed.');
      const bytes = Buffer.from(payload);
      ways.take({ topic, payload: bytes, redelivered: false, retained: false, at: ways.now() }, () => undefined);
      await ways.publish({ cmd: 'publish', topic, payload: bytes, qos, retain, dup: false });
    },
    state: () => one.state,
    counts: () => delivery.counts(),
    close: async () => entered('closed'),
  };
}

/** Hands a message to the clients of a broker. Rejects with LINK_LOST. */
export function publishTo(aedes: Aedes): (packet: PublishPacket) => Promise<void> {
  return (packet) =>
    new Promise((resolve, reject) => {
      aedes.publish(packet, (error) => {
        if (error) reject(new GatewayError('LINK_LOST', error.message, { topic: packet.topic }, error));
        else resolve();
      });
    });
}
