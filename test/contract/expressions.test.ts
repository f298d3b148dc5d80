import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

/** A regular expression as it stands in a source: behind an operator or bracket, with what an expression is followed by. */
const literal =
  /(?<=[(=,:?&|!;{}[\s]|return )\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[.,;)\s\]:?])/g;

function literalsOf(file: string): { file: string; expression: RegExp }[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const code = lines.filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line)).join('\n');
  return [...code.matchAll(literal)].flatMap(([, source = '', flags = '']) => {
    try {
      return [{ file, expression: new RegExp(source, flags.replaceAll(/[gy]/g, '')) }];
    } catch {
      return [];
    }
  });
}

const literals = sources.flatMap(literalsOf);
const pumps = `a A 0 - . / : a. a, 0. " \\ <a> < aA0 [ { = %41 + * , x/ # _ ; ( E e- Tag: 01 \u200b`
  .split(' ')
  .filter((pump) => pump !== '');
const hostile = [...pumps, ' ', '\t', '\n', '\r\n', ' ,', 'a b '].flatMap((pump) =>
  ['', '!', '\u0000'].map((tail) => pump.repeat(Math.ceil(50_000 / pump.length)) + tail),
);
/** CPU time in ms. What looks again from each place needs seconds for 50 kB; what looks once, less than one of these. */
const MOST_CPU = 500;

test('no regular expression of the sources looks again from each place of a text of 50 kB', () => {
  expect(literals.length).toBeGreaterThan(200);
  const slow = literals.filter(({ expression }) =>
    hostile.some((text) => {
      const begun = process.cpuUsage().user;
      expression.test(text);
      return process.cpuUsage().user - begun > MOST_CPU * 1000;
    }),
  );
  expect(slow.map(({ file, expression }) => `${file}: ${expression}`)).toEqual([]);
});
