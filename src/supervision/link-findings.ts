import { type Fault, isSameFault, sentenceOf } from '../kit/index.ts';
import type { Trouble } from '../readers/index.ts';
import type { Facts } from './facts.ts';
import type { Row } from './finding.ts';

/** A refusal older than this, of a reader that is not connected now, says nothing of now. */
const CURRENT_MS = 30_000;
const withoutPoint = (text: string) => text.replace(/\.$/, '');

/** Why a reader is not heard, or could not be set up. */
export const linkFindings: readonly Row[] = [
  {
    code: 'READER_IN_USE',
    state: 'fail',
    // Before the link: such a reader hangs up, and is dialled again and again.
    holds: (facts) => (isCurrent(facts) ? troubleOf(facts, ['otherClient', 'otherRoSpec']) : null),
    faults: troubleFault,
    text: 'Reader {reader} is used by another program. {error}',
    next: 'End the other program, or take the reader over with takeOver: true where it only left its work behind.',
  },
  {
    code: 'READER_LOGIN_REFUSED',
    state: 'fail',
    holds: (facts) => (isCurrent(facts) ? troubleOf(facts, ['login']) : null),
    faults: troubleFault,
    text: 'Reader {reader} does not let the gateway in. {error}',
    next: 'Correct login of this reader in the configuration: the user name, and the secret that holds the password.',
  },
  {
    code: 'READER_LOGIN_MISSING',
    state: 'fail',
    holds: (facts) => (isCurrent(facts) ? troubleOf(facts, ['noLogin']) : null),
    faults: troubleFault,
    text: 'Reader {reader} does not let the gateway in. {error}',
    next: 'Add login, with username and password, to this reader in the configuration.',
  },
  {
    code: 'READER_UNREADABLE',
    state: 'fail',
    // The link keeps the reason until it has done a minute of good work, also while it is open again.
    holds: ({ link, unreadable }) => (isUnreadable({ link, unreadable }) ? { address: link.address } : null),
    faults: linkFault,
    text: 'What reader {reader} sends cannot be read on, so its connection is opened anew again and again, after a pause each time. {error}',
    next: 'Check that its address and port are those of LLRP and that nothing else writes on that connection; then update the reader’s firmware. What it sends between is read.',
  },
  {
    code: 'READER_OFFLINE',
    state: 'fail',
    holds: ({ link }) => (link.state === 'open' ? null : { address: link.address, state: link.state }),
    faults: linkFault,
    text: ({ id, link }) =>
      `Reader ${id} is not connected (${link.address}): ${withoutPoint(link.fault === null ? 'it is being opened' : sentenceOf(link.fault))}.`,
    next: 'Check its power, its cable or network, and the address in the configuration.',
  },
  {
    code: 'READER_GONE',
    state: 'fail',
    holds: ({ online, link }) => (online === false ? { address: link.address, state: link.state } : null),
    text: 'The broker is reached, but reader {reader} says that it is offline.',
    next: 'Check the reader’s power and network, and its own broker settings.',
  },
  {
    code: 'READER_SILENT',
    state: 'fail',
    holds: ({ silentS }) => (silentS === null ? null : { silentS }),
    text: 'Reader {reader} has missed its heartbeats: not a word from it for {silentS} s.',
    next: 'Check the reader’s power and network; its last word was that all is well, so it was cut off.',
  },
  {
    code: 'READER_REGION_REFUSED',
    state: 'fail',
    holds: (facts) => troubleOf(facts, ['setRegion', 'getRegion', 'setChannel', 'region', 'frequency']),
    faults: troubleFault,
    text: 'Reader {reader} reads nothing because its region is not settled. {error}',
    next: 'Set region in the configuration to one that the reader was made for and the law here allows.',
  },
  {
    code: 'READER_POWER_REFUSED',
    state: 'fail',
    holds: (facts) => troubleOf(facts, ['setPower', 'getPower', 'power']),
    faults: troubleFault,
    text: 'Reader {reader} reads nothing because it refuses its transmit power. {error}',
    next: 'Set power in the configuration to what the reader and its region allow.',
  },
  {
    code: 'READER_ANTENNA_REFUSED',
    state: 'fail',
    holds: (facts) => troubleOf(facts, ['setAntenna', 'setAntennas', 'antenna']),
    faults: troubleFault,
    text: 'Reader {reader} reads nothing because it refuses its antennas. {error}',
    next: 'Check that antennas in the configuration names ports that the reader has, and that each has an antenna on it.',
  },
  {
    code: 'READER_ROSPEC_REFUSED',
    state: 'fail',
    holds: (facts) => troubleOf(facts, ['ADD_ROSPEC', 'ENABLE_ROSPEC', 'START_ROSPEC']),
    faults: troubleFault,
    text: 'Reader {reader} reads nothing because it refuses its reading plan (ROSpec). {error}',
    next: 'Take power, session and antennas out of the configuration one by one: one of them is not for this reader.',
  },
  {
    code: 'READER_REFUSED',
    state: 'fail',
    holds: (facts) => (facts.session.trouble?.code === 'READER_REFUSED' ? troubleOf(facts, null) : null),
    faults: troubleFault,
    text: 'Reader {reader} reads nothing because it cannot be set up. {error}',
    next: 'Check that the profile in the configuration is for this model: silentgate reader detect tells which one it is.',
  },
  {
    code: 'READER_NO_ANSWER',
    state: 'fail',
    holds: (facts) => troubleOf(facts, null),
    faults: troubleFault,
    text: 'The link to reader {reader} is open, but nothing that answers as its profile says is on it. {error}',
    next: 'Check power, cable, port and baud rate; silentgate reader detect finds what is connected.',
  },
  {
    code: 'READER_UNSTEADY',
    state: 'warn',
    holds: ({ link }) => (link.fault === null ? null : { address: link.address }),
    faults: linkFault,
    text: 'The link to reader {reader} is open, but not well: it was lost or given up soon after it was opened, or a part of it is refused. {error}',
    next: 'Check cable, plug and power supply, and whether another program or device takes the connection; at a broker, the rights of the gateway’s account.',
  },
];

