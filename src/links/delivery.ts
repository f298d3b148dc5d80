import { createDebt } from './delivery-debt.ts';
import { createDeliveryLine } from './delivery-line.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MqttCounts } from './mqtt-connection.ts';
import { createRoutes, type Routes } from './routes.ts';

/** The way of messages from a broker to the handlers of their topics, and back as permission to acknowledge them. */
export type Delivery = Pick<Routes, 'add' | 'filters'> & {
  /**
   * Calls the topic's handlers at once, and `done` when all have taken the message; several may be on their way. After a
   * rejection nothing new is handed out until those on their way have ended; then the refused ones are offered again, in
   * their order and one at a time, after a pause, for as long as it takes and a handler is there (one that has taken a
   * message does not get it again; one that was added meanwhile does). `done` may then never be called. What is a bug each
   * time, no GatewayError, is given up after some attempts and counted: one message must not stop a reader. The result
   * takes the message back.
   */
  deliver(message: LinkMessage, done: () => void): () => void;
  /** Whether any handler wants it. */
  wants(topic: string): boolean;
  /** Takes back all that was not acknowledged. */
  end(): void;
  counts(): MqttCounts;
};

const nothingToTakeBack = () => undefined;

export function createDelivery(deps: LinkDeps): Delivery {
  const { add, filters, handlersOf } = createRoutes();
  const counts = { messages: 0, unrouted: 0, unroutedTopic: null as string | null, held: 0, givenUp: 0 };
  const line = createDeliveryLine(counts, deps);
  const deliver: Delivery['deliver'] = (message, done) => {
    counts.messages += 1;
    if (handlersOf(message.topic).length > 0) {
      return line.add(message, createDebt(message, handlersOf), done);
    }
    counts.unrouted += 1;
    counts.unroutedTopic = message.topic.slice(0, 200);
    done();
    return nothingToTakeBack;
  };
  const wants = (topic: string) => handlersOf(topic).length > 0;
  return { add, filters, deliver, wants, end: line.end, counts: () => ({ ...counts }) };
}
