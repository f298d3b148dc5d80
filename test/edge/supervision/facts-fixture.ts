import { said } from '../../../src/kit/index.ts';
import type { AntennaStatus } from '../../../src/readers/status.ts';
import type { Effect } from '../../../src/supervision/effects.ts';
import type { Facts } from '../../../src/supervision/facts.ts';
import type { SessionFact } from '../../../src/supervision/session-fact.ts';

export const now = Date.parse('2026-11-21T09:00:00Z');
export const minute = 60_000;

export const antenna = (port: number, more: Partial<AntennaStatus> = {}): AntennaStatus => ({
  antenna: port,
  readPoint: 'dock',
  reads: 100,
  rate: 1,
  lastReadAt: now - 1000,
  baseline: 1.5,
  health: 'ok',
  ...more,
});

/** A configuration that asks for nothing. */
export const set = { power: null, mostPower: null, isFiltered: false };

/** Reads that have effect. */
export const effect = (more: Partial<Effect> = {}): Effect => ({
  any: true,
  fruitless: 0,
  since: 0,
  reasons: {},
  waiting: 0,
  ...more,
});

/** The facts of a reader where all is well. */
export function factsOf(more: Partial<Facts> = {}): Facts {
  return {
    now,
    id: 'r1',
    link: { state: 'open', since: now - 60 * minute, error: null, fault: null, address: '10.0.0.5:5084' },
    online: null,
    session: { state: 'running', onlySends: false, since: now - 60 * minute, trouble: null },
    condition: { inventory: null, trigger: null, antennasOff: [], complaints: [], remarks: new Map() },
    silentS: null,
    lastReadAt: now - 1000,
    reads: 200,
    antennas: [antenna(1), antenna(2)],
    effects: { all: effect(), antennas: new Map(), crowdedAt: null },
    worked: 60,
    usual: null,
    rejected: {},
    warnings: {},
    warnedAt: new Map(),
    lacks: [],
    unreadable: null,
    clock: null,
    missing: { count: 0, at: null },
    isUnstable: false,
    restartsOften: false,
    set,
    ...more,
  };
}

/** A session whose set-up fails. */
export function failedBy(about: string, more: Partial<NonNullable<SessionFact['trouble']>> = {}): SessionFact {
  const trouble = {
    code: 'READER_REFUSED',
    about,
    error: null,
    fault: said(`It said no to ${about}.`),
    at: now,
    ...more,
  } as const;
  return { state: 'failed', onlySends: false, since: now - minute, trouble };
}
