type Node = { readonly children: Map<string, Node>; readonly holders: Map<string, number> };

export type Match = { readonly clientId: string; readonly topic: string; readonly qos: number };

/** Filters of many clients, by level: finding the ones that fit a topic does not look at the others (MQTT 3.1.1, 4.7). */
export function createTopicTree() {
  const root = newNode();
  const collect = (node: Node, walked: readonly string[], found: Match[]) => {
    for (const [clientId, qos] of node.holders) found.push({ clientId, topic: walked.join('/'), qos });
  };
  const visit = (node: Node, parts: readonly string[], walked: readonly string[], found: Match[]): void => {
    const rest = node.children.get('#');
    if (rest !== undefined) collect(rest, [...walked, '#'], found);
    const [next, ...others] = parts;
    if (next === undefined) collect(node, walked, found);
    for (const level of next === undefined ? [] : [next, '+']) {
      const child = node.children.get(level);
      if (child !== undefined) visit(child, others, [...walked, level], found);
    }
  };
  return {
    add: (filter: string, clientId: string, qos: number): void => {
      let node = root;
      for (const level of filter.split('/')) {
        const child = node.children.get(level) ?? newNode();
        node.children.set(level, child);
        node = child;
      }
      node.holders.set(clientId, qos);
    },
    remove: (filter: string, clientId: string): void => {
      prune(root, filter.split('/'), clientId);
    },
    /** Filters that fit a topic, with who holds them. Topics that begin with $ are nobody's here. */
    match: (topic: string): Match[] => {
      const found: Match[] = [];
      if (!topic.startsWith('$')) visit(root, topic.split('/'), [], found);
      return found;
    },
  };
}

function newNode(): Node {
  return { children: new Map(), holders: new Map() };
}

/** Takes a holder away and every level that holds nothing any more; true where `node` is such a one. */
function prune(node: Node, levels: readonly string[], clientId: string): boolean {
  const [level, ...others] = levels;
  if (level === undefined) node.holders.delete(clientId);
  else {
    const child = node.children.get(level);
    if (child !== undefined && prune(child, others, clientId)) node.children.delete(level);
  }
  return node.children.size === 0 && node.holders.size === 0;
}
