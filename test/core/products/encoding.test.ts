import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEncodingJudge } from '../../../src/products/index.ts';

const folder = join(import.meta.dirname, '../../captures/products');

function judged(bytes: Uint8Array, chunk = bytes.length): string {
  const judge = createEncodingJudge();
  for (let at = 0; at < bytes.length; at += chunk) judge.take(bytes.subarray(at, at + chunk));
  return judge.verdict();
}

const text = 'gtin,name\r\n4710999000016,白色棉質上衣\r\n';

describe('the encoding of a file', () => {
  test('is found from its bytes, in chunks of any size', () => {
    const files: [Uint8Array, string][] = [
      [Buffer.from(text), 'utf-8'],
      [Buffer.from(`\ufeff${text}`), 'utf-8'],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
      [Buffer.from(text, 'utf16le'), 'utf-16le'],
      [Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
      [Buffer.from(text, 'utf16le').swap16(), 'utf-16be'],
      [readFileSync(join(folder, 'excel-big5.csv')), 'big5'],
    ];
    for (const [bytes, encoding] of files)
      for (const chunk of [1, 2, 3, 7, bytes.length]) expect([chunk, judged(bytes, chunk)]).toEqual([chunk, encoding]);
  });

  test('is not guessed for Western code pages and simplified Chinese ones, which would become other words', () => {
    const western = Buffer.from('gtin;name\r\n4710999000016;Größe für Mädchen, très élégant, naïve café\r\n', 'latin1');
    const gb2312 = readFileSync(join(folder, 'excel-gb2312.csv'));
    expect([judged(western), judged(gb2312)]).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  test('is none for workbooks', () => {
    expect(judged(Buffer.from('PK\u0003\u0004rest', 'latin1'))).toBe('WORKBOOK');
    expect(judged(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))).toBe('WORKBOOK');
  });
});
