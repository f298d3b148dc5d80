import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FindingCode, findingCodes } from '../../../../src/readers/supervision/codes.ts';
import type { Condition } from '../../../../src/readers/supervision/condition.ts';
import type { Facts } from '../../../../src/readers/supervision/facts.ts';
import { findingRows, findingsOf } from '../../../../src/readers/supervision/findings.ts';
import type { Remark, RemarkCode } from '../../../../src/readers/supervision/sign.ts';
import { antenna, factsOf, failedBy, minute, now, set } from './facts-fixture.ts';

const told = (more: Partial<Facts>) => findingsOf(factsOf(more)).map(({ code, state }) => `${code} ${state}`);
const condition = (more: Partial<Condition>) => ({ ...factsOf().condition, ...more });
const link = (more: Partial<Facts['link']>) => ({ ...factsOf().link, ...more });
const quiet = { lastReadAt: now - 11 * minute };
const never = { lastReadAt: null, reads: 0 };
const remarked = (code: RemarkCode, params: Remark['params'], at: number) => ({
  condition: condition({ remarks: new Map([[code, { params, at }]]) }),
});
const hourAgo = now - 61 * minute;
const complaint = (error: string, at: number) => condition({ complaints: [{ error, text: error, at, count: 3 }] });

type Case = [code: FindingCode, state: string, holds: Partial<Facts>, not: Partial<Facts>];

/** Each code: facts on which it holds, and facts that are nearly the same on which it does not. */
const filtered = { ...set, isFiltered: true };
const main: Case[] = [
  ['READER_HALTED', 'warn', { session: { state: 'halted', since: now, trouble: null } }, {}],
  ['READER_FILTER', 'warn', { ...quiet, set: filtered }, { set: filtered }],
  [
    'READER_IN_USE',
    'fail',
    { session: failedBy('otherClient'), link: link({ state: 'waiting' }) },
    { session: failedBy('otherClient', { at: now - minute }), link: link({ state: 'waiting' }) },
  ],
  [
    'READER_LOGIN_REFUSED',
    'fail',
    { session: failedBy('login', { at: now - 14 * minute }), link: link({ state: 'waiting' }) },
    { session: failedBy('login', { at: now - 16 * minute }), link: link({ state: 'waiting' }) },
  ],
  [
    'READER_LOGIN_MISSING',
    'fail',
    { session: failedBy('noLogin'), link: link({ state: 'waiting' }) },
    { session: failedBy('noLogin', { at: now - 16 * minute }), link: link({ state: 'waiting' }) },
  ],
  ['READER_OFFLINE', 'fail', { link: link({ state: 'waiting', error: 'no such device' }) }, {}],
  ['READER_GONE', 'fail', { online: false }, { online: true }],
  ['READER_SILENT', 'fail', { silentS: 31 }, { silentS: null }],
  ['READER_REGION_REFUSED', 'fail', { session: failedBy('setRegion') }, { session: failedBy('setMode') }],
  ['READER_POWER_REFUSED', 'fail', { session: failedBy('setPower') }, { session: failedBy('setMode') }],
  ['READER_ANTENNA_REFUSED', 'fail', { session: failedBy('startInventory', { error: 'antenna' }) }, {}],
  ['READER_ROSPEC_REFUSED', 'fail', { session: failedBy('ADD_ROSPEC') }, { session: failedBy('GET_ROSPECS') }],
  ['READER_REFUSED', 'fail', { session: failedBy('setMode') }, {}],
  [
    'READER_NO_ANSWER',
    'fail',
    { session: failedBy('setPower', { code: 'READER_TIMEOUT' }) },
    { session: failedBy('setPower') },
  ],
  [
    'READER_ANTENNAS_OFF',
    'fail',
    { antennas: [antenna(1, { health: 'off' }), antenna(3, { health: 'ok', readPoint: null })] },
    { antennas: [antenna(1, { health: 'off' }), antenna(2)] },
  ],
  [
    'READER_STOPPED',
    'warn',
    { condition: condition({ inventory: { is: 'stopped', at: now - 2 * minute } }), lastReadAt: now - 3 * minute },
    { condition: condition({ inventory: { is: 'stopped', at: now - 2 * minute } }), lastReadAt: now - minute },
  ],
  [
    'READER_ARMED',
    'ok',
    { condition: condition({ inventory: { is: 'armed', at: now - 2 * minute } }), lastReadAt: now - 3 * minute },
    { condition: condition({ inventory: { is: 'armed', at: now - 1000 } }), lastReadAt: now - 3 * minute },
  ],
  [
    'READER_ARMED',
    'warn',
    { ...never, condition: condition({ trigger: 'gpi' }) },
    { condition: condition({ trigger: 'gpi' }) },
  ],
  [
    'READER_POWER_LOW',
    'warn',
    { ...quiet, set: { ...set, power: 18, mostPower: 30 } },
    { ...quiet, set: { ...set, power: 25, mostPower: 30 } },
  ],
  [
    'READER_POWER_LOW',
    'warn',
    { ...quiet, set: { ...set, power: 15, mostPower: null } },
    { set: { ...set, power: 15, mostPower: null } },
  ],
  ['READER_QUIET_USUAL', 'ok', { ...quiet, usual: 0.05 }, { ...quiet, usual: 0.5 }],
  ['READER_QUIET', 'warn', quiet, { lastReadAt: now - 9 * minute }],
  ['READER_QUIET', 'warn', never, { ...never, link: link({ since: now - minute }) }],
  ['READER_WAITING', 'ok', { ...never, link: link({ since: now - minute }) }, {}],
  ['READER_OK', 'ok', {}, never],
];

