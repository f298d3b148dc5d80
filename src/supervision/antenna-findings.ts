import type { AntennaHealth } from '../readers/index.ts';
import type { Facts } from './facts.ts';
import type { Row } from './finding.ts';

const HOUR = 3_600_000;
const HOT_MS = 15 * 60_000;
/** Working minutes of its reader after which a configured antenna should have read something. */
const NEVER_AFTER_MINUTES = 60;

/** What is wrong with antennas and radio of a reader that is connected. */
export const antennaFindings: readonly Row[] = [
  {
    code: 'READER_ANTENNA_OFF',
    state: 'warn',
    holds: (facts) => (areAllOff(facts) ? null : portsOf(facts, 'off')),
    text: 'Reader {reader} says that nothing is connected to its antenna port {antennas}.',
    next: 'Check the antenna cable at both ends; take the port out of the configuration when it is not used.',
  },
  {
    code: 'READER_ANTENNA_DEAD',
    state: 'warn',
    holds: (facts) => portsOf(facts, 'dead'),
    text: 'Antenna {antennas} of reader {reader} reads nothing while the others read; usual are {usual} reads per second.',
    next: 'Hold a tag before it: if it is not read, change its cable with that of an antenna that works. Where the goods were taken away this is right, and forgotten after some days.',
  },
  {
    code: 'READER_ANTENNA_QUIET',
    state: 'warn',
    holds: (facts) => portsOf(facts, 'quiet'),
    text: 'Antenna {antennas} of reader {reader} reads less than a fifth of what is usual for it, {usual} reads per second.',
    next: 'Check its cable and whether something of metal stands before it. Where goods were taken away this is right, and forgotten after some days.',
  },
  {
    code: 'READER_ANTENNA_NEVER',
    state: 'warn',
    holds: (facts) => {
      // Reports that name no antenna may be of any of them.
      const isUnnamed = facts.antennas.some(({ antenna, reads }) => antenna === null && reads > 0);
      if (facts.worked < NEVER_AFTER_MINUTES || isUnnamed) return null;
      const never = facts.antennas.filter(({ reads, baseline }) => reads === 0 && (baseline ?? 0) === 0);
      const ports = never.flatMap(({ antenna, health }) => (antenna === null || health === 'off' ? [] : [antenna]));
      return ports.length === 0 ? null : { antennas: ports.join(', ') };
    },
    text: 'Antenna {antennas} of reader {reader} has read nothing since the start, while the others read.',
    next: 'Check that an antenna is on that port, and that the configuration names the right one.',
  },
  {
    code: 'READER_ANTENNA_BAD',
    state: 'warn',
    holds: (facts) => complaint(facts, 'antenna', HOUR),
    text: 'Reader {reader} complains of an antenna: {error}.',
    next: 'Check the antenna’s cable and plug (high return loss: the power comes back), and that the antenna is for this band.',
  },
  {
    code: 'READER_HOT',
    state: 'warn',
    holds: (facts) => complaint(facts, 'temperature', HOT_MS),
    text: 'Reader {reader} is too hot and pauses: {error}.',
    next: 'Give it air, lower power in the configuration, or let it rest between rounds.',
  },
  {
    code: 'READER_COMPLAINS',
    state: 'warn',
    holds: (facts) => {
      const known = ['antenna', 'temperature'];
      const other = facts.condition.complaints.find(({ error, at }) => !known.includes(error) && facts.now - at < HOUR);
      return other === undefined ? null : { error: other.text, count: other.count };
    },
    text: 'Reader {reader} complains: {error}.',
    next: 'The reader’s manual says what it means; its own page may say more.',
  },
];

/** Every antenna of the configuration is off; a port that is not of the configuration says nothing. */
export function areAllOff({ antennas }: Facts): boolean {
  const configured = antennas.filter(({ readPoint }) => readPoint !== null);
  return configured.length > 0 && configured.every(({ health }) => health === 'off');
}

/** The ports in that health, and what is usual for the first of them. */
function portsOf({ antennas }: Facts, word: AntennaHealth) {
  const found = antennas.filter(({ health, antenna }) => health === word && antenna !== null);
  const [first] = found;
  if (first === undefined) return null;
  return { antennas: found.map(({ antenna }) => antenna).join(', '), usual: first.baseline ?? 0 };
}

function complaint({ condition, now }: Facts, word: string, withinMs: number) {
  const found = condition.complaints.find(({ error }) => error === word);
  return found === undefined || now - found.at > withinMs ? null : { error: found.text, count: found.count };
}
