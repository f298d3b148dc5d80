import { areAllOff } from './antenna-findings.ts';
import { effectFindings } from './effect-findings.ts';
import type { Facts } from './facts.ts';
import type { Row } from './finding.ts';

const QUIET_MS = 10 * 60_000;
const SETTLING_MS = 15_000;
/** Below this share of minutes with reads an hour is one in which nothing is expected. */
const QUIET_SHARE = 0.2;
/** So far below its most, a reader hears a tag at a quarter of the distance. */
const LOW_BY_DB = 10;
const LOW_DBM = 18;

/** Why a reader that is connected reads no tag: the likeliest cause first. */
export const silenceFindings: readonly Row[] = [
  {
    code: 'READER_HALTED',
    state: 'warn',
    holds: ({ session }) => (session.state === 'halted' ? {} : null),
    text: 'Reader {reader} is connected and reads nothing because somebody told it to stop.',
    next: 'silentgate reader start {reader} lets it read again.',
  },
  {
    code: 'READER_ANTENNAS_OFF',
    state: 'fail',
    holds: (facts) => (areAllOff(facts) ? { antennas: facts.condition.antennasOff.join(', ') } : null),
    text: 'Reader {reader} reads nothing: it says that no antenna is connected to its ports {antennas}.',
    next: 'Check the antenna cables at both ends, and that the antennas are on the ports that the configuration names.',
  },
  {
    code: 'READER_STOPPED',
    state: 'warn',
    holds: (facts) => (saysFor(facts, 'stopped') >= SETTLING_MS && facts.condition.trigger !== 'gpi' ? {} : null),
    text: 'Reader {reader} is connected, but says that it is not taking inventory.',
    next: 'Start the inventory on the reader’s own page, and see that it starts by itself after a restart; or set off the trigger (GPI) that starts it.',
  },
  ...effectFindings.filter(({ state }) => state !== 'ok'),
  {
    code: 'READER_ARMED',
    state: ({ lastReadAt }) => (lastReadAt === null ? 'warn' : 'ok'),
    holds: (facts) => {
      const isArmed = saysFor(facts, 'armed') >= SETTLING_MS || (facts.condition.trigger === 'gpi' && isQuiet(facts));
      return isArmed ? { lastReadAt: facts.lastReadAt ?? '' } : null;
    },
    text: 'Reader {reader} is armed: it waits for its trigger (GPI) and reads nothing until that comes.',
    next: 'Walk through the light barrier; if nothing comes, check the wiring of the GPI, or let the reader read all the time.',
  },
  {
    code: 'READER_FILTER',
    state: 'warn',
    holds: (facts) => (facts.set.isFiltered && isQuiet(facts) && !isUsual(facts) ? lastRead(facts) : null),
    text: 'Reader {reader} is connected and reads no tag; its filter lets only some tags through.',
    next: 'Hold a tag of your own before it; if it is not read, take filter out of the configuration and try again.',
  },
  {
    code: 'READER_POWER_LOW',
    state: 'warn',
    holds: (facts) => {
      const { power, mostPower } = facts.set;
      const isLow = power !== null && power <= (mostPower === null ? LOW_DBM : mostPower - LOW_BY_DB);
      return isLow && isQuiet(facts) && !isUsual(facts) ? { ...lastRead(facts), power } : null;
    },
    text: 'Reader {reader} is connected and reads no tag; its transmit power is set to {power} dBm only.',
    next: 'Hold a tag close to the antenna: if it is read there, raise power in the configuration.',
  },
  {
    code: 'READER_QUIET_USUAL',
    state: 'ok',
    holds: (facts) => (isQuiet(facts) && isUsual(facts) ? lastRead(facts) : null),
    text: ({ id, lastReadAt }) =>
      `Reader ${id} is connected ${lastText(lastReadAt)}, as is usual for it at this time of day.`,
    next: null,
  },
  {
    code: 'READER_QUIET',
    state: 'warn',
    holds: (facts) => (isQuiet(facts) ? lastRead(facts) : null),
    text: ({ id, lastReadAt }) => `Reader ${id} is connected ${lastText(lastReadAt)}.`,
    next: 'Hold a tag before each antenna; if nothing comes, check antenna cables, transmit power and whether reading is started.',
  },
];

/** The state of a reader of which nothing else is known. */
export const readingFindings: readonly Row[] = [
  {
    code: 'READER_ONLY_SENDS',
    state: 'warn',
    holds: ({ session }) => (session.onlySends ? {} : null),
    text: 'Reader {reader} sends reads, but answers nothing: it is only listened to, and no setting reaches it.',
    next: 'Check the line from here to the reader (our TX to its RX, or a converter that only listens); region, power and filter of the configuration have no effect until it answers.',
  },
  ...effectFindings.filter(({ state }) => state === 'ok'),
  {
    code: 'READER_WAITING',
    state: 'ok',
    holds: (facts) => (facts.lastReadAt === null ? {} : null),
    text: 'Reader {reader} is connected and has read no tag since the start.',
    next: null,
  },
  {
    code: 'READER_OK',
    state: 'ok',
    holds: () => ({}),
    text: 'Reader {reader} is connected and reads.',
    next: null,
  },
];

function isQuiet({ now, lastReadAt, link, session }: Facts): boolean {
  return now - Math.max(lastReadAt ?? 0, link.since, session.since) > QUIET_MS;
}

const isUsual = ({ usual }: Facts) => usual !== null && usual < QUIET_SHARE;
const lastRead = ({ link, lastReadAt }: Facts) => ({ address: link.address, lastReadAt: lastReadAt ?? '' });

function lastText(lastReadAt: number | null): string {
  return lastReadAt === null
    ? 'and has read no tag since the start'
    : `but has read no tag since ${new Date(lastReadAt).toISOString()}`;
}

/** For how many ms the reader has said so without a read since; -1 when it does not. */
function saysFor({ condition, lastReadAt, now }: Facts, word: 'armed' | 'stopped'): number {
  const { inventory } = condition;
  if (inventory === null || inventory.is !== word || (lastReadAt ?? 0) > inventory.at) return -1;
  return now - inventory.at;
}
