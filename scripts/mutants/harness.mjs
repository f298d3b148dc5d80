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

/** What test files import of Vitest, and the tests that they declare: `{ id, name, fileName, body }` in their order. */
export function collector() {
  const tests = [];
  const names = new Map();
  let path = [];
  const it = (title, body) => {
    const fileName = globalThis.testFile;
    const plain = `${fileName}#${[...path, title].join(' ')}`;
    const before = names.get(plain) ?? 0;
    names.set(plain, before + 1);
    const id = before === 0 ? plain : `${plain} (${before + 1})`;
    tests.push({ id, name: [...path, title].join(' '), fileName, body });
  };
  const describe = (title, body) => {
    const outer = path;
    path = [...path, title];
    body();
    path = outer;
  };
  it.each = each(it);
  describe.each = each(describe);
  return { tests, vitest: { describe, it, expect: fastExpect } };
}
