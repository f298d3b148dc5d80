import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecordSplitter } from '../../../src/products/records.ts';

function cut(text: string, chunk = text.length, longest?: number): string[] {
  const splitter = createRecordSplitter(',', longest);
  const records = [];
  for (let at = 0; at < text.length; at += chunk) records.push(...splitter.push(text.slice(at, at + chunk)));
  records.push(...splitter.end());
  return records.map(({ line, text: record, fault }) => `${line}:${fault ?? record}`);
}

/** A cell as a spreadsheet writes it: quoted where it must be. */
const cell = fc
  .string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', '中'), maxLength: 8 })
  .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
const file = fc
  .array(fc.tuple(fc.array(cell, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r')), {
    maxLength: 8,
  })
  .map((rows) => rows.map(([cells, end]) => cells.join(',') + end).join(''));

describe('cutting CSV into records', () => {
  test('line breaks inside quotes belong to the cell; CR, LF and CRLF end a record', () => {
    expect(cut('a,"1\n2"\r\nb\rc\n\n\r\nd')).toEqual(['1:a,"1\n2"', '3:b', '4:c', '7:d']);
  });

  test('a quote in the middle of a cell is a sign of inches', () => {
    expect(cut('a,5" nail\nb,"x ""y"""\n')).toEqual(['1:a,5" nail', '2:b,"x ""y"""']);
  });

  test('quotes that do not fit, or never close, cost the first line alone', () => {
    expect(cut('a,"b" c\nd\n')).toEqual(['1:BAD_QUOTES', '2:d']);
    expect(cut('a\nb,"never\nc\nd')).toEqual(['1:a', '2:BAD_QUOTES', '3:c', '4:d']);
    expect(cut('a,"open\nb\nc,"d",e\n')).toEqual(['1:BAD_QUOTES', '2:b', '3:c,"d",e']);
    expect(cut('"')).toEqual(['1:BAD_QUOTES']);
  });

  test('a record beyond the limit is refused and the next one is whole', () => {
    expect(cut(`a\n${'x'.repeat(50)}\nb\n`, 10, 20)).toEqual(['1:a', '2:TOO_LONG', '3:b']);
    expect(cut(`a\n"${'x\n'.repeat(20)}b\n`, 10, 20).slice(0, 2)).toEqual(['1:a', '2:BAD_QUOTES']);
  });

  test('chunks never change the records', () => {
    const noise = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' '), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(file, noise), fc.integer({ min: 1, max: 9 }), (text, chunk) => {
        expect(cut(text, chunk)).toEqual(cut(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('what a spreadsheet writes is cut as csv-parse cuts it', () => {
    fc.assert(
      fc.property(file, (text) => {
        const ends = ['\r\n', '\n', '\r'];
        const options = { relax_column_count: true, relax_quotes: true, trim: true, record_delimiter: ends };
        const wanted = parse(text, { ...options, skip_empty_lines: true });
        const records = [...splitAll(text)].map((record) => parse(record, options)[0]);
        const filled = (rows: (readonly string[] | undefined)[]) => rows.filter((row) => row?.join('') !== '');
        expect(filled(records)).toEqual(filled(wanted));
      }),
      { numRuns: 1000 },
    );
  });
});

function* splitAll(text: string): Generator<string> {
  const splitter = createRecordSplitter(',');
  for (const { text: record, fault } of [...splitter.push(text), ...splitter.end()]) if (fault === null) yield record;
}
