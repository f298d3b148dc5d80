import { describe, expect, it } from 'vitest';
import type { StockRow } from '../../src/web/gateway/types.ts';
import { byProduct } from '../../src/web/state/buckets.ts';
import { readSearch } from '../../src/web/state/search-text.ts';
import { en } from '../../src/web/words/en.ts';
import { formatter } from '../../src/web/words/format.ts';
import { pickLocale, translator, worder } from '../../src/web/words/index.ts';
import { zhTw } from '../../src/web/words/zh-tw.ts';

const hex = '30351F7B20001900000003ED';

describe('what is typed or scanned into the search box', () => {
  it.each([
    ['', { kind: 'empty' }],
    ['　 ', { kind: 'empty' }],
    ['襯衫', { kind: 'text', text: '襯衫' }],
    ['ＳＨ－１２', { kind: 'text', text: 'SH-12' }],
    ['4710088001009', { kind: 'gtin', gtin: '04710088001009' }],
    ['０４７１００８８００１００９', { kind: 'gtin', gtin: '04710088001009' }],
    [']E04710088001009', { kind: 'gtin', gtin: '04710088001009' }],
    ['0104710088001009', { kind: 'gtin', gtin: '04710088001009' }],
    ['https://shop.example/01/04710088001009', { kind: 'gtin', gtin: '04710088001009' }],
    [hex, { kind: 'item', epc: hex }],
    ['urn:epc:id:sgtin:4710088.000100.1005', { kind: 'item', epc: 'urn:epc:id:sgtin:4710088.000100.1005' }],
    [']d201047100880010092110A5', { kind: 'item', epc: '(01)04710088001009(21)10A5' }],
    [
      'https://shop.example/01/04710088001009/21/1005',
      { kind: 'item', epc: 'https://shop.example/01/04710088001009/21/1005' },
    ],
    ['BEEF', { kind: 'text', text: 'BEEF' }],
  ])('%j is read as what it is', (typed, expected) => {
    expect(readSearch(typed)).toEqual(expected);
  });
});

describe('the words of the staff app', () => {
  it('have the same slots in both languages, so that no value is left out', () => {
    const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of Object.entries(en)) expect(slots(zhTw[key as keyof typeof en]), key).toEqual(slots(text));
  });

  it('fill their slots and name values that are not known as nothing', () => {
    expect(translator('zh-TW')('event_moved', { from: '倉庫', place: '賣場' })).toBe('從倉庫移到賣場');
    expect(worder('en')('alert', 'exit-unpaid')).toBe('left without being paid');
    expect(worder('en')('bucket', 'constructor')).toBeNull();
  });

  it('are chosen by the first language of the browser that we have', () => {
    expect(pickLocale(['fr', 'zh-Hant', 'en'])).toBe('zh-TW');
    expect(pickLocale(['en-GB', 'zh-TW'])).toBe('en');
    expect(pickLocale([])).toBe('en');
  });

  it('tell ages and clock offsets with their unit', () => {
    const format = formatter('en', 'just now');
    expect(format.ago(1_000_000 - 4_000, 1_000_000)).toBe('just now');
    expect(format.ago(0, 119_000)).toBe('1 minute ago');
    expect(formatter('zh-TW', '剛剛').ago(0, 3 * 3_600_000)).toBe('3 小時前');
    expect(format.offset(-2_350)).toBe('-2.35 s');
    expect(format.offset(40)).toBe('+40 ms');
  });
});

describe('stock lines gathered by product', () => {
  const row = (gtin: string, location: string, bucket: string, quantity: number): StockRow => ({
    gtin,
    sku: null,
    name: null,
    location,
    bucket,
    quantity,
  });

  it('count only floor and back room as sellable and put the floor first', () => {
    const [first, second] = byProduct([
      row('a', 'back', 'held', 7),
      row('b', 'floor', 'missing', 1),
      row('a', 'back', 'on_back', 30),
      row('a', 'floor', 'on_floor', 12),
    ]);
    expect(first?.sellable).toBe(42);
    expect(first?.rows.map(({ bucket }) => bucket)).toEqual(['on_floor', 'on_back', 'held']);
    expect(second?.sellable).toBe(0);
  });
});
