import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreHealth } from '../../journal/index.ts';
import { GatewayError, messageOf } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkBrokerDoor } from './broker.ts';
import { type Check, check, clockWarnMs } from './check.ts';
import { checkConfiguration } from './configuration.ts';
import { checkDestination } from './destinations.ts';
import { checkBroker, checkHttp } from './network.ts';
import { checkReader } from './readers.ts';

const mb = 1024 * 1024;
const lowSpace = 1024 * mb;
const noSpace = 100 * mb;
/** No gateway of this version ran before this day. */
const epoch = Date.parse('2026-01-01T00:00:00Z');

/** Looks at everything that can be wrong and says it in plain words, worst things included, each with the next step. */
export async function examine({
  store,
  readers,
  destinations,
  clock,
  http,
  broker,
  configuration,
}: Pick<ApiDeps, 'store' | 'readers' | 'destinations' | 'clock' | 'http' | 'broker' | 'configuration'>): Promise<
  Check[]
> {
  const now = clock.now();
  const newest = unlessFailed(() => store.facts(Math.max(0, store.lastSeq() - 1), 1)[0]?.recordedAt ?? null, null);
  const sent = unlessFailed(() => destinations.status(), []);
  const keys = unlessFailed(() => store.keys.list(), null);
  // what the looks before it met stands in it
  const health = await store.health();
  const list = readers.list();
  const brokerChecks = broker === undefined ? [] : checkBroker(broker, list);
  // One broker that is down is one fault, not one of every reader behind it.
  const down = brokerChecks.some(({ code }) => code === 'BROKER_OFFLINE');
  return [
    ...checkConfiguration(configuration),
    checkStore(health),
    checkSpace(health.file),
    checkClock(now, newest),
    ...checkHttp(http),
    ...brokerChecks,
    ...(broker === undefined ? [] : checkBrokerDoor(broker, keys, now)),
    ...list.filter(({ id }) => !(down && broker?.readers.includes(id))).flatMap(checkReader),
    ...sent.flatMap((destination) => checkDestination(destination, now)),
  ];
}

/** What a damaged database cannot tell is no reason to say nothing else. */
function unlessFailed<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return otherwise;
  }
}

function checkStore({ writable, damage, file, journalMode, synchronous }: StoreHealth): Check {
  if (damage !== null)
    return check(
      'store',
      'fail',
      'STORE_DAMAGED',
      damage,
      'Stop the gateway and restore the last backup: silentgate restore FILE.',
      { file },
    );
  if (writable)
    return check(
      'store',
      'ok',
      'STORE_OK',
      `The database can be written (${journalMode}, synchronous ${synchronous}).`,
      null,
      { file },
    );
  return check(
    'store',
    'fail',
    'STORE_UNWRITABLE',
    `The database ${file} cannot be written.`,
    'Check the disk and who owns the folder.',
    { file },
  );
}

function checkSpace(file: string): Check {
  const folder = dirname(file);
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = Math.floor((bavail * bsize) / mb);
    const text = `${free} MB are free on the disk that holds the database.`;
    const params = { folder, freeMb: free };
    if (bavail * bsize >= lowSpace) return check('disk', 'ok', 'DISK_OK', text, null, params);
    const full = bavail * bsize < noSpace;
    return check(
      'disk',
      full ? 'fail' : 'warn',
      full ? 'DISK_FULL' : 'DISK_LOW',
      text,
      'Make room: remove old backups and logs.',
      params,
    );
  } catch (error) {
    return check(
      'disk',
      'warn',
      'DISK_UNKNOWN',
      `Free space cannot be told: ${messageOf(error)}.`,
      `Check that ${folder} is there.`,
      { folder },
    );
  }
}

function checkClock(now: number, newest: number | null): Check {
  const shown = new Date(now).toISOString();
  const next = 'Switch on time synchronisation (timedatectl set-ntp true).';
  if (now < epoch)
    return check('clock', 'fail', 'CLOCK_WRONG', `The clock says ${shown}, which cannot be.`, next, { now });
  if (newest !== null && newest > now + clockWarnMs) {
    return check(
      'clock',
      'fail',
      'CLOCK_BACK',
      `The clock says ${shown}, earlier than the newest event on record.`,
      next,
      { now, newest },
    );
  }
  return check('clock', 'ok', 'CLOCK_OK', `The clock says ${shown}.`, null, { now });
}
