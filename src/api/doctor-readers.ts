import type { ReaderStatus } from '../readers/index.ts';
import { type Check, check, clockWarnMs } from './doctor-check.ts';

const quietMs = 10 * 60_000;

/** What is wrong with one reader: its link, its silence, its clock, what it sends; `linked` false leaves its link out. */
export function checkReader(reader: ReaderStatus, now: number): Check[] {
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
      { ...params, error: link.error ?? '' },
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
      { ...params, lastReadAt: lastReadAt ?? '' },
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
    { reader: id, rejected: sum, reads, reasons: list },
  );
}
