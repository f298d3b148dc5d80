import { GatewayError, messageOf } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MessageHandler } from './mqtt-connection.ts';
import type { Routes } from './routes.ts';

export type Debt = ReturnType<typeof createDebt>;

/**
 * Which handlers still have to take a message. It is looked up each time: a reader may have been changed or removed
 * meanwhile. Who has taken it does not get it again.
 */
export function createDebt(message: LinkMessage, handlersOf: Routes['handlersOf']) {
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
