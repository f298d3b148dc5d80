import { type Backoff, backoffMs, crash, GatewayError, messageOf, type Timer } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MessageHandler, MqttCounts } from './mqtt-connection.ts';
import { createRoutes, type Routes } from './routes.ts';

/** The way of a message from a broker to the handlers of its topic, and back as permission to acknowledge it. */
export type Delivery = Pick<Routes, 'add' | 'filters'> & {
  /**
   * Calls the topic's handlers at once, and `done` when all have taken the message. A handler that rejects is called again
   * after a pause, for as long as it takes and the handler is there (one that has taken the message is not; one that was
   * added meanwhile is); `done` may then never be called. What is a bug each time, no GatewayError, is given up after some
   * attempts and counted: one message must not stop all readers. The result takes the message back.
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

  const giveUp = (message: LinkMessage, debt: Debt): void => {
    counts.givenUp += 1;
    debt.giveUpFirst();
    const payload = Buffer.from(message.payload).subarray(0, 200).toString('hex');
    log.error({ topic: message.topic, payload }, 'a bug: this message is given up');
  };
  const offer = (message: LinkMessage, done: () => void): (() => void) => {
    const debt = createDebt(message, handlersOf);
    const life = { attempt: 0, isTakenBack: false, timer: null as Timer | null };
    const attempt = async (): Promise<void> => {
      const { isBug } = await debt.pay(log);
      if (life.isTakenBack) return;
      if (isBug && life.attempt >= bugAttempts) giveUp(message, debt);
      if (debt.left() > 0) wait();
      else finish();
    };
    const finish = (): void => {
      if (life.attempt > 0) log.info({ topic: message.topic, attempt: life.attempt }, 'held message is taken');
      done();
    };
    const wait = (): void => {
      life.attempt += 1;
      counts.held += 1;
      life.timer = clock.after(backoffMs(retryWaits, life.attempt, random), () => void attempt().catch(crash));
    };
    void attempt().catch(crash);
    return () => {
      life.isTakenBack = true;
      life.timer?.cancel();
    };
  };
  const deliver: Delivery['deliver'] = (message, done) => {
    counts.messages += 1;
    if (handlersOf(message.topic).length > 0) return offer(message, done);
    counts.unrouted += 1;
    counts.unroutedTopic = message.topic.slice(0, 200);
    done();
    return nothingToTakeBack;
  };
  return { add, filters, deliver, counts: () => ({ ...counts }) };
}

type Debt = ReturnType<typeof createDebt>;

/**
 * Which handlers still have to take a message. It is looked up each time: a reader may have been changed or removed
 * meanwhile. Who has taken it does not get it again.
 */
function createDebt(message: LinkMessage, handlersOf: Routes['handlersOf']) {
  const settled = new Set<MessageHandler>();
  const due = () => handlersOf(message.topic).filter((handler) => !settled.has(handler));
  return {
    left: () => due().length,
    /** Calls all that are due side by side: one that waits or fails keeps no other from its message. */
    pay: async (log: LinkDeps['log']): Promise<{ readonly isBug: boolean }> => {
      let isBug = false;
      const hand = async (handler: MessageHandler): Promise<void> => {
        try {
          await handler(message);
          settled.add(handler);
        } catch (error) {
          isBug ||= !(error instanceof GatewayError);
          log.warn({ topic: message.topic, error: messageOf(error) }, 'message is not taken and not acknowledged');
        }
      };
      await Promise.all(due().map(hand));
      return { isBug };
    },
    giveUpFirst: () => {
      const [first] = due();
      if (first !== undefined) settled.add(first);
    },
  };
}
