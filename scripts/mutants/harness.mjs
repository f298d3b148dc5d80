import { format } from 'node:util';
import { fastExpect } from './fast-expect.mjs';

/** The title of one case: `$name` is a member of its first value, `%s` and the like take the values in turn. */
function titleOf(title, values) {
  const first = values[0];
  const named = title.replace(/\$(\w+)/g, (all, name) =>
    Object(first) === first && name in first ? first[name] : all,
  );
  const places = named.match(/%[sdifjoO]/g)?.length ?? 0;
  return format(named, ...values.slice(0, places));
}

/** Calls `declare(title, body)` once for each case, as Vitest's `each` does. */
function each(declare) {
  return (cases) => (title, body) => {
    for (const one of cases) {
      const values = Array.isArray(one) ? one : [one];
      declare(titleOf(title, values), () => body(...values));
    }
  };
}

/**
 * What test files import of Vitest, and `testsOf(file, load)`: the tests that a file declares while `load` evaluates it, in their order, as
 * `{ id, name, fileName, body }`; it is evaluated once.
 */
export function collector() {
  const declared = new Map();
  let fileName = '';
  let path = [];
  const it = (title, body) => {
    const tests = declared.get(fileName);
    const name = [...path, title].join(' ');
    const alike = tests.filter((test) => test.name === name).length;
    tests.push({ id: `${fileName}#${name}${alike === 0 ? '' : ` (${alike + 1})`}`, name, fileName, body });
  };
  const describe = (title, body) => {
    const outer = path;
    path = [...path, title];
    body();
    path = outer;
  };
  it.each = each(it);
  describe.each = each(describe);
  const testsOf = (file, load) => {
    const before = declared.get(file);
    if (before !== undefined) return before;
    fileName = file;
    declared.set(file, []);
    load();
    return declared.get(file);
  };
  return { testsOf, vitest: { describe, it, expect: fastExpect } };
}
