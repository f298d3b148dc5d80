import type { FaultRow } from './fault-row.ts';

/** Why: what a reader, a receiver or the system said of its own, as the cause of another fault. */
export const causeFaults = {
  /** Foreign words, as they are. */
  SAID: { error: 'INTERNAL', text: '{text}' },
  NO_REASON: { error: 'READER_REFUSED', text: 'no reason given' },
  /** One of the neutral error words of readers. */
  READER_WORD: { error: 'READER_REFUSED', text: '{word}' },

  COMMAND_UNSUPPORTED: { error: 'READER_REFUSED', text: 'This reader cannot do that.' },
  COMMAND_PARAMETER: { error: 'READER_REFUSED', text: 'A value lies outside what reader or tag allow.' },
  COMMAND_OFFLINE: { error: 'LINK_LOST', text: 'The reader is not connected, or not set up yet.' },
  COMMAND_TIMEOUT: { error: 'READER_TIMEOUT', text: 'The reader did not answer in time.' },
  COMMAND_BUSY: { error: 'READER_REFUSED', text: 'The reader is busy with another command; try again.' },
  COMMAND_NO_TAG: {
    error: 'READER_REFUSED',
    text: 'No such tag answers: bring it closer, or check its id and the antenna.',
  },
  COMMAND_SEVERAL_TAGS: {
    error: 'READER_REFUSED',
    text: 'More than one tag answers to this id: take the others away, or select by TID.',
  },
  COMMAND_LOCKED: { error: 'READER_REFUSED', text: 'The tag’s memory is locked.' },
  COMMAND_BAD_PASSWORD: { error: 'READER_REFUSED', text: 'The password is wrong.' },
  COMMAND_POWER: {
    error: 'READER_REFUSED',
    text: 'The tag gets too little power: bring it closer, or raise the transmit power.',
  },
  COMMAND_MEMORY: { error: 'READER_REFUSED', text: 'The tag’s memory ends before that.' },
  COMMAND_VERIFY: { error: 'READER_REFUSED', text: 'What was read back is not what was asked for.' },
  COMMAND_ANTENNA: { error: 'READER_REFUSED', text: 'The antenna is missing or does not match.' },
  COMMAND_TEMPERATURE: { error: 'READER_REFUSED', text: 'The reader is too hot; let it cool down.' },
  COMMAND_FREQUENCY: { error: 'READER_REFUSED', text: 'The region or channel is not allowed or not free.' },
  COMMAND_TAG: { error: 'READER_REFUSED', text: 'The tag answered with an error.' },
  COMMAND_INTERNAL: { error: 'READER_REFUSED', text: 'The reader reports a fault of its own.' },

  // LLRPStatus (LLRP 1.0.1, 14.1).
  LLRP_STATUS_SAID: { error: 'READER_REFUSED', text: '{text} ({status})' },
  LLRP_STATUS_ODD: { error: 'READER_REFUSED', text: 'no reason given ({status})' },
  LLRP_STATUS_100: { error: 'READER_REFUSED', text: 'a parameter is wrong (100)' },
  LLRP_STATUS_101: { error: 'READER_REFUSED', text: 'a field is wrong (101)' },
  LLRP_STATUS_102: { error: 'READER_REFUSED', text: 'an unexpected parameter (102)' },
  LLRP_STATUS_103: { error: 'READER_REFUSED', text: 'a parameter is missing (103)' },
  LLRP_STATUS_104: { error: 'READER_REFUSED', text: 'a parameter comes twice (104)' },
  LLRP_STATUS_105: { error: 'READER_REFUSED', text: 'parameters overflow (105)' },
  LLRP_STATUS_106: { error: 'READER_REFUSED', text: 'fields overflow (106)' },
  LLRP_STATUS_107: { error: 'READER_REFUSED', text: 'an unknown parameter (107)' },
  LLRP_STATUS_108: { error: 'READER_REFUSED', text: 'an unknown field (108)' },
  LLRP_STATUS_109: { error: 'READER_REFUSED', text: 'the message is not supported (109)' },
  LLRP_STATUS_110: { error: 'READER_REFUSED', text: 'the version is not supported (110)' },
  LLRP_STATUS_111: { error: 'READER_REFUSED', text: 'a parameter is not supported (111)' },
  LLRP_STATUS_112: { error: 'READER_REFUSED', text: 'the message was not expected now (112)' },
  LLRP_STATUS_200: { error: 'READER_REFUSED', text: 'a parameter is wrong (200)' },
  LLRP_STATUS_201: { error: 'READER_REFUSED', text: 'a field is wrong (201)' },
  LLRP_STATUS_300: { error: 'READER_REFUSED', text: 'a value is invalid (300)' },
  LLRP_STATUS_301: { error: 'READER_REFUSED', text: 'a value is out of range (301)' },
  LLRP_STATUS_401: { error: 'READER_REFUSED', text: 'the device has an error (401)' },
} as const satisfies Record<string, FaultRow>;
