import { said } from '../../../src/kit/index.ts';
import type { Remark, RemarkCode } from '../../../src/protocols/sign.ts';
import type { FindingCode } from '../../../src/readers/finding-codes.ts';
import type { Condition } from '../../../src/supervision/condition.ts';
import type { Effect } from '../../../src/supervision/effects.ts';
import type { Facts } from '../../../src/supervision/facts.ts';
import { findingsOf } from '../../../src/supervision/findings.ts';
import { antenna, effect, factsOf, failedBy, minute, now, set } from './facts-fixture.ts';

export const told = (more: Partial<Facts>) => findingsOf(factsOf(more)).map(({ code, state }) => `${code} ${state}`);
const condition = (more: Partial<Condition>) => ({ ...factsOf().condition, ...more });
const link = (more: Partial<Facts['link']>) => ({ ...factsOf().link, ...more });
const quiet = { lastReadAt: now - 11 * minute };
const never = { lastReadAt: null, reads: 0 };
export const remarked = (code: RemarkCode, params: Remark['params'], at: number) => ({
  condition: condition({ remarks: new Map([[code, { params, at }]]) }),
});
const hourAgo = now - 61 * minute;
const complaint = (error: string, at: number) => condition({ complaints: [{ error, text: error, at, count: 3 }] });

/** A reader of whose reads since the start none had effect, for this reason. */
export const fruitless = (reasons: Record<string, number>, more: Partial<Effect> = {}) => {
  const sum = Object.values(reasons).reduce((all, one) => all + one, 0);
  return {
    all: effect({ any: false, fruitless: sum, since: now - minute, reasons, ...more }),
    antennas: new Map(),
    crowdedAt: null,
  };
};
const worked = { any: true, since: now - 61 * minute };
const ofAntenna = (fruit: Partial<Effect>) => ({
  all: effect(),
  antennas: new Map([
    [1, effect()],
    [2, effect({ any: false, since: now - minute, reasons: { STRAY: 20 }, ...fruit })],
  ]),
  crowdedAt: null,
});

type Case = [code: FindingCode, state: string, holds: Partial<Facts>, not: Partial<Facts>];

/** Each code: facts on which it holds, and facts that are nearly the same on which it does not. */
const filtered = { ...set, isFiltered: true };
export const main: Case[] = [
  ['READER_HALTED', 'warn', { session: { ...factsOf().session, state: 'halted', since: now } }, {}],
  ['READER_ONLY_SENDS', 'warn', { session: { ...factsOf().session, onlySends: true } }, {}],
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
    { session: failedBy('login', { at: now - 20_000 }), link: link({ state: 'waiting' }) },
    { session: failedBy('login', { at: now - minute }), link: link({ state: 'waiting' }) },
  ],
  [
    'READER_LOGIN_MISSING',
    'fail',
    { session: failedBy('noLogin'), link: link({ state: 'waiting' }) },
    { session: failedBy('noLogin', { at: now - minute }), link: link({ state: 'waiting' }) },
  ],
  [
    'READER_UNREADABLE',
    'fail',
    { unreadable: said('it sent 0000…'), link: link({ fault: said('it sent 0000…') }) },
    { unreadable: said('it sent 0000…'), link: link({ fault: null }) },
  ],
  [
    'READER_UNREADABLE',
    'fail',
    { unreadable: said('it sent 0000…'), link: link({ state: 'waiting', fault: said('it sent 0000…') }) },
    { unreadable: said('it sent 0000…'), link: link({ state: 'waiting', fault: said('Nothing listens.') }) },
  ],
  ['READER_UNSTEADY', 'warn', { link: link({ fault: said('The device cut the connection.') }) }, {}],
  ['READER_PARTLY_SET_UP', 'warn', { lacks: [said('SET_READER_CONFIG: no events')] }, {}],
  ['READER_OFFLINE', 'fail', { link: link({ state: 'waiting', fault: said('no such device') }) }, {}],
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
  ['READER_UNPLACED', 'warn', { effects: fruitless({ NO_READ_POINT: 1 }) }, {}],
  ['READER_ALL_WEAK', 'warn', { effects: fruitless({ BELOW_FLOOR: 9, STRAY: 2 }) }, {}],
  ['READER_ALL_WEAK', 'warn', { effects: fruitless({ BELOW_FLOOR: 9 }), ...quiet }, { ...quiet }],
  ['READER_ALL_STRAYS', 'warn', { effects: fruitless({ BELOW_FLOOR: 2, STRAY: 9 }) }, {}],
  [
    'READER_ALL_STRAYS',
    'warn',
    { effects: fruitless({ STRAY: 100 }, worked) },
    { effects: fruitless({ STRAY: 99 }, worked) },
  ],
  [
    'READER_ALL_STRAYS',
    'warn',
    { effects: fruitless({ STRAY: 100 }, worked) },
    { effects: fruitless({ STRAY: 100 }, { ...worked, since: now - 59 * minute }) },
  ],
  ['READER_ALL_COPIES', 'warn', { effects: fruitless({ DUPLICATE: 3 }) }, {}],
  ['READER_ALL_COPIES', 'warn', { effects: fruitless({ LATE: 3 }) }, {}],
  ['READER_CROWDED', 'fail', { effects: fruitless({ PRESENCE_FULL: 3 }) }, {}],
  [
    'READER_CROWDED',
    'fail',
    { effects: { ...fruitless({}, { any: true, fruitless: 0 }), crowdedAt: now - 59 * minute } },
    { effects: { ...fruitless({}, { any: true, fruitless: 0 }), crowdedAt: hourAgo } },
  ],
  [
    'READER_UNCONFIRMED',
    'ok',
    { effects: fruitless({}, { fruitless: 0, waiting: 1 }) },
    { effects: fruitless({}, { fruitless: 0, waiting: 1, any: true }) },
  ],
  ['READER_QUIET_USUAL', 'ok', { ...quiet, usual: 0.05 }, { ...quiet, usual: 0.5 }],
  ['READER_QUIET', 'warn', quiet, { lastReadAt: now - 9 * minute }],
  ['READER_QUIET', 'warn', never, { ...never, link: link({ since: now - minute }) }],
  ['READER_WAITING', 'ok', { ...never, link: link({ since: now - minute }) }, {}],
  ['READER_OK', 'ok', {}, never],
];

