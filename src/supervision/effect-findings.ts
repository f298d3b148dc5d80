import type { Effect } from './effects.ts';
import type { Facts } from './facts.ts';
import type { Row, Values } from './finding.ts';

const HOUR = 3_600_000;
/** A reader that has worked, or an antenna beside others that work, is judged by so many reads. */
const MANY = 100;
const SOME = 20;

/** Why a reader that reads tags might as well not: the reason that most of its reads without effect have. */
export const effectFindings: readonly Row[] = [
  {
    code: 'READER_UNPLACED',
    state: 'warn',
    holds: (facts) => fruitlessBy(facts, 'NO_READ_POINT'),
    text: 'Reader {reader} reads tags, but none of it has effect: no read point belongs to the antenna that is named, or none is named (reads: {reads}).',
    next: 'Name a read point for each of its antennas in the configuration. Reports that name no antenna need a reader with one read point.',
  },
  {
    code: 'READER_ALL_WEAK',
    state: 'warn',
    holds: (facts) => fruitlessBy(facts, 'BELOW_FLOOR'),
    text: 'Reader {reader} reads tags, but none of it has effect: too weak for the read point (reads: {reads}).',
    next: 'Lower minRssi of its read points in the configuration, or bring antenna and tags closer together.',
  },
  {
    code: 'READER_ALL_STRAYS',
    state: 'warn',
    holds: (facts) => fruitlessBy(facts, 'STRAY'),
    text: 'Reader {reader} reads nothing but strays: no tag was read often enough to count as being there, so none has effect (tags: {reads}).',
    next: 'Bring tags and antenna closer together, or raise the power. Where the reader reports each tag only once, its read point should be of kind handheld or desk, or its map should say round: true.',
  },
  {
    code: 'READER_ALL_COPIES',
    state: 'warn',
    holds: (facts) => fruitlessBy(facts, 'DUPLICATE') ?? fruitlessBy(facts, 'LATE'),
    text: 'Reader {reader} reads tags, but none of it has effect: its reports carry times that were reported before (reports: {reads}).',
    next: 'Check that the clock of the reader goes, and that its messages are not published twice or from a recording.',
  },
  {
    code: 'READER_CROWDED',
    state: 'fail',
    // The tags that are there already go on having effect: what new ones find is no room.
    holds: (facts) => crowdedNow(facts) ?? fruitlessBy(facts, 'PRESENCE_FULL'),
    text: 'More tags are present than the gateway keeps: further tags that reader {reader} reads have no effect.',
    next: 'Raise presence.memory in the configuration, or find the read point that keeps too many tags (GET /api/v1/locations) and lower its departAfterMs.',
  },
  {
    code: 'READER_UNCONFIRMED',
    state: 'ok',
    holds: ({ effects: { all } }) => (all.any || all.waiting === 0 ? null : { reads: all.waiting }),
    text: 'Reader {reader} is connected and reads; its first tags wait for a second read.',
    next: null,
  },
];

/** What stands beside the reader's main state: one of its read points might as well not read. */
export const antennaEffectFindings: readonly Row[] = [
  {
    code: 'READER_ANTENNA_NO_EFFECT',
    state: 'warn',
    holds: (facts) => (isFruitless(facts.effects.all, facts.now) ? null : fruitlessAntennas(facts)),
    text: 'Antenna {antennas} of reader {reader} reads tags, but none of it has effect: {reasons}.',
    next: 'STRAY: tags are too far away or read too seldom. BELOW_FLOOR: minRssi is too high. NO_READ_POINT: the antenna has no read point in the configuration.',
  },
];

/** The reason that most reads of a reader have which might as well not read; null for any other reader. */
export function fruitlessReason({ effects: { all }, now }: Facts): string | null {
  return isFruitless(all, now) ? mainReason(all) : null;
}

function fruitlessBy(facts: Facts, reason: string): Values | null {
  return fruitlessReason(facts) === reason ? { reads: facts.effects.all.reasons[reason] ?? 0 } : null;
}

function crowdedNow({ effects: { crowdedAt }, now }: Facts): Values | null {
  return crowdedAt !== null && now - crowdedAt < HOUR ? {} : null;
}

/** Nothing ever had an effect, or nothing has for long. */
function isFruitless({ any, fruitless, since }: Effect, now: number): boolean {
  return fruitless > 0 && (!any || (fruitless >= MANY && now - since >= HOUR));
}

function mainReason({ reasons }: Effect): string | null {
  const [first] = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

function fruitlessAntennas({ effects, now }: Facts): Values | null {
  const found = [...effects.antennas].filter(([, effect]) => effect.fruitless >= SOME && isFruitless(effect, now));
  if (found.length === 0) return null;
  const reasons = found.map(([, effect]) => `${mainReason(effect)} ${effect.fruitless}`);
  return { antennas: found.map(([port]) => port ?? '–').join(', '), reasons: reasons.join(', ') };
}
