import { GatewayError } from '../kit/index.ts';
import type { MessageHandler } from './mqtt-connection.ts';
import { filterFits, parseFilter } from './topic-filter.ts';

type Route = { readonly levels: readonly string[]; readonly handler: MessageHandler };

/** Which handlers want a topic. */
export type Routes = {
  /** Throws CONFIG_INVALID for a malformed filter. Several handlers may share a filter. The answer takes this one away again. */
  add(filter: string, handler: MessageHandler): () => void;
  filters(): readonly string[];
  /** The handlers of every filter that the topic fits, in the order of their filters' first use. */
  handlersOf(topic: string): readonly MessageHandler[];
};

const cachedTopics = 4096;

export function createRoutes(): Routes {
  const routes = new Map<string, Route[]>();
  const byTopic = new Map<string, readonly MessageHandler[]>();
  return {
    add: (filter, handler) => {
      const levels = parseFilter(filter);
      if (levels === null) throw new GatewayError('CONFIG_INVALID', `“${filter}” is not a topic filter.`, { filter });
      const route = { levels, handler };
      routes.set(filter, [...(routes.get(filter) ?? []), route]);
      byTopic.clear();
      return () => {
        const left = (routes.get(filter) ?? []).filter((other) => other !== route);
        if (left.length > 0) routes.set(filter, left);
        else routes.delete(filter);
        byTopic.clear();
      };
    },
    filters: () => [...routes.keys()],
    handlersOf: (topic) => {
      const known = byTopic.get(topic);
      if (known !== undefined) return known;
      const found = [...routes.values()].flat().filter((route) => filterFits(route.levels, topic));
      const handlers = found.map((route) => route.handler);
      if (byTopic.size >= cachedTopics) byTopic.clear();
      byTopic.set(topic, handlers);
      return handlers;
    },
  };
}
