import type { FaultRow } from './fault-row.ts';

/** Why a reader could not be set up, or lets nobody in. What it said itself follows as the fault's cause. */
export const readerFaults = {
  READER_DEAF: {
    error: 'READER_TIMEOUT',
    text: 'The reader does not answer: check cable, power, port and baud rate.',
  },
  READER_STEP_UNANSWERED: { error: 'READER_TIMEOUT', text: 'The reader did not answer {step}.' },
  READER_STEP_REFUSED: { error: 'READER_REFUSED', text: 'The reader refused {step}.' },
  READER_STEP_GIVEN_UP: { error: 'LINK_LOST', text: '{step} was given up.' },
  READER_STEP_IMPOSSIBLE: { error: 'READER_REFUSED', text: '{profile} cannot {step} with these values.' },
  READER_NOT_SET_UP: { error: 'READER_REFUSED', text: 'The reader could not be set up.' },

  LOGIN_UNFINISHED: {
    error: 'READER_REFUSED',
    text: 'It asked for a user name and then said nothing more.',
  },
  LOGIN_REFUSED: { error: 'READER_REFUSED', text: 'It refused the user name or the password.' },
  LOGIN_IN_WORK: { error: 'READER_REFUSED', text: 'It asked for a login in the middle of the work.' },
  LOGIN_MISSING: {
    error: 'READER_REFUSED',
    text: 'It asks for a user name and password, and the configuration has none.',
  },
  LOGIN_NOT_ONE_LINE: {
    error: 'READER_REFUSED',
    text: 'The password in the configuration holds a line end or control character.',
  },

  LLRP_NOT_SPOKEN: {
    error: 'READER_TIMEOUT',
    text: 'What the device sends is not LLRP: check address and port.',
  },
  LLRP_NO_GREETING: {
    error: 'READER_TIMEOUT',
    text: 'The device does not greet as an LLRP reader does: check address, port and TLS.',
  },
  LLRP_NO_KEEPALIVES: { error: 'READER_TIMEOUT', text: 'The reader went silent: its keepalives stopped.' },
  LLRP_NO_MORE_ANSWERS: { error: 'READER_TIMEOUT', text: 'The reader went silent: it answers no more.' },
  LLRP_NO_MESSAGE: {
    error: 'READER_TIMEOUT',
    text: 'The reader does not keep to the format of LLRP: it sent {hex}… where a message should begin.',
  },
  LLRP_TOO_SHORT: {
    error: 'READER_TIMEOUT',
    text: 'The reader does not keep to the format of LLRP: its {message} says that it has {length} bytes, and a header alone has ten.',
  },
  LLRP_TOO_LARGE: {
    error: 'READER_TIMEOUT',
    text: 'The reader sends what is too large, or does not keep to the format of LLRP: its {message} has {length} bytes, and {limit} bytes (16 MiB) are the limit.',
  },
  LLRP_DIALLED_ANOTHER: {
    error: 'READER_REFUSED',
    text: 'Another program is connected to this reader, which dialled it: a reader takes one client only.',
  },
  LLRP_OTHER_CLIENT: {
    error: 'READER_REFUSED',
    text: 'Another program is connected to this reader: a reader takes one client only.',
  },
  LLRP_REFUSES_ALL: {
    error: 'READER_REFUSED',
    text: 'The reader refuses the connection and gives no reason.',
  },
  LLRP_REFUSES_ODDLY: {
    error: 'READER_REFUSED',
    text: 'The reader refuses the connection for a reason that LLRP does not have ({status}).',
  },
  LLRP_OTHER_ROSPEC: {
    error: 'READER_REFUSED',
    text: 'Another program has set this reader up (ROSpec {ids}). End it there, or set takeOver: true to delete its work.',
  },
  LLRP_OTHER_ACCESSSPEC: {
    error: 'READER_REFUSED',
    text: 'Another program left AccessSpec {id} in this reader, which would work on the tags that we read. End it there, or set takeOver: true to delete it.',
  },
  LLRP_NO_PORT: {
    error: 'READER_REFUSED',
    text: 'The reader has {count} antenna ports: there is no port {ports}.',
  },
  LLRP_OTHER_REGION: {
    error: 'READER_REFUSED',
    text: 'The reader is set to region {found}, not {wanted}: LLRP cannot change it.',
  },
  LLRP_NO_FILTER: { error: 'READER_REFUSED', text: 'The reader cannot filter tags: leave filter out.' },
  LLRP_NO_POWER_LEVELS: {
    error: 'READER_REFUSED',
    text: 'The reader names no power levels: leave power out.',
  },
  LLRP_POWER_OUTSIDE: {
    error: 'READER_REFUSED',
    text: 'The reader can send with {least} to {most} dBm, not {power}.',
  },
  LLRP_WITHOUT_EXTENSIONS: {
    error: 'READER_REFUSED',
    text: 'It refuses {step}: nothing that its maker added to LLRP, such as finer signal strength and phase',
  },
  LLRP_WITHOUT_FACTS: {
    error: 'READER_REFUSED',
    text: 'It refuses {step}: no model, power levels and frequencies',
  },
  LLRP_WITHOUT_WORD_OF_OTHERS: {
    error: 'READER_REFUSED',
    text: 'It refuses {step}: no word on whether another program has set it up',
  },
  LLRP_WITHOUT_CLEARING: {
    error: 'READER_REFUSED',
    text: 'It refuses {step}: what was in it before is not deleted',
  },
  LLRP_WITHOUT_EVENTS: {
    error: 'READER_REFUSED',
    text: 'It refuses {step}: no events of antennas, buffer and inventory',
  },
  LLRP_WITHOUT_KEPT_READS: {
    error: 'READER_REFUSED',
    text: 'It refuses {step}: nothing that it kept while the gateway was away',
  },
} as const satisfies Record<string, FaultRow>;
