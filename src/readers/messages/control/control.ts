import type { Control, Reply, TagAccess } from '../../commands/access.ts';
import type { CommandError } from '../../commands/result.ts';
import type { CommandRequest, MessageCommands } from '../../profile/command-profile.ts';
import type { Ask } from './ask.ts';
import { valueAt } from './json.ts';
import type { Wanted } from './mode.ts';
import type { Modes } from './modes.ts';

export type MessageControlDeps = {
  readonly commands: MessageCommands;
  readonly ask: Ask;
  unready(): CommandError | null;
};

const done: Reply<null> = { ok: true, value: null };

/** What a reader that publishes messages does on command, over whatever way `ask` takes. */
export function createMessageControl(deps: MessageControlDeps, access: TagAccess | null, modes: Modes | null): Control {
  const { commands, ask, unready } = deps;
  const simple = async (request: CommandRequest): Promise<Reply<null>> => {
    const reply = await ask(request);
    return reply.ok ? done : reply;
  };
  return {
    unready,
    identify: () => identify(commands, ask),
    start: () => simple(commands.start),
    stop: () => simple(commands.stop),
    ...(modes === null ? {} : { configure: (settings: Wanted) => modes.configure(settings) }),
    ...(access === null ? {} : { access }),
    exclusively: (run) => (modes === null ? run() : modes.exclusively(run)),
  };
}

type Fields = Readonly<Record<string, string | number>>;

async function identify({ identify: asks }: MessageCommands, ask: Ask): Promise<Reply<Fields>> {
  const known: Record<string, string | number> = {};
  let failure: Reply<Fields> | null = null;
  for (const { ask: request, fields } of asks) {
    const reply = await ask(request);
    if (!reply.ok) failure ??= reply;
    else for (const [name, paths] of Object.entries(fields)) takeField(known, name, paths, reply.value);
  }
  return failure !== null && Object.keys(known).length === 0 ? failure : { ok: true, value: known };
}

function takeField(known: Record<string, string | number>, name: string, paths: readonly string[], answer: unknown) {
  for (const path of paths) {
    const value = valueAt(answer, path);
    if (known[name] === undefined && (typeof value === 'string' || typeof value === 'number') && value !== '') {
      known[name] = value;
    }
  }
}
