import type { CommandError } from '../../protocols/index.ts';
import type { Reply } from './access.ts';
import type { CommandResult, CommandStep } from './result.ts';

/** What a command came to, without the steps and the name of the reader. */
export type Ending = Partial<Pick<CommandResult, 'epc' | 'tid' | 'data' | 'fields'>> &
  Pick<CommandResult, 'outcome' | 'error'> & {
    /** Takes the place of the error's own sentence. */
    readonly message?: string;
  };

/** Keeps the steps of one command in the order in which they were done. */
export type Trail = {
  readonly steps: readonly CommandStep[];
  /** Does a step and notes what came of it. */
  take<T>(step: string, reply: Promise<Reply<T>>): Promise<Reply<T>>;
};

export function createTrail(): Trail {
  const steps: CommandStep[] = [];
  return {
    steps,
    take: async (step, pending) => {
      const reply = await pending;
      steps.push({ step, ok: reply.ok, error: reply.ok ? null : reply.error });
      return reply;
    },
  };
}

export const refused = (error: CommandError, message?: string): Ending => ({
  outcome: 'refused',
  error,
  ...(message === undefined ? {} : { message }),
});
export const failed = (error: CommandError, more: Partial<Ending> = {}): Ending => ({
  ...more,
  outcome: 'failed',
  error,
});
export const unsure = (error: CommandError, more: Partial<Ending> = {}): Ending => ({
  ...more,
  outcome: 'unsure',
  error,
});
export const done = (more: Partial<Ending> = {}): Ending => ({ ...more, outcome: 'done', error: null });
