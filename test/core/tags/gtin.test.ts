import { describe, expect, it } from 'vitest';
import { gtinOf, parseGtin, parseTag, prefixTable } from '../../../src/tags/index.ts';

type Fault = [code: string, position: number | null];

const gtin = '09506000134352';
const base = 'https://id.gs1.org/';

describe('the GTIN of a text', () => {
  it.each<[string, string]>([
    [` ${gtin} `, gtin],
    ['0950-6000 134352', gtin],
    ['9-6-3-8-5-0-7-4', '00000096385074'],
    [`(01)${gtin}(10)L`, gtin],
    [`01${gtin}10L`, gtin],
    [`${base}01/${gtin}`, gtin],
    [`${base}01/${gtin}?17=301231`, gtin],
    [`${base}01/${gtin}/10/L?17=301231`, gtin],
    [`${base}01/${gtin}/`, gtin],
    [`${base}01/${gtin}/?17=301231#a/b?c`, gtin],
    [`${base}01/${gtin}#top`, gtin],
    [`${base}01/${gtin}/#top?/`, gtin],
    ['urn:epc:idpat:sgtin:9506000.013435.*', gtin],
    ['urn:epc:id:itip:9506000.013435.01.02.7', gtin],
    ['urn:epc:class:lgtin:9506000.013435.L', gtin],
    ['30164596F40C0E5CBE991A83', '09528765123457'],
  ])('%s is %s', (text, expected) => {
    expect(gtinOf(text)).toEqual({ ok: true, gtin: expected });
  });

  it.each<[string, Fault]>([
    ['urn:epc:id:gid:1.2.3', ['NOT_ENCODABLE', null]],
    ['urn:epc:idpat:sscc:9506000.*', ['CLASS_LEVEL', 27]],
    ['urn:epc:idpat:sgtin:9506000.013435.*x', ['CLASS_LEVEL', 35]],
    ['xurn:epc:idpat:sgtin:9506000.013435.*', ['SYNTAX', 0]],
    ['(01)09506000134353', ['CHECK_DIGIT', 17]],
    [`${base}01/09506000134353`, ['CHECK_DIGIT', 35]],
    [`${base}01/09506000134353?17=301231`, ['CHECK_DIGIT', 35]],
    ['9506000134353', ['CHECK_DIGIT', 12]],
    ['1234567', ['TOO_SHORT', 7]],
    ['hello', ['SYNTAX', 0]],
    ['1 '.repeat(5000), ['TOO_LONG', 8192]],
    ['urn:epc:idpat:sgtin:9506000.013435', ['CLASS_LEVEL', null]],
    ['1 hello', ['SYNTAX', 4]],
    ['(00)095060001343520116', ['NOT_ENCODABLE', null]],
  ])('%s has none: %j', (text, [code, position]) => {
    expect(gtinOf(text)).toMatchObject({ ok: false, error: { code, position } });
  });

  it.each<[string, string, number | null, string | null]>([
    ['', 'TOO_SHORT', 0, '8, 12, 13 or 14 digits'],
    ['1234567', 'TOO_SHORT', 7, '8, 12, 13 or 14 digits'],
    ['123456789', 'TOO_SHORT', 9, '8, 12, 13 or 14 digits'],
    ['12345678901', 'TOO_SHORT', 11, '8, 12, 13 or 14 digits'],
    ['123456789012345', 'TOO_LONG', 15, '8, 12, 13 or 14 digits'],
    ['96385075', 'CHECK_DIGIT', 7, '4'],
    ['9638  5074', 'BAD_CHARACTER', null, '0-9'],
    ['-96385074', 'BAD_CHARACTER', null, '0-9'],
    ['96385074-', 'BAD_CHARACTER', null, '0-9'],
    ['9638.5074', 'BAD_CHARACTER', null, '0-9'],
  ])('as typed, %j is refused: %s', (text, code, position, expected) => {
    expect(parseGtin(text)).toMatchObject({ ok: false, error: { code, position, expected } });
  });
});

describe('a table of company-prefix lengths', () => {
  const entries = [
    { prefix: '950', gcpLength: 7 },
    { prefix: '9506', gcpLength: 9 },
    { prefix: '3', gcpLength: 4 },
    { prefix: '4', gcpLength: 3 },
    { prefix: '5', gcpLength: 12 },
    { prefix: '6', gcpLength: 13 },
    { prefix: '7', gcpLength: 0 },
    { prefix: '123456789012', gcpLength: 12 },
    { prefix: '1234567890123', gcpLength: 10 },
    { prefix: '8x', gcpLength: 8 },
    { prefix: 'x8', gcpLength: 8 },
    { prefix: '', gcpLength: 8 },
  ];
  const odd = [
    null,
    5,
    'text',
    [],
    {},
    { prefix: '85', gcpLength: '8' },
    { prefix: 85, gcpLength: 8 },
    { prefix: '85' },
    { gcpLength: 8 },
  ];
  const all = [...entries, ...odd];
  const shapes: [string, unknown][] = [
    ['an array', all],
    ['entries', { entry: all }],
    ['GS1’s document', { GCPPrefixFormatList: { entry: all } }],
  ];

  it.each(shapes)('is read from %s', (_, list) => {
    const table = prefixTable(list);
    const lengths = [
      '950',
      '95',
      '9506',
      '950600',
      '3999',
      '4999',
      '5',
      '6',
      '7',
      '8',
      '85',
      'x8',
      '',
      '123456789012',
      '12345678901',
      '12345678901299',
    ];
    expect(lengths.map((digits) => table.lengthOf(digits))).toEqual([
      7,
      null,
      9,
      9,
      6,
      null,
      12,
      null,
      null,
      null,
      null,
      null,
      null,
      12,
      null,
      12,
    ]);
  });

  it.each([null, undefined, 5, 'text', {}, { entry: null }, { entry: 5 }, { GCPPrefixFormatList: [] }])(
    'is empty where there is none: %j',
    (list) => {
      expect(prefixTable(list).lengthOf('9506000134352')).toBeNull();
    },
  );

  it('gives an EPC URI only where the length makes one', () => {
    const uriOf = (companyPrefixLength: number) => {
      const result = parseTag(`(01)${gtin}(21)7`, { companyPrefixLength });
      return result.ok ? result.epc.epcUri : result.error.code;
    };
    expect([4, 5, 6, 12, 13, 14].map(uriOf)).toEqual([
      'urn:epc:id:sgtin:950600.0013435.7',
      'urn:epc:id:sgtin:950600.0013435.7',
      'urn:epc:id:sgtin:950600.0013435.7',
      'urn:epc:id:sgtin:950600013435.0.7',
      null,
      null,
    ]);
    const giai = parseTag('(8004)950600012345', { companyPrefixLength: 12 });
    expect(giai.ok && giai.epc.epcUri).toBeNull();
    const both = parseTag(`(01)${gtin}(21)7`, {
      companyPrefixLength: 8,
      companyPrefixes: prefixTable([{ prefix: '9', gcpLength: 6 }]),
    });
    expect(both.ok && both.epc.epcUri).toBe('urn:epc:id:sgtin:95060001.03435.7');
  });
});
