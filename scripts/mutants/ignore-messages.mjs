/** Which arguments of these calls are words for people: the sentence, and what was expected. Tests assert codes, not texts. */
const wordArguments = { tagError: [1, 3], failed: [1, 3], refuse: [2, 3] };

const messages = {
  shouldIgnore({ parent, node }) {
    if (parent?.type !== 'CallExpression' || parent.callee.type !== 'Identifier') return undefined;
    const places = wordArguments[parent.callee.name] ?? [];
    return places.some((place) => parent.arguments[place] === node) ? 'words for people' : undefined;
  },
};

/** The shape that Stryker's `declareValuePlugin` makes. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'messages', value: messages }];
