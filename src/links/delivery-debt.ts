import { GatewayError, messageOf } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import type { MessageHandler } from './mqtt-connection.ts';
import type { Routes } from './routes.ts';

export type Debt = ReturnType<typeof createDebt>;

/**
 * Which handlers still have to take a message. It is looked up each time: a reader may have been changed or removed
 * meanwhile. Who has taken it does not get it again. Who had no room for all of it (PRESENCE_FULL) gets it as a redelivery: the
 * rest had its effect.
 */
export function createDebt(message: LinkMessage, handlersOf: Routes['handlersOf']) {
  const settled = new Set<MessageHandler>();
  /** Who has taken a part of it. */
  const begun = new Set<MessageHandler>();
  const due = () => {
    const handlers = handlersOf(message.topic);
    return settled.size === 0 ? handlers : handlers.filter((handler) => !settled.has(handler));
  };
  return {
    left: () => due().length,
    /** Calls all that are due side by side: one that waits or fails keeps no other from its message. */
    pay: async (log: LinkDeps['log']): Promise<{ readonly isBug: boolean }> => {
      let isBug = false;
      const hand = async (handler: MessageHandler): Promise<void> => {
        try {
          await handler(begun.has(handler) ? { ...message, redelivered: true } : message);
          settled.add(handler);
        } catch (error) {
          isBug ||= !(error instanceof GatewayError);
          if (error instanceof GatewayError && error.code === 'PRESENCE_FULL') begun.add(handler);
          log.warn({ topic: message.topic, error: messageOf(error) }, 'message is not taken and not acknowledged');
        }
      };
      const handlers = due();
      const [first] = handlers;
      if (handlers.length === 1 && first !== undefined) await hand(first);
      else await Promise.all(handlers.map(hand));
      return { isBug };
    },
    giveUpFirst: () => {
      const [first] = due();
      if (first !== undefined) settled.add(first);
    },
  };
}
