/** Which arguments of these calls are words for people: the sentence, and what was expected. Tests assert codes, not texts. */
const wordArguments = { tagError: [1, 3], failed: [1, 3], refuse: [2, 3] };
/** Of these too: the sentence of an error, of a log entry, of a command's help. */
const moreWordArguments = { GatewayError: [1], Error: [0], option: [1], requiredOption: [1], description: [0] };
const logMethods = new Set(['trace', 'debug', 'info', 'warn', 'error']);

function nameOf(callee) {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : '';
}

/** Whether the node stands at one of `places` among the arguments of the call around it. */
const isAt = (places, node, call) => places?.some((place) => call.arguments[place] === node) ?? false;
/** The row of a table that has this very name: code also calls `toString`, which every object has. */
const rowOf = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
const isCall = (node) => node?.type === 'CallExpression' || node?.type === 'NewExpression';

const messages = {
  shouldIgnore({ parent, node }) {
    if (parent?.type !== 'CallExpression' || parent.callee.type !== 'Identifier') return undefined;
    return isAt(rowOf(wordArguments, parent.callee.name), node, parent) ? 'words for people' : undefined;
  },
};

/** For rooms beyond the codec: sentences of errors, of the log and of commands, and descriptions in schemas. */
export const sentences = {
  shouldIgnore({ parent, node }) {
    if (parent?.type === 'ObjectProperty' && parent.value === node && parent.key.name === 'description')
      return 'words for people';
    if (!isCall(parent)) return undefined;
    const name = nameOf(parent.callee);
    if (parent.callee.type === 'MemberExpression' && logMethods.has(name)) return 'words for people';
    return isAt(rowOf(wordArguments, name) ?? rowOf(moreWordArguments, name), node, parent)
      ? 'words for people'
      : undefined;
  },
};

/** The shape that Stryker's `declareValuePlugin` makes. */
export const strykerPlugins = [
  { kind: 'Ignore', name: 'messages', value: messages },
  { kind: 'Ignore', name: 'sentences', value: sentences },
];