/** Beside another state too, and before “it reads”: a reader that reads and is not well. */
export const unwellFindings: readonly Row[] = [
  {
    code: 'READER_PARTLY_SET_UP',
    state: 'warn',
    holds: ({ lacks }) => (lacks.length === 0 ? null : {}),
    faults: ({ lacks }) => lacks,
    text: 'Reader {reader} refuses a part of its set-up and is read without it. {error}.',
    next: 'Check that the profile is for this model, and update the reader’s firmware; silentgate reader detect tells which profile fits.',
  },
];

/** It is the gateway that gives the connection up, again and again, for a reason that is the main state. */
export function isGivenUp(facts: Facts): boolean {
  return isUnreadable(facts) || (isCurrent(facts) && troubleOf(facts, ['login', 'noLogin']) !== null);
}

function isUnreadable({ link, unreadable }: Pick<Facts, 'link' | 'unreadable'>): boolean {
  return unreadable !== null && isSameFault(link.fault, unreadable);
}

/** The refusal in the reader's words where it is about one of these steps, settings or neutral errors; null: about any. */
function troubleOf({ session }: Facts, about: readonly string[] | null) {
  const { trouble } = session;
  if (trouble === null || !(about === null || isAbout(trouble, about))) return null;
  return { about: trouble.about };
}

function troubleFault({ session }: Facts): readonly Fault[] {
  return session.trouble === null ? [] : [session.trouble.fault];
}

function linkFault({ link }: Facts): readonly Fault[] {
  return link.fault === null ? [] : [link.fault];
}

function isCurrent({ link, session, now }: Facts): boolean {
  return link.state === 'open' || now - (session.trouble?.at ?? 0) < CURRENT_MS;
}

function isAbout(trouble: Trouble, words: readonly string[]): boolean {
  if (trouble.code === 'READER_TIMEOUT' || trouble.code === 'LINK_LOST') return false;
  return words.includes(trouble.about) || (trouble.error !== null && words.includes(trouble.error));
}
