import { type Log, sentenceOf } from '../../kit/index.ts';
import { type CommandError, commandFault } from '../../protocols/index.ts';
import type { Control, Reply } from './access.ts';
import type { ReaderCommand } from './command.ts';
import { isTagCommand, runOnTag } from './on-tag.ts';
import type { CommandResult } from './result.ts';
import { createTrail, done, type Ending, failed, refused, type Trail, unsure } from './trail.ts';

export type RunnerDeps = {
  readonly reader: string;
  readonly control: Control;
  readonly log: Log;
  /** What of a command lies outside the limits of profile or reader, as one plain sentence; null when nothing does. */
  problemOf(command: ReaderCommand): string | null;
};

/** Runs one command at a time; never rejects for what a reader or tag does. Each is in the log with its outcome, without passwords. */
export function createRunner(deps: RunnerDeps): (command: ReaderCommand) => Promise<CommandResult> {
  const { reader, log } = deps;
  let isBusy = false;
  return async (command) => {
    const trail = createTrail();
    const run = async () => {
      isBusy = true;
      try {
        return await carryOut(deps.control, trail, command);
      } finally {
        isBusy = false;
      }
    };
    const refusal = isBusy ? refused('busy') : refusalOf(deps, command);
    const result = resultOf(reader, command, trail, refusal ?? (await run()));
    const { command: name, outcome, error, epc, tid, steps } = result;
    log[outcome === 'unsure' ? 'warn' : 'info']({ command: name, outcome, error, epc, tid, steps }, 'reader command');
    return result;
  };
}

function refusalOf({ control, problemOf }: RunnerDeps, command: ReaderCommand): Ending | null {
  const problem = problemOf(command);
  if (problem !== null) return refused('parameter', problem);
  const unready = control.unready();
  return unready === null ? null : refused(unready);
}

function carryOut(control: Control, trail: Trail, command: ReaderCommand): Promise<Ending> {
  if (!isTagCommand(command)) return onReader(control, trail, command);
  const { access } = control;
  if (access === undefined) return Promise.resolve(refused('unsupported'));
  return control.exclusively(() => runOnTag(trail, access, command));
}

type OfReader = Exclude<ReaderCommand, Parameters<typeof runOnTag>[2]>;

async function onReader(control: Control, trail: Trail, command: OfReader): Promise<Ending> {
  const reply = replyOf(control, command);
  if (reply === undefined) return refused('unsupported');
  const told = await trail.take(command.command, reply);
  if (told.ok) return done(told.value === null ? {} : { fields: told.value });
  const isOpen = told.sent && told.error === 'timeout' && command.command !== 'identify';
  return isOpen ? unsure(told.error) : failed(told.error);
}

type Fields = Readonly<Record<string, string | number>>;

function replyOf(control: Control, command: OfReader): Promise<Reply<Fields | null>> | undefined {
  switch (command.command) {
    case 'identify':
      return control.identify?.();
    case 'start':
      return control.start?.();
    case 'stop':
      return control.stop?.();
    case 'configure':
      return control.configure?.(command.settings);
  }
}

function resultOf(reader: string, { command }: ReaderCommand, { steps }: Trail, ending: Ending): CommandResult {
  const { outcome, error, message, epc = null, tid = null, data = null, fields = {} } = ending;
  return {
    command,
    reader,
    outcome,
    error,
    message: message ?? messageFor(outcome, error),
    steps,
    epc,
    tid,
    data,
    fields,
  };
}

function messageFor(outcome: CommandResult['outcome'], error: CommandError | null): string {
  if (error === null) return 'Done.';
  const after =
    outcome === 'unsure' ? ' What stands on the tag or reader now is not known: look before you go on.' : '';
  return `${sentenceOf(commandFault(error))}${after}`;
}
