import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { said } from '../../../src/kit/index.ts';
import type { Remark, RemarkCode } from '../../../src/protocols/sign.ts';
import { findingCodes } from '../../../src/readers/finding-codes.ts';
import { findingRows, findingsOf } from '../../../src/supervision/findings.ts';
import { antenna, factsOf, now } from './facts-fixture.ts';
import { beside, fruitless, main, remarked, told } from './finding-cases.ts';

describe('what supervision finds', () => {
  test.each(main)('%s (%s) is the main state', (code, state, holds, not) => {
    expect(told(holds)[0]).toBe(`${code} ${state}`);
    expect(told(not)[0]).not.toBe(`${code} ${state}`);
  });

  test.each(beside)('%s (%s) is told beside the main state', (code, state, holds, not) => {
    expect(told(holds).slice(1)).toContain(`${code} ${state}`);
    expect(told(not).slice(1)).not.toContain(`${code} ${state}`);
  });

  test('a remark says size and limit, names, units and zones in its own words', () => {
    const words = (code: RemarkCode, params: Remark['params']) =>
      findingsOf(factsOf(remarked(code, params, now))).find((finding) => finding.code === code);
    expect(words('READER_TOO_LARGE', { size: 20_000_000, limit: 16_777_216 })?.text).toBe(
      'A message of reader r1 had 20000000 bytes, more than the 16777216 that are taken: nothing of it was read.',
    );
    expect(words('READER_COLUMN_MISSING', { missing: 'rssi', there: 'epc, ant' })?.text).toContain(
      'no column rssi; its columns are epc, ant',
    );
    expect(words('READER_TIME_UNIT', { found: 'µs', due: 'ms', format: 'us' })).toMatchObject({
      text: 'The times of reader r1 come in µs where ms is due; they are taken as µs.',
      next: 'Let the reader send ms, or give its map format: us.',
    });
    expect(words('READER_TIME_ZONE', { zone: 'Asia/Taipei' })?.text).toContain('taken as Asia/Taipei');
  });

  test.each([
    ['NO_READ_POINT', 'READER_UNPLACED warn'],
    ['BELOW_FLOOR', 'READER_ALL_WEAK warn'],
    ['PRESENCE_FULL', 'READER_CROWDED fail'],
  ])('a reader whose reads are all %s has that one finding', (reason, finding) => {
    expect(told({ effects: fruitless({ [reason]: 200 }), rejected: { [reason]: 200 }, reads: 200 })).toEqual([finding]);
  });

  test('a reader’s findings name its main state once', () => {
    const partly = { lacks: [said('It has no events of antennas.')] };
    expect(told(partly)).toEqual(['READER_PARTLY_SET_UP warn']);
  });

  test('what is damaged beside reads without effect is a finding of its own, and names that only', () => {
    const found = findingsOf(
      factsOf({ effects: fruitless({ NO_READ_POINT: 200 }), rejected: { NO_READ_POINT: 200, BAD_CHECKSUM: 50 } }),
    );
    expect(found.map(({ code }) => code)).toEqual(['READER_UNPLACED', 'READER_REJECTS']);
    expect(found[1]?.params['reasons']).toBe('BAD_CHECKSUM 50');
  });

  test('every code has its row, in the order of the list, and a case here', () => {
    expect(findingRows.map(({ code }) => code)).toEqual(findingCodes);
    expect(new Set([...main, ...beside].map(([code]) => code))).toEqual(new Set(findingCodes));
  });

  test('every text is filled with its values, names the reader, and what is not well has a next step', () => {
    for (const [, , holds] of [...main, ...beside]) {
      for (const { text, next, state, params } of findingsOf(factsOf(holds))) {
        expect(text).toMatch(/\br1\b/);
        expect(`${text} ${next}`).not.toMatch(/\{|undefined|NaN/);
        expect(params['reader']).toBe('r1');
        if (state !== 'ok') expect(next).not.toBeNull();
      }
    }
  });

  test('of several antennas in the same state all are named, and one finding tells it', () => {
    const antennas = [antenna(1), antenna(2, { health: 'dead' }), antenna(4, { health: 'dead', baseline: 7 })];
    const [, dead] = findingsOf(factsOf({ antennas }));
    expect(dead).toMatchObject({ code: 'READER_ANTENNA_DEAD', params: { antennas: '2, 4', usual: 1.5 } });
    expect(dead?.text).toBe(
      'Antenna 2, 4 of reader r1 reads nothing while the others read; usual are 1.5 reads per second.',
    );
  });

  test('reads that name no antenna leave open which one is silent', () => {
    const unnamed = { ...antenna(1), antenna: null };
    const antennas = [antenna(1, { reads: 0, baseline: 0 }), unnamed];
    expect(told({ antennas })).toEqual(['READER_OK ok']);
  });

  test('docs/readers/supervision.md explains every code, and no other', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/readers/supervision.md'), 'utf8');
    const named = [...page.matchAll(/^\| (`READER_[A-Z_]+`(?:, `READER_[A-Z_]+`)*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/READER_[A-Z_]+/g)].map(([code]) => code),
    );
    expect(named.sort()).toEqual([...findingCodes].sort());
  });
});
