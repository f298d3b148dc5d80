import type { Aedes, PublishPacket } from 'aedes';
import { GatewayError } from '../kit/index.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { LinkDeps } from './deps.ts';
import { type LinkMessage, type LinkState, linkState } from './link.ts';
import type { MqttConnection } from './mqtt-connection.ts';

type Incoming = { readonly message: LinkMessage; readonly done: () => void };

/** The gateway's connection to its own broker, with the side on which the broker hands messages in. */
export type BrokerConnection = MqttConnection & {
  /** `done` lets the broker acknowledge the message to its sender. */
  take(message: Omit<LinkMessage, 'at'>, done: () => void): void;
};

/**
 * A connection without a network: one message after the other goes to the handlers, in the order of arrival, and a held
 * one holds all that came after it. The queue is bounded by what the readers may have unacknowledged.
 */
export function createBrokerConnection(aedes: Aedes, deps: LinkDeps): BrokerConnection {
  const { clock } = deps;
  const delivery = createDelivery(deps);
  const line = createLine(delivery.deliver);
  let state = linkState('opening', clock.now());
  const enter = (next: LinkState['state']) => {
    state = linkState(next, clock.now());
  };
  const take: BrokerConnection['take'] = (message, done) =>
    line.add({ message: { ...message, at: clock.now() }, done });
  return {
    take,
    subscribe: (filter, handler) => delivery.add(filter, handler),
    open: () => {
      if (state.state !== 'opening') return;
      enter('open');
      line.start();
    },
    publish: async (topic, payload, { qos = 0, retain = false } = {}) => {
      if (state.state === 'closed') throw new GatewayError('LINK_LOST', 'The connection is closed.');
      const bytes = Buffer.from(payload);
      take({ topic, payload: bytes, redelivered: false, retained: false }, () => undefined);
      await publishTo(aedes, { cmd: 'publish', topic, payload: bytes, qos, retain, dup: false });
    },
    state: () => state,
    counts: () => delivery.counts(),
    close: async () => {
      enter('closed');
      line.stop();
    },
  };
}

/** Messages one after the other, from `start` on; the one that is being delivered keeps the rest waiting. */
function createLine(deliver: Delivery['deliver']) {
  const waiting: Incoming[] = [];
  const now = { started: false, delivering: false, pumping: false };
  let takeBack: () => void = () => undefined;
  const pump = () => {
    if (now.pumping) return;
    now.pumping = true;
    while (now.started && !now.delivering) {
      const next = waiting.shift();
      if (next === undefined) break;
      now.delivering = true;
      takeBack = deliver(next.message, () => {
        now.delivering = false;
        next.done();
        pump();
      });
    }
    now.pumping = false;
  };
  return {
    add: (incoming: Incoming) => {
      waiting.push(incoming);
      pump();
    },
    start: () => {
      now.started = true;
      pump();
    },
    stop: () => {
      now.started = false;
      takeBack();
      waiting.length = 0;
    },
  };
}

function publishTo(aedes: Aedes, packet: PublishPacket): Promise<void> {
  const { topic } = packet;
  return new Promise((resolve, reject) => {
    aedes.publish(packet, (error) => {
      if (error) reject(new GatewayError('LINK_LOST', error.message, { topic }, error));
      else resolve();
    });
  });
}
