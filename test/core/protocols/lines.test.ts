import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProfiles, openDecoder } from '../../../src/profiles/index.ts';
import { checkProfile } from '../../../src/profiles/load.ts';
import { compileExpression } from '../../../src/protocols/lines/expression.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const told = (id: string, ...chunks: string[]) => {
  const decoder = openDecoder(profiles.get(id));
  return [...chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk, 'latin1'))), ...decoder.end()];
};

describe('an expression of a profile', () => {
  test.each([
    ['not anchored', '(?<uid>[0-9]+)'],
    ['a reference', '^(?<uid>a)\\1$'],
    ['a named reference', '^(?<uid>a)\\k<uid>$'],
    ['looking ahead', '^(?=a)(?<uid>a)$'],
    ['looking behind', '^(?<!b)(?<uid>a)$'],
    ['more than two thousand steps for each character', '^a{1,1000}a{1,1000}(?<uid>b)$'],
    ['nested counts that unfold', '^(?<uid>(?:(?:a{1,9}b){1,9}){1,9})$'],
    ['no expression at all', '^(?<uid>[$'],
  ])('is refused: %s', (_name, expression) => {
    expect(compileExpression(expression)).toBeNull();
  });

  test('of every shipped profile is quick on lines made to hold it up', () => {
    const lines = ['0', 'A', ' ', ',', 'Tag:', 'E28011700000020A7B2C4D5E,', '\u0080'].map((text) => text.repeat(512));
    for (const profile of profiles.all()) {
      if (profile.kind !== 'lines') continue;
      const all = [...profile.patterns, ...profile.others].map(({ expression }) => compileExpression(expression));
      for (const line of lines) {
        for (const expression of all) expect(expression?.exec(`${line.slice(0, profile.maximum - 1)}!`)).toBeNull();
      }
    }
  });

  // Each of them takes a backtracking engine longer than the age of the stars for the line beside it.
  test.each([
    ['alternatives in sequence', `^(?<uid>${'(?:a|b|ab)'.repeat(40)})$`, `${'ab'.repeat(39)}!!`],
    ['repeated groups', '^(?<uid>(?:(?:a+)+)+)$', `${'a'.repeat(79)}!`],
    ['a repeated alternative', '^(?<uid>(?:a|a|aa)*)$', `${'a'.repeat(79)}!`],
    ['optional groups in sequence', `^(?<uid>${'(?:a)?'.repeat(30)}${'a'.repeat(30)})$`, 'a'.repeat(29)],
    ['a group repeated by count', '^(?<uid>(?:a|aa){30,60})$', `${'a'.repeat(79)}!`],
    ['classes side by side', `^(?<uid>${'[a-z]*[a-y]*'.repeat(20)})$`, `${'a'.repeat(79)}!`],
  ])('needs no longer for a line made to hold it up: %s', (_name, expression, line) => {
    const compiled = compileExpression(expression);
    expect(compiled).not.toBeNull();
    expect(compiled?.exec(line)).toBeNull();
    expect(compiled?.exec(line.repeat(12))).toBeNull();
  });

  test('gives what RegExp gives, group by group', () => {
    const expressions = profiles
      .all()
      .flatMap((profile) => (profile.kind === 'lines' ? [...profile.patterns, ...profile.others] : []))
      .map(({ expression }) => ({ ours: compileExpression(expression), theirs: new RegExp(expression, 'i') }));
    const part = fc.constantFrom(
      'E280',
      '1170',
      ' ',
      ',',
      ', ',
      'Tag:',
      'epc:',
      'Disc:2024/01/01 10:00:00',
      '#',
      '0',
      '3',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
          fc.string(),
        ),
        (line) => {
          for (const { ours, theirs } of expressions) {
            const groups = theirs.exec(line)?.groups;
            const expected = theirs.test(line) ? { groups: { ...groups } } : null;
            expect(ours?.exec(line)).toEqual(expected);
          }
        },
      ),
    );
  });

  test('that would run away makes the check of a user’s profile name its key', () => {
    const mine = { ...profiles.get('generic/line'), patterns: [{ expression: '^(?<uid>([0-9]+)\\2)$' }] };
    expect(() => checkProfile(mine, 'mine.json')).toThrow('/patterns/0/expression');
  });
});

describe('lines', () => {
  test('come out the same however the bytes are cut', () => {
    const piece = fc.constantFrom(
      'E28011700000020A7B2C4D5E\r\n',
      'A4B3C2D1\r',
      '\u0002',
      '\u0003',
      '???',
      '\r\n',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 12 }), (pieces, cuts) => {
        const text = pieces.join('');
        const at = [...new Set(cuts.filter((place) => place < text.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length));
        expect(told('generic/line', ...chunks)).toEqual(told('generic/line', text));
      }),
    );
  });

  test('that never end are told once and held no longer than a line', () => {
    const out = told('generic/line', 'A'.repeat(1_000_000), '\r\nE28011700000020A7B2C4D5E\r\n');
    expect(out.map(({ kind, reason }) => reason ?? kind)).toEqual(['LONG_LINE', 'read']);
  });

  test('that are no id are counted as unknown', () => {
    expect(told('generic/line', 'hello world\r\n')).toMatchObject([{ kind: 'bad', reason: 'UNKNOWN_LINE' }]);
  });

  test('of printed decimal numbers and of reversed bytes become the UID they stand for', () => {
    const base = profiles.get('generic/line');
    if (base.kind !== 'lines') throw new Error('needs lines');
    const one = (pattern: object, text: string) => {
      const mine = { ...base, patterns: [{ expression: '^(?<uid>[0-9A-F]{4,40})$', ...pattern }] };
      return openDecoder(checkProfile(mine, 'mine.json')).push(Buffer.from(`${text}\r`))[0]?.['uid'];
    };
    expect(one({ decimal: true }, '0006572982')).toBe('00644BB6');
    expect(one({ reverse: true }, 'B64B6400')).toBe('00644BB6');
  });
});

describe('a TSL group', () => {
  const group = 'CS: .iv\r\nEP: E28011700000020A7B2C4D5E\r\nRI: -48\r\nPC: 3000\r\nCR: 692C\r\nOK:\r\n\r\n';

  test('counts only from CS to OK', () => {
    const half = group.slice(group.indexOf('EP:'));
    expect(told('tsl/ascii2', half).filter(({ kind }) => kind === 'read')).toEqual([]);
    expect(told('tsl/ascii2', group.slice(0, -8), group)).toMatchObject([
      { kind: 'bad', reason: 'PARTIAL_GROUP' },
      { kind: 'read', epc: 'E28011700000020A7B2C4D5E', rssi: -48, pc: '3000' },
      { kind: 'answer', ok: true },
    ]);
  });

  test('with a tag whose own CRC is wrong gives its other tags', () => {
    expect(told('tsl/ascii2', group.replace('692C', '692D'))).toMatchObject([
      { kind: 'bad', reason: 'BAD_TAG_CRC' },
      { kind: 'answer', ok: true },
    ]);
  });

  test('that never ends is given up, so that it cannot grow', () => {
    const out = told('tsl/ascii2', 'CS: .iv\r\n', 'EP: E28011700000020A7B2C4D5E\r\n'.repeat(20_100));
    expect(out.some(({ kind }) => kind === 'read')).toBe(false);
    expect(out[0]).toMatchObject({ kind: 'bad', reason: 'PARTIAL_GROUP' });
  });
});
