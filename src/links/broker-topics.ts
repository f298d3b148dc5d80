type Node<Holder, Value> = {
  readonly children: Map<string, Node<Holder, Value>>;
  readonly holders: Map<Holder, Value>;
};

/** One filter that fits: who holds it, what was kept with it, and the filter itself. */
export type Fitting<Holder, Value> = { readonly holder: Holder; readonly value: Value; readonly filter: string };

/** Filters of many, by level: finding the ones that fit a topic does not look at the others (MQTT 3.1.1, 4.7). */
export function createTopicTree<Holder, Value>() {
  type Here = Node<Holder, Value>;
  const root: Here = newNode();
  const collect = (node: Here, walked: readonly string[], found: Fitting<Holder, Value>[]) => {
    for (const [holder, value] of node.holders) found.push({ holder, value, filter: walked.join('/') });
  };
  const visit = (node: Here, parts: readonly string[], walked: readonly string[], found: Fitting<Holder, Value>[]) => {
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
    add: (filter: string, holder: Holder, value: Value): void => {
      let node = root;
      for (const level of filter.split('/')) {
        const child = node.children.get(level) ?? newNode();
        node.children.set(level, child);
        node = child;
      }
      node.holders.set(holder, value);
    },
    remove: (filter: string, holder: Holder): void => {
      prune(root, filter.split('/'), holder);
    },
    /** Filters that fit a topic, with who holds them. */
    match: (topic: string): Fitting<Holder, Value>[] => {
      const found: Fitting<Holder, Value>[] = [];
      visit(root, topic.split('/'), [], found);
      // A leading wildcard never takes a topic that begins with $ (4.7.2).
      return topic.startsWith('$') ? found.filter(({ filter }) => !/^[+#]/.test(filter)) : found;
    },
  };
}

function newNode<Holder, Value>(): Node<Holder, Value> {
  return { children: new Map(), holders: new Map() };
}

/** Takes a holder away and every level that holds nothing any more; true where `node` is such a one. */
function prune<Holder, Value>(node: Node<Holder, Value>, levels: readonly string[], holder: Holder): boolean {
  const [level, ...others] = levels;
  if (level === undefined) node.holders.delete(holder);
  else {
    const child = node.children.get(level);
    if (child !== undefined && prune(child, others, holder)) node.children.delete(level);
  }
  return node.children.size === 0 && node.holders.size === 0;
}
