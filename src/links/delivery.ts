import { type Backoff, backoffMs, messageOf, type Timer } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MessageHandler, MqttCounts } from './mqtt-connection.ts';
import { createRoutes, type Routes } from './routes.ts';

/** The way of a message from a broker to the handlers of its topic, and back as permission to acknowledge it. */
export type Delivery = Pick<Routes, 'add' | 'filters'> & {
  /**
   * Calls the topic's handlers, then `done`. A handler that throws is called again after a pause, for as long as it takes
   * (one that has taken the message is not); `done` may then never be called. The result takes the message back.
   */
  deliver(message: LinkMessage, done: () => void): () => void;
  counts(): MqttCounts;
};

const retryWaits: Backoff = { firstMs: 100, maxMs: 5000, factor: 2 };
const nothingToTakeBack = () => undefined;

export function createDelivery(deps: LinkDeps): Delivery {
  const { clock, log, random } = deps;
  const { add, filters, handlersOf } = createRoutes();
  const counts = { messages: 0, unrouted: 0, unroutedTopic: null as string | null, held: 0 };

  const hold = (message: LinkMessage, rest: readonly MessageHandler[], done: () => void): (() => void) => {
    let attempt = 0;
    let timer: Timer;
    let left = rest;
    const wait = () => {
      attempt += 1;
      counts.held += 1;
      timer = clock.after(backoffMs(retryWaits, attempt, random), again);
    };
    const again = () => {
      left = handOver(message, left, log);
      if (left.length > 0) return wait();
      log.info({ topic: message.topic, attempt }, 'held message is taken');
      done();
    };
    wait();
    return () => timer.cancel();
  };
  const deliver: Delivery['deliver'] = (message, done) => {
    counts.messages += 1;
    const handlers = handlersOf(message.topic);
    if (handlers.length === 0) {
      counts.unrouted += 1;
      counts.unroutedTopic = message.topic.slice(0, 200);
    }
    const left = handOver(message, handlers, log);
    if (left.length > 0) return hold(message, left, done);
    done();
    return nothingToTakeBack;
  };
  return { add, filters, deliver, counts: () => ({ ...counts }) };
}

/** The handlers that have not taken the message: empty, or from the first that threw. */
function handOver(message: LinkMessage, handlers: readonly MessageHandler[], log: LinkDeps['log']) {
  for (const [index, handler] of handlers.entries()) {
    try {
      handler(message);
    } catch (error) {
      log.warn({ topic: message.topic, error: messageOf(error) }, 'message is not taken and not acknowledged');
      return handlers.slice(index);
    }
  }
  return [];
}
