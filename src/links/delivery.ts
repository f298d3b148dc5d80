import { type Backoff, backoffMs, GatewayError, messageOf, type Timer } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MessageHandler, MqttCounts } from './mqtt-connection.ts';
import { createRoutes, type Routes } from './routes.ts';

/** The way of a message from a broker to the handlers of its topic, and back as permission to acknowledge it. */
export type Delivery = Pick<Routes, 'add' | 'filters'> & {
  /**
   * Calls the topic's handlers, then `done`. A handler that throws is called again after a pause, for as long as it takes
   * (one that has taken the message is not); `done` may then never be called. What throws a bug each time, no GatewayError, is
   * given up after some attempts and counted: one message must not stop all readers. The result takes the message back.
   */
  deliver(message: LinkMessage, done: () => void): () => void;
  counts(): MqttCounts;
};

const retryWaits: Backoff = { firstMs: 100, maxMs: 5000, factor: 2 };
/** A bug that shows so often with one message will show always. */
const bugAttempts = 6;
const nothingToTakeBack = () => undefined;

export function createDelivery(deps: LinkDeps): Delivery {
  const { clock, log, random } = deps;
  const { add, filters, handlersOf } = createRoutes();
  const counts = { messages: 0, unrouted: 0, unroutedTopic: null as string | null, held: 0, givenUp: 0 };

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
      const rest = handOver(message, left, log);
      left = rest.left;
      if (rest.isBug && attempt >= bugAttempts) {
        counts.givenUp += 1;
        left = left.slice(1);
        const payload = Buffer.from(message.payload).subarray(0, 200).toString('hex');
        log.error({ topic: message.topic, payload }, 'a bug: this message is given up');
      }
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
    const { left } = handOver(message, handlers, log);
    if (left.length > 0) return hold(message, left, done);
    done();
    return nothingToTakeBack;
  };
  return { add, filters, deliver, counts: () => ({ ...counts }) };
}

type Rest = { readonly left: readonly MessageHandler[]; readonly isBug: boolean };

/** The handlers that have not taken the message: none, or from the first that threw. */
function handOver(message: LinkMessage, handlers: readonly MessageHandler[], log: LinkDeps['log']): Rest {
  for (const [index, handler] of handlers.entries()) {
    try {
      handler(message);
    } catch (error) {
      log.warn({ topic: message.topic, error: messageOf(error) }, 'message is not taken and not acknowledged');
      return { left: handlers.slice(index), isBug: !(error instanceof GatewayError) };
    }
  }
  return { left: [], isBug: false };
}
