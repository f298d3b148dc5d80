import { describe, expect, it } from 'vitest';
import { checkCodes } from '../../src/api/index.ts';
import type { StockRow } from '../../src/contract/index.ts';
import { buckets } from '../../src/inventory/index.ts';
import { type Fault, fault, said, sentenceOf } from '../../src/kit/index.ts';
import { bucketOrder, byProduct, noneOf, withSoldOut } from '../../src/web/state/buckets.ts';
import { presenceOf } from '../../src/web/state/problems.ts';
import { readSearch } from '../../src/web/state/search-text.ts';
import { checkWords } from '../../src/web/words/check.ts';
import { en } from '../../src/web/words/en.ts';
import { faultWords } from '../../src/web/words/fault.ts';
import { formatter, litBars } from '../../src/web/words/format.ts';
import { pickLocale, translator, worder } from '../../src/web/words/index.ts';
import { zhTw } from '../../src/web/words/zh-tw.ts';

const hex = '30351F7B20001900000003ED';

it('a signal lights one bar more for each eight dB from -80 dBm on, and never none', () => {
  expect([-120, -81, -80, -73, -72, -64, -56, -48, 0].map(litBars)).toEqual([1, 1, 1, 1, 2, 3, 4, 5, 5]);
});

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
    ['12345', { kind: 'text', text: '12345' }],
    ['30 35 1F 7B 20 00 19 00 00 00 03 ED', { kind: 'item', epc: hex }],
    ['AB0100000000000000000001', { kind: 'item', epc: 'AB0100000000000000000001' }],
    ['303C83F1B7DD441678901234', { kind: 'item', epc: '303C83F1B7DD441678901234' }],
    [
      ']C1010471008800100921A5\u001d10L1\u001d17301231',
      { kind: 'item', epc: '(01)04710088001009(21)A5(10)L1(17)301231' },
    ],
    ['\u001d0104710088001009211005', { kind: 'item', epc: '(01)04710088001009(21)1005' }],
    ['0104710088001009211005', { kind: 'item', epc: '(01)04710088001009(21)1005' }],
    ['(01)04710088001009(21)1005', { kind: 'item', epc: '(01)04710088001009(21)1005' }],
    ['(01)04710088001009(17)301231(10)L1', { kind: 'gtin', gtin: '04710088001009' }],
    [']d201047100880010091730123110L1', { kind: 'gtin', gtin: '04710088001009' }],
    ['https://shop.example/p/01/4710088001009?linkType=gs1:pip', { kind: 'gtin', gtin: '04710088001009' }],
    [
      'HTTPS://SHOP.EXAMPLE:8443/01/04710088001009/10/L1/21/1005?17=301231#top',
      { kind: 'item', epc: 'HTTPS://SHOP.EXAMPLE:8443/01/04710088001009/10/L1/21/1005?17=301231#top' },
    ],
    [
      'https://shop.example/gtin/04710088001009/ser/1005',
      { kind: 'item', epc: 'https://shop.example/gtin/04710088001009/ser/1005' },
    ],
    ['urn:epc:idpat:sgtin:4710088.000100.*', { kind: 'gtin', gtin: '04710088001009' }],
    ['(00)147100880000000016', { kind: 'item', epc: '(00)147100880000000016' }],
    ['147100880000000016', { kind: 'item', epc: '(00)147100880000000016' }],
    ['40112345678', { kind: 'text', text: '40112345678' }],
    ['401234512345612', { kind: 'text', text: '401234512345612' }],
    [']E3401234512345612', { kind: 'gtin', gtin: '04012345123456' }],
    [']E404252614', { kind: 'gtin', gtin: '00042100005264' }],
    ['04252614', { kind: 'text', text: '04252614' }],
    ['4710088001008', { kind: 'text', text: '4710088001008' }],
    ['0000000000000', { kind: 'text', text: '0000000000000' }],
    ['8004950600ABC', { kind: 'text', text: '8004950600ABC' }],
    [']C18004950600ABC', { kind: 'item', epc: '(8004)950600ABC' }],
    ['401950600123', { kind: 'text', text: '401950600123' }],
    ['01108573260055401722081110A2021121092220084115197', { kind: 'gtin', gtin: '10857326005540' }],
    ['(01) 07032069804988 (21) ABC', { kind: 'item', epc: '(01)07032069804988(21)ABC' }],
    ['(01) 07032069804988 (21) ABC DEF', { kind: 'gtin', gtin: '07032069804988' }],
    ['01 07032069804988 17 301231', { kind: 'gtin', gtin: '07032069804988' }],
    ['4 710088 001009', { kind: 'gtin', gtin: '04710088001009' }],
    ['(01)04710088001009(21)1005(88)x', { kind: 'item', epc: '(01)04710088001009(21)1005' }],
    ['https://shop.example/01/04710088001009?21=7', { kind: 'gtin', gtin: '04710088001009' }],
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
    expect(translator(zhTw)('event_moved', { from: '倉庫', place: '賣場' })).toBe('從倉庫移到賣場');
    expect(worder(en)('alert', 'exit-unpaid')).toBe('left without being paid');
    expect(worder(en)('bucket', 'constructor')).toBeNull();
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
  it('has a place for each stock state there is, and for no other', () => {
    expect(bucketOrder.toSorted()).toEqual([...buckets].sort());
  });

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

  it('are followed by products that are sold out, as far as stock was loaded', () => {
    const inStock = byProduct([row('a', 'floor', 'on_floor', 1), row('c', 'floor', 'on_floor', 1)]);
    const named = ['a', 'b', 'c', 'd'].map((gtin) => ({ gtin, sku: null, name: `Product ${gtin}` }));
    const [, b, , d] = named.map(noneOf);
    expect(withSoldOut(inStock, named, false)).toEqual([...inStock, b, d]);
    expect(withSoldOut(inStock, named, true)).toEqual([...inStock, b]);
  });
});