export const beside: Case[] = [
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
  [
    'READER_ANTENNA_NO_EFFECT',
    'warn',
    { effects: ofAntenna({ fruitless: 20 }) },
    { effects: ofAntenna({ fruitless: 19 }) },
  ],
  [
    'READER_ANTENNA_NO_EFFECT',
    'warn',
    { effects: ofAntenna({ fruitless: 20 }) },
    { effects: ofAntenna({ any: true }) },
  ],
  ['READER_OTHER_MODEL', 'warn', { warnings: { OTHER_MODEL: 1 } }, {}],
  ['READER_UNSTABLE', 'warn', { isUnstable: true }, {}],
  ['READER_UNSTABLE', 'warn', { isUnstable: true }, { isUnstable: true, session: failedBy('login') }],
  ['READER_UNSTABLE', 'warn', { isUnstable: true }, { isUnstable: true, session: failedBy('noLogin') }],
  [
    'READER_REJECTS',
    'warn',
    { rejected: { BAD_LENGTH: 20 } },
    { rejected: { BAD_LENGTH: 20 }, unreadable: said('x'), link: link({ fault: said('x') }) },
  ],
  [
    'READER_UNSTABLE',
    'warn',
    { isUnstable: true },
    { isUnstable: true, unreadable: said('x'), link: link({ fault: said('x') }) },
  ],
  ['READER_PARTLY_SET_UP', 'warn', { ...quiet, lacks: [said('SET_READER_CONFIG: no events')] }, quiet],
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
  [
    'READER_PC_WORD',
    'warn',
    { warnings: { PC_WORD: 12 }, warnedAt: new Map([['PC_WORD', now - minute]]) },
    { warnings: { PC_WORD: 12 }, warnedAt: new Map([['PC_WORD', now - 61 * minute]]) },
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
  ['READER_TIME_UNIT', 'warn', remarked('READER_TIME_UNIT', { found: 's', due: 'ms', format: 's' }, now), {}],
  ['READER_TIME_ZONE', 'ok', remarked('READER_TIME_ZONE', { zone: 'Asia/Taipei' }, now), {}],
  ['READER_NO_TIME_ZONE', 'warn', remarked('READER_NO_TIME_ZONE', {}, now), {}],
];
