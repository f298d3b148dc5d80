import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonDepth, readYaml } from '../../../src/kit/index.ts';

const lines = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join('\n');

describe('a YAML text beyond what is read is one mistake with its line', () => {
  test.each([
    ['lists in brackets, open', `a: 1\nb: ${'['.repeat(500_000)}`, 2, 'nested more than 64 levels deep'],
    ['lists in brackets, closed', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 1, 'nested more than 64 levels deep'],
    ['maps in braces', '{a: '.repeat(100_000), 1, 'nested more than 64 levels deep'],
    ['dashes', '- '.repeat(100_000), 1, 'nested more than 64 levels deep'],
    ['question marks', '? '.repeat(20_000), 1, 'nested more than 64 levels deep'],
    ['maps by indentation', lines(1000, (n) => `${' '.repeat(n)}a:`), 64, 'nested more than 64 levels deep'],
    ['an alias bomb', bomb(), 7, 'more than 50 anchors or aliases'],
    ['aliases of one anchor', `a: &a x\nb: [${'*a,'.repeat(10_000)}]`, 2, 'more than 50 anchors or aliases'],
    ['anchors', lines(10_000, (n) => `k${n}: &a${n} 1`), 51, 'more than 50 anchors or aliases'],
    ['keys', lines(50_000, (n) => `k${n}: 1`), 1001, 'more than 1000 entries'],
    ['keys in braces', `{${lines(20_000, (n) => `k${n}: 1,`)}}`, 1000, 'more than 1000 entries'],
    ['comments', '#\n'.repeat(200_000), 50_001, 'more than 100000 words and signs'],
    ['line breaks', '\n'.repeat(1_000_000), 100_001, 'more than 100000 words and signs'],
    ['a text', `a: 1\nb: ${'x'.repeat(100_000)}`, 2, 'a text of more than 65536 characters'],
    ['blanks', ' '.repeat(100_000), 1, 'a text of more than 65536 characters'],
    ['digits', `a: ${'9'.repeat(10_000)}`, 1, 'a number of more than 400 digits'],
    ['hex digits', `a: 0x${'f'.repeat(10_000)}`, 1, 'a number of more than 400 digits'],
    ['NUL', 'a: 1\nb: \u0000', 2, 'a NUL character stands here'],
    ['size', 'a: 1\n'.repeat(300_000), 1, 'the file is larger than 1 MiB'],
  ])('%s', (_name, text, line, message) => {
    const read = readYaml(text);
    expect(read.errors).toHaveLength(1);
    expect(read.errors[0]).toMatchObject({ line, message: expect.stringContaining(message) });
    expect(read.value).toBeNull();
    expect(read.lineOf('/a/b')).toBe(line);
  });

  test('tags of other programs, two documents and an alias inside its own value are mistakes too', () => {
    for (const text of ['a: !!js/function "x"', 'a: !mine x', 'a: 1\n---\nb: 1', 'a: &a [*a]', 'a: *b']) {
      const read = readYaml(text);
      expect(read.errors.length).toBeGreaterThan(0);
      expect(read.errors[0]?.line).toBeGreaterThan(0);
      expect(read.value).toBeNull();
    }
  });
});

test('what a configuration has is read: 500 readers, 60 levels, a mark of byte order, merge keys as plain keys, a few anchors', () => {
  const readers = lines(
    500,
    (n) => `  - { id: r${n}, antennas: { 1: a, 2: b }, link: { tcp: { host: h${n}, port: 1 } } }`,
  );
  expect(readYaml(`readers:\n${readers}`).value).toMatchObject({ readers: expect.arrayContaining([]) });
  expect((readYaml(`readers:\n${readers}`).value as { readers: unknown[] }).readers).toHaveLength(500);
  expect(readYaml(`${'['.repeat(60)}${']'.repeat(60)}`).errors).toEqual([]);
  expect(readYaml('\ufeffa: 1').value).toEqual({ a: 1 });
  expect(readYaml('a: &a { x: 1 }\nb: { <<: *a }\nc: *a').value).toEqual({
    a: { x: 1 },
    b: { '<<': { x: 1 } },
    c: { x: 1 },
  });
  expect(Object.keys(readYaml('__proto__: { a: 1 }').value as object)).toEqual(['__proto__']);
});

test('no text of YAML’s own signs is more than a mistake', () => {
  const sign = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!t ',
    '|\n',
    '>\n',
    '"',
    "'",
    '#',
    '\n',
    ' ',
    '%',
    ',',
    '---\n',
    '\t',
    'x',
    '9',
    '\u0000',
    '\ufeff',
    '\u2028',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(sign, fc.integer({ min: 1, max: 300 })), { maxLength: 12 }), (parts) => {
      const read = readYaml(parts.map(([text, times]) => text.repeat(times)).join(''));
      for (const { line, message } of read.errors) expect([line > 0, message.length > 0]).toEqual([true, true]);
      if (read.errors.length > 0) expect(read.value).toBeNull();
    }),
  );
});

test('the depth of a JSON text is that of its brackets outside strings, in one pass', () => {
  expect(jsonDepth('{"a": [1, {"b": "[[[["}], "c": "\\"[[["}')).toBe(3);
  expect(jsonDepth('['.repeat(100_000))).toBe(100_000);
  expect(jsonDepth(`"${'\\"'.repeat(200_000)}`)).toBe(0);
});

function bomb(): string {
  const names = 'abcdefghij'.split('');
  return lines(10, (n) =>
    n === 0
      ? 'a: &a [x,x,x,x,x,x,x,x,x]'
      : `${names[n]}: &${names[n]} [${Array(9)
          .fill(`*${names[n - 1]}`)
          .join()}]`,
  );
}
