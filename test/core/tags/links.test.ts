import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtinOf, parseTag } from '../../../src/tags/index.ts';

const host = 'https://example.com';
const gtin = '/01/09506000134352';

function outcome(path: string): unknown {
  const result = parseTag(host + path, { aliases: true });
  return result.ok ? result.epc.id.replace('https://id.gs1.org', '') : result.error.code;
}

/** Each key with a value, and the qualifiers that GS1 gives it, in their order. */
const keys: [ai: string, value: string, qualifiers: [ai: string, value: string][]][] = [
  ['00', '095060001343520116', []],
  [
    '01',
    '09506000134352',
    [
      ['22', 'V'],
      ['10', 'L'],
      ['21', '7'],
    ],
  ],
  ['01', '09506000134352', [['235', 'T']]],
  ['253', '9506000134352A', []],
  ['255', '95060001343521', []],
  ['401', '9506000A', []],
  ['402', '95060001234567893', []],
  [
    '414',
    '9506000134352',
    [
      ['254', 'X'],
      ['7040', '1A2B'],
    ],
  ],
  ['417', '9506000134352', [['7040', '1A2B']]],
  ['8003', '09506000134352A', []],
  ['8004', '9506000A', [['7040', '1A2B']]],
  [
    '8006',
    '095060001343520102',
    [
      ['22', 'V'],
      ['10', 'L'],
      ['21', '7'],
    ],
  ],
  ['8010', '9506000A', [['8011', '1']]],
  ['8017', '950600013435200008', [['8019', '5']]],
  ['8018', '950600013435200008', [['8019', '5']]],
];
const others: [string, string][] = [
  ['22', 'V'],
  ['10', 'L'],
  ['21', '7'],
  ['235', 'T'],
  ['254', 'X'],
  ['7040', '1A2B'],
  ['8011', '1'],
  ['8019', '5'],
  ['99', 'ABC'],
  ['17', '301231'],
  ['8020', 'R'],
  ['foo', 'bar'],
];

describe('the path of a Digital Link', () => {
  it.each(keys)('behind key %s %s has its qualifiers in their order, all or some of them', (ai, value, qualifiers) => {
    fc.assert(
      fc.property(fc.subarray(qualifiers), (some) => {
        const path = [[ai, value], ...some].map(([word, text]) => `/${word}/${text}`).join('');
        expect([path, ['SYNTAX', 'UNKNOWN_AI'].includes(String(outcome(path)))]).toEqual([path, false]);
        if (some.length < 2) return;
        const turned = [[ai, value], ...some.toReversed()].map(([word, text]) => `/${word}/${text}`).join('');
        expect([turned, ['SYNTAX', 'CLASS_LEVEL'].includes(String(outcome(turned)))]).toEqual([turned, true]);
      }),
    );
  });

  it.each(keys)('behind key %s %s has no other AI', (ai, value, qualifiers) => {
    const lists = keys.filter(([key]) => key === ai).flatMap(([, , list]) => list.map(([own]) => own));
    const whole = qualifiers.map(([word, text]) => `/${word}/${text}`).join('');
    for (const [word, text] of others.filter(([other]) => !lists.includes(other))) {
      for (const path of [`/${ai}/${value}/${word}/${text}${whole}`, `/${ai}/${value}${whole}/${word}/${text}`]) {
        if (outcome(`/${ai}/${value}${whole}`) === 'CLASS_LEVEL') continue;
        expect([path, outcome(path)]).toEqual([path, 'SYNTAX']);
      }
    }
  });

  it.each<[string, unknown]>([
    [`${gtin}/99/ABC/21/7`, 'SYNTAX'],
    [`${gtin}/21/7/235/T`, 'SYNTAX'],
    [`${gtin}/21/7/10/L`, 'SYNTAX'],
    [`${gtin}/10/L/21/7`, '/01/09506000134352/21/7'],
    [`/00/095060001343520116${gtin}/21/7`, '/01/09506000134352/21/7'],
    ['/gtin/09506000134352/lot/L/ser/7', '/01/09506000134352/21/7'],
    ['/gtin/09506000134352/ser/7/lot/L', 'SYNTAX'],
    ['/gln/9506000134352/glnx/X', '/414/9506000134352/254/X'],
  ])('%s: %s', (path, expected) => {
    expect(outcome(path)).toEqual(expected);
  });

  it('says which AIs may stand there, and where the wrong one is', () => {
    expect(parseTag(`${host}${gtin}/99/ABC/21/7`)).toMatchObject({
      ok: false,
      error: { code: 'SYNTAX', position: 41, expected: '22, 10, 21 or 235' },
    });
    expect(parseTag(`${host}/00/095060001343520116/21/7`)).toMatchObject({ error: { expected: 'no other AI' } });
  });
});

describe('the query of a Digital Link', () => {
  it.each([
    `${gtin}?10=ABC123`,
    `${gtin}?21=7`,
    `${gtin}?235=T`,
    '/8010/9506000A?8011=1',
    '/8006/095060001343520102?21=7',
  ])('is never part of the identity: %s', (path) => {
    expect(outcome(path)).toBe('CLASS_LEVEL');
    if (path.startsWith('/01')) expect(gtinOf(host + path)).toEqual({ ok: true, gtin: '09506000134352' });
  });

  it('holds attributes; a qualifier there is read and told of', () => {
    expect(parseTag(`${host}${gtin}/21/7?17=301231&3103=000750`)).toMatchObject({ ok: true, warnings: [] });
    for (const [query, position] of [
      ['10=L', 45],
      ['8014=1987654Ad4X4bL5ttr2310c2K', 47],
      ['254=X', 46],
    ] as const) {
      const ai = query.split('=', 1)[0];
      expect(parseTag(`${host}${gtin}/21/7?${query}`)).toMatchObject({
        ok: true,
        epc: { id: 'https://id.gs1.org/01/09506000134352/21/7', data: [[ai, query.slice(query.indexOf('=') + 1)]] },
        warnings: [{ code: 'SYNTAX', position: position + 1 }],
      });
    }
  });

  it('is checked as any data', () => {
    expect(parseTag(`${host}${gtin}/21/7?02=04012345123457`)).toMatchObject({
      error: { code: 'CHECK_DIGIT', position: 59 },
    });
  });
});
