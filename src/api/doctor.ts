import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DestinationStatus } from '../crm/index.ts';
import { messageOf } from '../kit/index.ts';
import type { ReaderStatus } from '../readers/index.ts';
import type { StoreHealth } from '../store/index.ts';
import type { ApiDeps } from './deps.ts';

/** One finding: `code` and `params` for programs and translations, `text` and `next` (what to do) for people. */
export type Check = {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly text: string;
  readonly next: string | null;
};

const quietMs = 10 * 60_000;
const clockWarnMs = 2000;
const mb = 1024 * 1024;
const lowSpace = 1024 * mb;
const noSpace = 100 * mb;
/** No gateway of this version ran before this day. */
const epoch = Date.parse('2026-01-01T00:00:00Z');

/** Looks at everything that can be wrong and says it in plain words, worst things included, each with the next step. */
export function examine({
  store,
  readers,
  destinations,
  clock,
}: Pick<ApiDeps, 'store' | 'readers' | 'destinations' | 'clock'>): Check[] {
  const now = clock.now();
  const health = store.health();
  const newest = store.eventsAfter(Math.max(0, store.lastSeq() - 1), 1)[0]?.recordedAt ?? null;
  return [
    checkStore(health),
    checkSpace(health.file),
    checkClock(now, newest),
    ...readers.list().flatMap((reader) => checkReader(reader, now)),
    ...destinations.status().flatMap((destination) => checkDestination(destination, now)),
  ];
}

function check(
  name: string,
  state: Check['state'],
  code: string,
  text: string,
  next: string | null = null,
  params: Check['params'] = {},
): Check {
  return { name, state, code, params, text, next };
}

function checkStore({ writable, file, journalMode, synchronous }: StoreHealth): Check {
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
  const next = 'Switch on time synchronisation (timedatectl set-ntp true) and restart the gateway.';
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

function checkReader(reader: ReaderStatus, now: number): Check[] {
  const name = `reader ${reader.id}`;
  const found = [linkCheck(reader, name, now), offsetCheck(reader, name), rejectedCheck(reader, name)];
  return found.filter((entry) => entry !== null);
}

function linkCheck({ id, link, online, lastReadAt }: ReaderStatus, name: string, now: number): Check {
  const params = { reader: id, address: link.address, state: link.state };
  if (link.state !== 'open') {
    const why = (link.error ?? 'it is being opened').replace(/\.$/, '');
    return check(
      name,
      'fail',
      'READER_OFFLINE',
      `Reader ${id} is not connected (${link.address}): ${why}.`,
      'Check its power, its cable or network, and the address in the configuration.',
      params,
    );
  }
  if (online === false) {
    return check(
      name,
      'fail',
      'READER_GONE',
      `The broker is reached, but reader ${id} says that it is offline.`,
      'Check the reader’s power and network, and its own broker settings.',
      params,
    );
  }
  if (lastReadAt === null || now - lastReadAt > quietMs) {
    const since =
      lastReadAt === null
        ? 'and has read no tag since the start'
        : `but has read no tag since ${new Date(lastReadAt).toISOString()}`;
    const fresh = now - link.since < quietMs;
    return check(
      name,
      fresh && lastReadAt === null ? 'ok' : 'warn',
      'READER_QUIET',
      `Reader ${id} is connected ${since}.`,
      'Hold a tag before each antenna; if nothing comes, check antenna cables, transmit power and whether reading is started.',
      params,
    );
  }
  return check(name, 'ok', 'READER_OK', `Reader ${id} is connected and reads.`, null, params);
}

function offsetCheck({ id, clockOffsetMs }: ReaderStatus, name: string): Check | null {
  if (clockOffsetMs === null || Math.abs(clockOffsetMs) <= clockWarnMs) return null;
  const seconds = Math.round(Math.abs(clockOffsetMs) / 1000);
  const text = `The clock of reader ${id} is ${seconds} s ${clockOffsetMs > 0 ? 'ahead of' : 'behind'} ours.`;
  return check(name, 'warn', 'READER_CLOCK', text, 'Set the same NTP server on the reader as here.', {
    reader: id,
    offsetMs: Math.round(clockOffsetMs),
  });
}

/** Reads that rightly have no effect of their own: most of what a reader sends in a good store. */
const ordinary: ReadonlySet<string> = new Set([
  'REPEAT',
  'DUPLICATE',
  'LATE',
  'STRAY',
  'BELOW_FLOOR',
  'NO_CONSENT',
  'NO_TAG',
]);

function rejectedCheck({ id, rejected, reads }: ReaderStatus, name: string): Check | null {
  const reasons = Object.entries(rejected).filter(([reason, count]) => count > 0 && !ordinary.has(reason));
  const sum = reasons.reduce((total, [, count]) => total + count, 0);
  // Some noise is normal on a serial line; more than one in a hundred is a fault.
  if (sum < 10 || sum * 100 < reads) return null;
  const list = reasons.map(([reason, count]) => `${reason} ${count}`).join(', ');
  return check(
    name,
    'warn',
    'READER_REJECTS',
    `Much of what reader ${id} sent had no effect: ${list}.`,
    `Look at the samples under GET /api/v1/readers/${id}; check profile, baud rate and cabling.`,
    { reader: id, rejected: sum, reads },
  );
}

function checkDestination(to: DestinationStatus, now: number): Check[] {
  const name = `destination ${to.id}`;
  const found = [deliveryCheck(to, name, now)];
  if (to.dead > 0) {
    found.push(
      check(
        name,
        'warn',
        'DESTINATION_DEAD',
        `${to.dead} events were refused for good by ${to.id}.`,
        `See why under GET /api/v1/destinations/${to.id}/dead-letters, cure it, and resend them.`,
        { destination: to.id, dead: to.dead },
      ),
    );
  }
  return found;
}

function deliveryCheck(to: DestinationStatus, name: string, now: number): Check {
  const params = { destination: to.id, waiting: to.waiting, failures: to.failures };
  const waits =
    to.oldestWaitingAt === null
      ? ''
      : `; ${to.waiting} events wait, the oldest for ${Math.max(0, Math.round((now - to.oldestWaitingAt) / 1000))} s`;
  const why = to.lastError === null ? '' : `: ${to.lastError}`;
  if (to.state === 'ok')
    return check(name, 'ok', 'DESTINATION_OK', `Delivery to ${to.id} works${waits}.`, null, params);
  if (to.state === 'disabled') {
    return check(
      name,
      'fail',
      'DESTINATION_DISABLED',
      `Delivery to ${to.id} is switched off${why}${waits}.`,
      `Ask the CRM's owner, then POST /api/v1/destinations/${to.id}/enable.`,
      params,
    );
  }
  const state = to.state === 'paused' ? 'fail' : 'warn';
  return check(
    name,
    state,
    `DESTINATION_${to.state.toUpperCase()}`,
    `Delivery to ${to.id} fails at present${why}${waits}.`,
    'Nothing is lost and it is tried again by itself; check that the CRM runs and that its address and secret are right.',
    params,
  );
}
