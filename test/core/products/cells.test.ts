import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gtinsOf, nameOf, skuOf, textReason } from '../../../src/products/cells.ts';
import { parseGtin } from '../../../src/tags/index.ts';

const said = (cell: string) =>
  gtinsOf(cell).map((code) => (code.ok ? `${code.gtin}${code.restored ? ' restored' : ''}` : code.reason));

describe('a GTIN as a spreadsheet leaves it', () => {
  test.each([
    ['4710999000016', '04710999000016'],
    ["'4710999000016", '04710999000016'],
    ['’4710999000016', '04710999000016'],
    ['="4710999000016"', '04710999000016'],
    ['\t4710999000016 ', '04710999000016'],
    ['\u00a04710999000016\u200b', '04710999000016'],
    ['4710999000016.0', '04710999000016'],
    ['4710999000016.00', '04710999000016'],
    ['4710999000016,0', '04710999000016'],
    ['4,710,999,000,016', '04710999000016'],
    ['4.710.999.000.016', '04710999000016'],
    ['4 710999 000016', '04710999000016'],
    ['978-986-99999-3-9', '09789869999939'],
    ['４７１０９９９００００１６', '04710999000016'],
    ['96385074', '00000096385074'],
    ['036000291452', '00036000291452'],
    ['36000291452', '00036000291452 restored'],
  ])('%j is %s', (cell, gtin) => expect(said(cell)).toEqual([gtin]));

  test.each([
    ['4.71E+12', 'SCIENTIFIC_NOTATION'],
    ['4,71E+12', 'SCIENTIFIC_NOTATION'],
    ['4.71009e12', 'SCIENTIFIC_NOTATION'],
    ["'4,71E+12", 'SCIENTIFIC_NOTATION'],
    ['="4.71E+12"', 'SCIENTIFIC_NOTATION'],
    ['00000000000000', 'PLACEHOLDER'],
    ['0000000000000', 'PLACEHOLDER'],
    ['00000000', 'PLACEHOLDER'],
    ['0', 'PLACEHOLDER'],
    ['0.0', 'NOT_DIGITS'],
    ['4710999000017', 'CHECK_DIGIT'],
    ['36000291453', 'LENGTH'],
    ['123', 'LENGTH'],
    ['123456789012345', 'LENGTH'],
    ['N/A', 'NOT_DIGITS'],
    ['TEE-01', 'NOT_DIGITS'],
    ['4710999000O16', 'NOT_DIGITS'],
    ['x'.repeat(1001), 'TOO_LONG'],
  ])('%j is refused as %s', (cell, reason) => expect(new Set(said(cell))).toEqual(new Set([reason])));

  test('shorter numbers that lost zeros are refused with that, not taken', () => {
    const lost = ['00', '000'].flatMap((zeros) => {
      const body = `${zeros}${'987654321'.slice(0, 11 - zeros.length)}`.padEnd(11, '7');
      const whole = [...'0123456789'].map((digit) => body + digit).find((code) => parseGtin(code).ok) ?? '';
      return said(whole.replace(/^0+/, ''));
    });
    expect(lost).toEqual(['LOST_ZEROS', 'LOST_ZEROS']);
    expect(said('2345673')).toEqual(['LOST_ZEROS']);
  });

  test('several in one cell are each taken or refused', () => {
    const both = ['04710999000238', '04710999000245'];
    for (const between of [',', ', ', ';', '|', ' | ', '\n', ' ', ' / '])
      expect([between, said(`4710999000238${between}4710999000245`)]).toEqual([between, both]);
    expect(said('4710999000238, 4710999000246')).toEqual(['04710999000238', 'CHECK_DIGIT']);
  });

  test('no digit of a GTIN is ever changed: what is taken ends with the digits that stand there', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,16}$/), (digits) => {
        for (const code of gtinsOf(digits)) if (code.ok) expect(code.gtin).toBe(digits.padStart(14, '0'));
      }),
    );
  });

  test('no cell makes it throw, and an empty one holds none', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (cell) => void gtinsOf(cell)));
    expect(['', ' ', "'", '=""', '\t'].map(said)).toEqual([[], [], [], [], []]);
  });
});

describe('a SKU or a name as a spreadsheet leaves it', () => {
  test('a SKU loses what the spreadsheet put around it', () => {
    expect(["'00123", '="00123"', '\t00123 ', '00123'].map(skuOf)).toEqual(['00123', '00123', '00123', '00123']);
  });

  test('a name keeps its own apostrophe and is one line', () => {
    expect(["'47 Brand cap", "'=5 in one", '="Tee"', 'Two\r\nlines\tof it'].map(nameOf)).toEqual([
      "'47 Brand cap",
      '=5 in one',
      'Tee',
      'Two lines of it',
    ]);
  });

  test('control characters, characters that turn the direction, and length are refused', () => {
    const bidi = ['\u202a', '\u202e', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c'];
    expect(new Set(bidi.map((char) => textReason(`a${char}b`, 10)))).toEqual(new Set(['BIDI_CONTROL']));
    expect([textReason('a\u0007', 10), textReason('abc', 2), textReason('בגד עברי', 10)]).toEqual([
      'CONTROL_CHARACTER',
      'TOO_LONG',
      null,
    ]);
  });
});