describe('the health check in words', () => {
  const dictionaries = { en, 'zh-TW': zhTw };
  const wordsOf = (locale: 'en' | 'zh-TW') => ({
    t: translator(dictionaries[locale]),
    word: worder(dictionaries[locale]),
    format: formatter(locale, 'now'),
  });
  const check = (code: string, params = {}, next: string | null = null, faults: Fault[] = []) => ({
    name: 'reader dock-1',
    state: 'warn',
    code,
    params,
    faults,
    text: 'As the gateway says it.',
    next,
  });

  /** Nothing is to be done about these. */
  const wellCodes = /_OK$|_WAITING$|_UNCONFIRMED$|_USUAL$|_CATCHING_UP$/;

  it('has words in both languages for every code, and a next step for every one that is not well', () => {
    for (const locale of ['en', 'zh-TW'] as const) {
      const { word } = wordsOf(locale);
      for (const code of checkCodes) {
        expect(word('doctor', code), code).not.toBeNull();
        if (!wellCodes.test(code)) expect(word('doctorNext', code), code).not.toBeNull();
      }
    }
  });

  it('says a finding, its values and the fault in it in the reader’s language', () => {
    const params = { reader: 'dock-1', address: '/dev/ttyUSB0', state: 'waiting' };
    const missing = fault('DEVICE_MISSING', { where: '/dev/ttyUSB0' });
    const given = { ...params, error: sentenceOf(missing) };
    expect(checkWords(wordsOf('zh-TW'), check('READER_OFFLINE', given, 'Check.', [missing]))).toEqual({
      name: '讀取器 dock-1',
      text: '沒有連線（/dev/ttyUSB0）。找不到裝置 /dev/ttyUSB0，請確認已經插好。',
      next: '請檢查電源、線材或網路，以及設定檔裡的位址。',
      own: true,
    });
    expect(checkWords(wordsOf('zh-TW'), check('READER_REJECTS', { reasons: 'JUNK 7, NEW_KIND 3' }, 'Look.')).text).toBe(
      '送來的資料有很多沒有作用：線路雜訊 7, NEW_KIND 3。',
    );
    expect(checkWords(wordsOf('en'), check('READER_QUIET', { lastReadAt: '' }, 'Hold.')).text).toMatch(
      /Last read: —\.$/,
    );
  });

  it('keeps the gateway’s own text for a code it does not know and for values that were not sent', () => {
    const english = { text: 'As the gateway says it.', next: 'Do this.', own: false };
    expect(checkWords(wordsOf('zh-TW'), check('NEW_CODE', {}, 'Do this.'))).toMatchObject(english);
    expect(checkWords(wordsOf('zh-TW'), check('READER_OFFLINE', {}, 'Do this.'))).toMatchObject(english);
  });

  it('keeps the gateway’s sentence of a fault that has no words here', () => {
    const given = { reader: 'dock-1', address: 'COM3', state: 'waiting', error: 'Something unheard of.' };
    const { text } = checkWords(wordsOf('zh-TW'), check('READER_OFFLINE', given, 'Check.', [said(given.error)]));
    expect(text).toContain('Something unheard of.');
  });

  it.each<[fault: Fault, chinese: string | null]>([
    [
      fault('HOST_REFUSED', { where: '10.0.0.5:1883' }),
      '10.0.0.5:1883 沒有程式在接聽：請檢查連接埠，並確認服務正在執行。',
    ],
    [
      fault('CRM_NOT_LISTENING', { where: '127.0.0.1:8090' }),
      '127.0.0.1:8090 沒有程式在接聽：請檢查網址，並確認對方正在執行。',
    ],
    [fault('DEVICE_UNPLUGGED', { where: '/dev/ttyUSB0' }), '裝置 /dev/ttyUSB0 被拔除或斷電。'],
    [fault('CRM_SIGNATURE'), '對方不接受簽章（HTTP 401）：請核對雙方的密鑰。'],
    [fault('CRM_SERVER_ERROR', { status: 503 }), '對方自己發生問題（HTTP 503）。'],
    [fault('CRM_REFUSED', { status: 422 }, said('{no}.')), '對方不接受（HTTP 422）：{no}。'],
    [
      fault('CRM_REFUSES_ALL', { count: 10 }, fault('CRM_GONE')),
      '對方連續拒絕了 10 筆事件，最後一次：對方不再接收事件（HTTP 410）',
    ],
    [
      fault('READER_STEP_REFUSED', { step: 'setPower' }, fault('READER_WORD', { word: 'power' })),
      '讀取器拒絕 setPower：功率。',
    ],
    [fault('CRM_NO_ANSWER', { ms: 10_000 }), '10000 毫秒內沒有回應。'],
    [{ code: 'CRM_NO_ANSWER', params: {}, cause: null }, null],
    [said('something unheard of'), null],
  ])('tells %j in Chinese', (one, chinese) => {
    expect(faultWords(worder(zhTw), one)).toBe(chinese);
  });

  it('has no words for a code that only a newer gateway knows', () => {
    expect(faultWords(worder(zhTw), { code: 'NEW_KIND', params: {}, cause: null })).toBeNull();
  });
});

describe('what was sold and left', () => {
  it('is said to have left, in a neutral word, while unsold goods out of sight stay a warning', () => {
    const shown = (lifecycle: string, presence = 'ABSENT') =>
      worder(zhTw)('presence', presenceOf({ presence, lifecycle }));
    expect(shown('SOLD')).toBe('已離開');
    expect(shown('OUTBOUND')).toBe('已離開');
    expect(shown('IN_STOCK')).toBe('讀不到');
    expect(shown('SOLD', 'PRESENT')).toBe('在場');
  });
});

it('where there is no room for more tags, the words of every language say what to raise', () => {
  for (const words of [en, zhTw]) expect(words.doctorNext_READER_CROWDED).toContain('presence.memory');
});
