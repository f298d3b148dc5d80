import type { CommandName } from './command.ts';

/** Why a command had no effect, in the words of every family: code → what to tell a person. */
export const sentences = {
  unsupported: 'This reader cannot do that.',
  parameter: 'A value lies outside what reader or tag allow.',
  offline: 'The reader is not connected, or not set up yet.',
  timeout: 'The reader did not answer in time.',
  busy: 'The reader is busy with another command; try again.',
  noTag: 'No such tag answers: bring it closer, or check its id and the antenna.',
  severalTags: 'More than one tag answers to this id: take the others away, or select by TID.',
  locked: 'The tag’s memory is locked.',
  badPassword: 'The password is wrong.',
  power: 'The tag gets too little power: bring it closer, or raise the transmit power.',
  memory: 'The tag’s memory ends before that.',
  verify: 'What was read back is not what was asked for.',
  antenna: 'The antenna is missing or does not match.',
  temperature: 'The reader is too hot; let it cool down.',
  frequency: 'The region or channel is not allowed or not free.',
  tag: 'The tag answered with an error.',
  internal: 'The reader reports a fault of its own.',
} as const;
export type CommandError = keyof typeof sentences;
export const commandErrors = Object.keys(sentences) as readonly CommandError[];

export const commandOutcomes = ['done', 'refused', 'failed', 'unsure'] as const;

/** One thing that was done on the way, in order; for the log and for whoever has to find out what is on the tag now. */
export type CommandStep = {
  readonly step: string;
  readonly ok: boolean;
  readonly error: CommandError | null;
};

/**
 * What came of a command. `done`: done, and read back where it can be. `refused`: nothing was sent. `failed`: the tag or
 * reader is as before. `unsure`: it may have been done, wholly or in part; nobody could see.
 */
export type CommandResult = {
  readonly command: CommandName;
  readonly reader: string;
  readonly outcome: (typeof commandOutcomes)[number];
  readonly error: CommandError | null;
  /** One plain sentence: what happened and what to do. */
  readonly message: string;
  readonly steps: readonly CommandStep[];
  /** The tag as it is known now, upper-case hex; null where it is not known or no tag was meant. */
  readonly epc: string | null;
  readonly tid: string | null;
  /** Words that were read, upper-case hex. */
  readonly data: string | null;
  /** What identify found: model, firmware, serial, region, …; else empty. */
  readonly fields: Readonly<Record<string, string | number>>;
};
