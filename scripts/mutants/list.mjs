import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { sentences } from './ignore-messages.mjs';

const silent = new Proxy({}, { get: (_, name) => (String(name).startsWith('is') ? () => false : () => undefined) });
const options = { plugins: null, excludedMutations: [], ignorers: [sentences], noHeader: true };

/** Files of the program under `folders`, sorted. */
export function sourcesUnder(folders) {
  const under = (folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file));
  const files = folders.flatMap((folder) => (/\.tsx?$/.test(folder) ? [folder] : under(folder)));
  return [...new Set(files)].filter((file) => /(?<!\.d)\.tsx?$/.test(file)).sort();
}

/** Offset of a place that is given by line and column, both from 0. */
function offsetOf(text, { line, column }) {
  let at = 0;
  for (let n = 0; n < line; n++) at = text.indexOf('\n', at) + 1;
  return at + column;
}

/** Changes that can bind weaker than what stood there: `!(a || b)` becomes `a || b`. */
const inParentheses = new Set(['LogicalOperator', 'EqualityOperator', 'ArithmeticOperator', 'BooleanLiteral']);

/**
 * Every change that Stryker's mutators would make to `file`, but those to sentences for people: each with its line and column
 * (from 1), the text before and after, and the file as it is with the change in it.
 */
export async function mutantsOf(file) {
  const text = readFileSync(file, 'utf8');
  const { mutants } = await new Instrumenter(silent).instrument([{ name: file, mutate: true, content: text }], options);
  return mutants
    .filter(({ status }) => status === undefined)
    .map(({ location, mutatorName, replacement }) => {
      const put = inParentheses.has(mutatorName) ? `(${replacement})` : replacement;
      const [from, to] = [offsetOf(text, location.start), offsetOf(text, location.end)];
      return {
        file,
        line: location.start.line + 1,
        column: location.start.column + 1,
        mutator: mutatorName,
        before: text.slice(from, to),
        after: replacement,
        text: text.slice(0, from) + put + text.slice(to),
      };
    });
}
