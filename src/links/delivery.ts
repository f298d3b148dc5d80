import { type Backoff, backoffMs, GatewayError, messageOf, type Timer } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MessageHandler, MqttCounts } from './mqtt-connection.ts';
import { createRoutes, type Routes } from './routes.ts';

/** The way of a message from a broker to the handlers of its topic, and back as permission to acknowledge it. */
export type Delivery = Pick<Routes, 'add' | 'filters'> & {
  /**
   * Calls the topic's handlers, then `done`. A handler that throws is called again after a pause, for as long as it takes
   * and the handler is there (one that has taken the message is not; one that was added meanwhile is); `done` may then never
   * be called. What throws a bug each time, no GatewayError, is
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
    const debt = createDebt(message, rest, handlersOf);
    const wait = () => {
      attempt += 1;
      counts.held += 1;
      timer = clock.after(backoffMs(retryWaits, attempt, random), again);
    };
    const again = () => {
      const { isBug } = debt.pay(log);
      if (isBug && attempt >= bugAttempts) {
        counts.givenUp += 1;
        debt.giveUpFirst();
        const payload = Buffer.from(message.payload).subarray(0, 200).toString('hex');
        log.error({ topic: message.topic, payload }, 'a bug: this message is given up');
      }
      if (debt.left() > 0) return wait();
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

/**
 * Which handlers still have to take a message that was held back. It is looked up each time: a reader may have been changed
 * or removed meanwhile. Who has taken it does not get it again.
 */
function createDebt(message: LinkMessage, rest: readonly MessageHandler[], handlersOf: Routes['handlersOf']) {
  const settled = new Set(handlersOf(message.topic).filter((handler) => !rest.includes(handler)));
  const due = () => handlersOf(message.topic).filter((handler) => !settled.has(handler));
  return {
    left: () => due().length,
    pay: (log: LinkDeps['log']): Rest => {
      const asked = due();
      const rest = handOver(message, asked, log);
      for (const handler of asked) if (!rest.left.includes(handler)) settled.add(handler);
      return rest;
    },
    giveUpFirst: () => {
      const [first] = due();
      if (first !== undefined) settled.add(first);
    },
  };
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
