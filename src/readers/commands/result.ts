import type { CommandError } from '../../protocols/index.ts';
import type { CommandName } from './command.ts';

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
