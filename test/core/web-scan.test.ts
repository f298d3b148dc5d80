import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanKeys, type KeyVerdict, type ScanKey } from '../../src/web/state/scan-keys.ts';
import { readSearch } from '../../src/web/state/search-text.ts';

const isCode = (text: string) => ['item', 'gtin'].includes(readSearch(text).kind);
const gtin = '4710088001009';
const otherGtin = '4006381333931';
const plain = { ctrl: false, alt: false, altGraph: false, shift: false, capsLock: false };
const press = (key: string, at: number, more: Partial<ScanKey> = {}): ScanKey => ({
  key,
  code: '',
  ...plain,
  at,
  ...more,
});

/** Keys of a text, `gap` ms apart, from `at` on, with what ends it. */
function typed(text: string, { at = 1_000, gap = 5, end = 'Enter' } = {}): ScanKey[] {
  return [...text, end].map((key, index) => press(key, at + index * gap));
}

function feed(keys: readonly ScanKey[], inField = false): KeyVerdict[] {
  const scanner = createScanKeys(isCode);
  return keys.map((key) => scanner.take(key, inField));
}

const scansOf = (verdicts: readonly KeyVerdict[]) =>
  verdicts.flatMap((verdict) => (verdict.kind === 'scan' ? [verdict.text] : []));

describe('a barcode scanner that types like a keyboard', () => {
  it.each([
    [false, 'Enter', 1],
    [false, 'Tab', 30],
    [true, 'Enter', 1],
    [true, 'Tab', 30],
    [true, 'Enter', 120],
    [false, 'Enter', 350],
  ])('is heard with the focus in a field (%s), ended by %s, at %i ms a character', (inField, end, gap) => {
    expect(scansOf(feed(typed(gtin, { gap, end }), inField))).toEqual([gtin]);
  });

  it('gives two scans within a second as two, also of the same code', () => {
    const keys = [...typed(gtin, { at: 0 }), ...typed(otherGtin, { at: 400 }), ...typed(otherGtin, { at: 800 })];
    expect(scansOf(feed(keys, true))).toEqual([gtin, otherGtin, otherGtin]);
  });

  it('gives any text it may carry as it was typed, whatever the speed of a scanner', () => {
    const text = fc.stringMatching(/^[!-~][ -~]{2,60}[!-~]$/);
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 50 }), fc.boolean(), (code, gap, inField) => {
        expect(scansOf(feed(typed(code, { gap }), inField))).toEqual([code]);
      }),
    );
  });

  it('keeps a group separator that comes as Control and ], as Alt and digits, or as itself', () => {
    const before = typed(`01${otherGtin.padStart(14, '0')}10L`).slice(0, -1);
    const at = 1_000 + before.length * 5;
    const after = typed('21A7', { at: at + 10 });
    const alt = [...'0029'].map((digit) => press(digit, at, { alt: true, code: `Numpad${digit}` }));
    const ways = [
      [press(']', at, { ctrl: true, code: 'BracketRight' })],
      [press('Alt', at, { alt: true }), ...alt],
      [press('\u001d', at)],
    ];
    for (const way of ways) {
      expect(scansOf(feed([...before, ...way, ...after]))).toEqual([`0104006381333931` + `10L\u001d21A7`]);
    }
  });

  it('is understood by its physical keys while a Chinese input method composes', () => {
    const shifted = [...'(01)04006381333931(21)aB'];
    const codes: Record<string, [string, boolean]> = { '(': ['Digit9', true], ')': ['Digit0', true] };
    const keyOf = (char: string): [string, boolean] => {
      if (/\d/.test(char)) return [`Digit${char}`, false];
      return codes[char] ?? [`Key${char.toUpperCase()}`, char === char.toUpperCase()];
    };
    const keys = shifted.map((char, index) => {
      const [code, shift] = keyOf(char);
      return press('Process', 1_000 + index * 8, { code, shift });
    });
    const end = press('Process', 1_000 + shifted.length * 8, { code: 'Enter' });
    expect(scansOf(feed([...keys, end], true))).toEqual(['(01)04006381333931(21)aB']);
  });

  it('does not lose a scan to the shift keys between its characters, nor to the second of two Enters', () => {
    const keys = typed('AB12').flatMap((key) => [press('Shift', key.at, { shift: true }), key]);
    const verdicts = feed([...keys, press('Enter', keys.at(-1)?.at ?? 0)]);
    expect(scansOf(verdicts)).toEqual(['AB12']);
    expect(verdicts.at(-1)).toEqual({ kind: 'echo' });
  });

  it('stands apart from what somebody was typing in the box when it began', () => {
    const hands = [...'shirt'].map((key, index) => press(key, 1_000 + index * 140));
    expect(scansOf(feed([...hands, ...typed(gtin, { at: 1_700, gap: 10 })], true))).toEqual([gtin]);
  });
});

describe('hands on a keyboard', () => {
  it('are no scanner: words typed into a field and ended with Enter or Tab stay what they are', () => {
    for (const end of ['Enter', 'Tab']) {
      expect(scansOf(feed(typed('white shirt m', { gap: 95, end }), true))).toEqual([]);
    }
  });

  it('are no scanner where they press Enter or Tab on buttons and links', () => {
    const keys = [press('Tab', 0), press('Enter', 200), press('b', 900), press('Enter', 1_600), press('Tab', 1_700)];
    expect(feed(keys).map(({ kind }) => kind)).toEqual(['none', 'none', 'part', 'none', 'none']);
  });

  it('still push a button with Space and leave the field backwards with Shift and Tab', () => {
    const keys = [press(' ', 0), press('a', 10), press('b', 20), press('c', 30), press('Tab', 40, { shift: true })];
    expect(feed(keys).map(({ kind }) => kind)).toEqual(['none', 'part', 'part', 'part', 'none']);
  });
});

describe('what a scanner puts in front of a barcode', () => {
  it.each([
    [']C0SH-12', { kind: 'text', text: 'SH-12' }],
    [']A0SH-12', { kind: 'text', text: 'SH-12' }],
    [']E04006381333931', { kind: 'gtin', gtin: '04006381333931' }],
    [']X04006381333931', { kind: 'gtin', gtin: '04006381333931' }],
    [']Q1https://shop.example/01/04006381333931', { kind: 'gtin', gtin: '04006381333931' }],
    [']Q1https://shop.example/01/04006381333931/21/7', { kind: 'item', epc: '(01)04006381333931(21)7' }],
    [']d10104006381333931217', { kind: 'item', epc: '(01)04006381333931(21)7' }],
    [']C0', { kind: 'empty' }],
  ])('%j is read without it', (text, expected) => {
    expect(readSearch(text)).toEqual(expected);
  });
});
