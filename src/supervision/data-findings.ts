import { fruitlessReason } from './effect-findings.ts';
import type { Facts } from './facts.ts';
import type { Row } from './finding.ts';
import { isGivenUp } from './link-findings.ts';

const HOUR = 3_600_000;
const FILLING_MS = 5 * 60_000;
const CLOCK_MS = 5_000;
/** So many seconds with reads are looked at before a clock is called wrong. */
const CLOCK_SECONDS = 5;
const CURRENT_MS = 60_000;

/** What is wrong with what a reader sends, and with the way here. */
export const dataFindings: readonly Row[] = [
  {
    code: 'READER_OTHER_MODEL',
    state: 'warn',
    holds: ({ warnings }) => ((warnings['OTHER_MODEL'] ?? 0) > 0 ? {} : null),
    text: 'Reader {reader} says that it is another model than its profile is for.',
    next: 'silentgate reader detect tells which profile fits.',
  },
  {
    code: 'READER_UNSTABLE',
    state: 'warn',
    holds: (facts) => (facts.isUnstable && !isGivenUp(facts) ? {} : null),
    text: 'The connection to reader {reader} was lost again and again within the last hour.',
    next: 'Check cable, plug and power supply; on a network, look for a second device with the same address.',
  },
  {
    code: 'READER_RESTARTS',
    state: 'warn',
    holds: ({ restartsOften }) => (restartsOften ? {} : null),
    text: 'Reader {reader} began anew again and again within the last hour.',
    next: 'Its power supply may be too weak for its transmit power: a USB port gives less than a mains adapter.',
  },
  {
    code: 'READER_CLOCK',
    state: 'warn',
    holds: ({ clock }) => {
      if (clock === null || clock.seconds < CLOCK_SECONDS || clock.spreadMs > CLOCK_MS) return null;
      return Math.abs(clock.offsetMs) > CLOCK_MS ? { offsetMs: Math.round(clock.offsetMs) } : null;
    },
    text: ({ id }, { offsetMs }) => {
      const seconds = Math.round(Math.abs(Number(offsetMs)) / 1000);
      return `The clock of reader ${id} is ${seconds} s ${Number(offsetMs) > 0 ? 'ahead of' : 'behind'} ours.`;
    },
    next: 'Set the same NTP server on the reader as here.',
  },
  {
    code: 'READER_CATCHING_UP',
    state: 'ok',
    holds: ({ clock, lastReadAt, now }) => {
      const isCurrent = lastReadAt !== null && now - lastReadAt < CURRENT_MS;
      if (!isCurrent || clock === null || clock.spreadMs <= CLOCK_MS || clock.offsetMs >= -CLOCK_MS) return null;
      return { lateS: Math.round(-clock.offsetMs / 1000) };
    },
    text: 'Reader {reader} delivers reads that it had kept while it was cut off, {lateS} s old.',
    next: null,
  },
  {
    code: 'READER_GAPS',
    state: 'warn',
    holds: ({ missing, now }) => (missing.at === null || now - missing.at > HOUR ? null : { missing: missing.count }),
    text: 'Reader {reader} numbers its reads, and {missing} of them never came.',
    next: 'Check the broker’s queue limits (docs/mosquitto.md), QoS 1 on the reader, and that its buffer is large enough.',
  },
  {
    code: 'READER_OVERFLOW',
    state: 'warn',
    holds: (facts) => warnedWithin(facts, ['READER_OVERFLOW', 'READER_DROPPED'], HOUR),
    text: 'Reader {reader} lost reads because its own memory was full.',
    next: 'Check the network to the reader; on the reader, make its buffer as large as it can be, or let it report less often.',
  },
  {
    code: 'READER_BUFFER_FILLING',
    state: 'warn',
    holds: (facts) => warnedWithin(facts, ['READER_BUFFER_FILLING'], FILLING_MS),
    text: 'The memory of reader {reader} is filling up: its reads come here more slowly than it makes them.',
    next: 'Check the network to the reader and how busy this machine is.',
  },
  {
    code: 'READER_PC_WORD',
    state: 'warn',
    holds: (facts) => warnedWithin(facts, ['PC_WORD'], HOUR),
    text: 'Reader {reader} puts the PC word in front of the EPC ({count} reads). It was cut off where it is certain to be one.',
    next: 'Set the reader to report the EPC alone (“PC+EPC” or “PC” off in its output format), or give the PC word a field of its own in its map.',
  },
  {
    code: 'READER_TOO_WEAK',
    state: 'warn',
    holds: (facts) => {
      const { rejected, reads } = facts;
      const weak = rejected['BELOW_FLOOR'] ?? 0;
      // Where all of it is too weak, READER_ALL_WEAK says so.
      return fruitlessReason(facts) !== 'BELOW_FLOOR' && reads >= 20 && weak * 20 >= reads * 19
        ? { rejected: weak, reads }
        : null;
    },
    text: 'Reader {reader} reads, but nearly all of it ({rejected} of {reads}) is filtered out as too weak.',
    next: 'Lower minRssi of its read points in the configuration, or bring antenna and tags closer together.',
  },
  {
    code: 'READER_REJECTS',
    state: 'warn',
    holds: (facts) => {
      if (isGivenUp(facts)) return null;
      const { rejected, reads } = facts;
      // What a finding of its own says is not said again, with advice that does not fit.
      const said = fruitlessReason(facts);
      const isFault = (reason: string) => !ordinary.has(reason) && reason !== said;
      const reasons = Object.entries(rejected).filter(([reason, count]) => count > 0 && isFault(reason));
      const sum = reasons.reduce((total, [, count]) => total + count, 0);
      // Some noise is normal on a serial line; more than one in a hundred is a fault.
      if (sum < 10 || sum * 100 < reads) return null;
      return { rejected: sum, reads, reasons: reasons.map(([reason, count]) => `${reason} ${count}`).join(', ') };
    },
    text: 'Much of what reader {reader} sent had no effect: {reasons}.',
    next: 'Look at the samples under GET /api/v1/readers/{reader}; check profile, baud rate and cabling.',
  },
];

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

/** How often these warnings were given since the start, where the newest is not older than that. */
function warnedWithin({ warnings, warnedAt, now }: Facts, codes: readonly string[], ms: number) {
  const isNew = codes.some((code) => now - (warnedAt.get(code) ?? Number.NEGATIVE_INFINITY) <= ms);
  return isNew ? { count: codes.reduce((sum, code) => sum + (warnings[code] ?? 0), 0) } : null;
}