const beside: Case[] = [
  ['READER_ANTENNA_OFF', 'warn', { antennas: [antenna(1), antenna(2, { health: 'off' })] }, {}],
  ['READER_ANTENNA_DEAD', 'warn', { antennas: [antenna(1), antenna(2, { health: 'dead' })] }, {}],
  ['READER_ANTENNA_QUIET', 'warn', { antennas: [antenna(1), antenna(2, { health: 'quiet' })] }, {}],
  [
    'READER_ANTENNA_NEVER',
    'warn',
    { antennas: [antenna(1), antenna(2, { reads: 0, baseline: 0 })] },
    { antennas: [antenna(1), antenna(2, { reads: 0, baseline: 0 })], worked: 59 },
  ],
  [
    'READER_ANTENNA_BAD',
    'warn',
    { condition: complaint('antenna', now - minute) },
    { condition: complaint('antenna', now - 61 * minute) },
  ],
  [
    'READER_HOT',
    'warn',
    { condition: complaint('temperature', now) },
    { condition: complaint('temperature', now - 16 * minute) },
  ],
  ['READER_COMPLAINS', 'warn', { condition: complaint('internal', now) }, { condition: complaint('antenna', now) }],
  ['READER_OTHER_MODEL', 'warn', { warnings: { OTHER_MODEL: 1 } }, {}],
  ['READER_UNSTABLE', 'warn', { isUnstable: true }, {}],
  ['READER_RESTARTS', 'warn', { restartsOften: true }, {}],
  [
    'READER_CLOCK',
    'warn',
    { clock: { offsetMs: -90_000, spreadMs: 40, seconds: 5 } },
    { clock: { offsetMs: 4_900, spreadMs: 40, seconds: 31 } },
  ],
  [
    'READER_CLOCK',
    'warn',
    { clock: { offsetMs: 5_100, spreadMs: 0, seconds: 5 } },
    { clock: { offsetMs: -90_000, spreadMs: 40, seconds: 4 } },
  ],
  [
    'READER_CATCHING_UP',
    'ok',
    { clock: { offsetMs: -600_000, spreadMs: 90_000, seconds: 31 } },
    { clock: { offsetMs: -600_000, spreadMs: 40, seconds: 31 } },
  ],
  [
    'READER_GAPS',
    'warn',
    { missing: { count: 3, at: now - minute } },
    { missing: { count: 3, at: now - 61 * minute } },
  ],
  [
    'READER_OVERFLOW',
    'warn',
    { warnings: { READER_DROPPED: 7 }, warnedAt: new Map([['READER_DROPPED', now - minute]]) },
    { warnings: { READER_DROPPED: 7 }, warnedAt: new Map([['READER_DROPPED', now - 61 * minute]]) },
  ],
  [
    'READER_BUFFER_FILLING',
    'warn',
    { warnings: { READER_BUFFER_FILLING: 1 }, warnedAt: new Map([['READER_BUFFER_FILLING', now]]) },
    {},
  ],
  ['READER_TOO_WEAK', 'warn', { rejected: { BELOW_FLOOR: 195 } }, { rejected: { BELOW_FLOOR: 150 } }],
  ['READER_REJECTS', 'warn', { rejected: { BAD_CHECKSUM: 50 } }, { rejected: { REPEAT: 190, BAD_CHECKSUM: 1 } }],
  [
    'READER_TOO_LARGE',
    'warn',
    remarked('READER_TOO_LARGE', { size: 20_000_000, limit: 16_777_216 }, now - minute),
    remarked('READER_TOO_LARGE', { size: 20_000_000, limit: 16_777_216 }, hourAgo),
  ],
  [
    'READER_COLUMN_MISSING',
    'warn',
    remarked('READER_COLUMN_MISSING', { missing: 'rssi', there: 'epc, ant' }, now),
    remarked('READER_COLUMN_MISSING', { missing: 'rssi', there: 'epc, ant' }, hourAgo),
  ],
  ['READER_TIME_UNIT', 'warn', remarked('READER_TIME_UNIT', { found: 's', due: 'ms' }, now), {}],
  ['READER_TIME_ZONE', 'ok', remarked('READER_TIME_ZONE', { zone: 'Asia/Taipei' }, now), {}],
  ['READER_NO_TIME_ZONE', 'warn', remarked('READER_NO_TIME_ZONE', {}, now), {}],
];

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
    expect(words('READER_TIME_UNIT', { found: 's', due: 'ms' })).toMatchObject({
      text: 'The times of reader r1 come in s where ms is due; they are taken as s.',
      next: 'Let the reader send ms, or give its map the format s.',
    });
    expect(words('READER_TIME_ZONE', { zone: 'Asia/Taipei' })?.text).toContain('taken as Asia/Taipei');
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
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/readers/supervision.md'), 'utf8');
    const named = [...page.matchAll(/^\| (`READER_[A-Z_]+`(?:, `READER_[A-Z_]+`)*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/READER_[A-Z_]+/g)].map(([code]) => code),
    );
    expect(named.sort()).toEqual([...findingCodes].sort());
  });
});
