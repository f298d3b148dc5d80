/** Which argument of these calls is a sentence for people. Tests assert codes, never texts. */
const messageArgument = { tagError: 1, failed: 1, refuse: 2 };

const messages = {
  shouldIgnore({ parent, node }) {
    if (parent?.type !== 'CallExpression' || parent.callee.type !== 'Identifier') return undefined;
    const place = messageArgument[parent.callee.name];
    if (place === undefined || parent.arguments[place] !== node) return undefined;
    return 'a message for people';
  },
};

/** The shape that Stryker's `declareValuePlugin` makes. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'messages', value: messages }];
