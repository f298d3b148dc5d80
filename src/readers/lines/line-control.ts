import type { Log } from '../../kit/index.ts';
import type { LineProfile } from '../../protocols/index.ts';
import { replyOf } from '../bytes/reply.ts';
import { type Control, noControl, type Reply } from '../commands/access.ts';
import type { ReaderCommand, ReaderSettings } from '../commands/command.ts';
import { createRunner } from '../commands/run.ts';
import type { ReaderOptions } from '../options.ts';
import { createLineAccess } from './line-access.ts';
import { settingProblems } from './line-rules.ts';
import type { LineSettings } from './line-settings.ts';
import type { LineTalk } from './line-talk.ts';
import type { Poller } from './poller.ts';

type Deps = {
  readonly config: ReaderOptions;
  readonly profile: LineProfile;
  readonly poller: Poller;
  readonly settings: LineSettings;
  readonly talk: LineTalk;
};

/** The commands of a reader that writes lines. */
export function createLineCommands(deps: Deps, log: Log): ReturnType<typeof createRunner> {
  const { config, profile } = deps;
  const antennas = Object.keys(config.antennas).map(Number);
  return createRunner({
    reader: config.id,
    control: createLineControl(deps),
    log,
    problemOf: (command) => problemOf(profile, antennas, command),
  });
}

function createLineControl({ config, profile, poller, settings, talk }: Deps): Control {
  const { control, session } = profile;
  if (session.poll === undefined || config.link.replay !== undefined) return noControl;
  let hold = AbortSignal.abort('offline');
  const onTags = control?.onTags;
  const always = new AbortController().signal;
  const take = (inventory: boolean) => replyOf(always, () => poller.take(inventory).then(() => null));
  return {
    unready: () => (({ ready: null, busy: 'busy', down: 'offline' }) as const)[poller.state()],
    ...(control?.identify === undefined
      ? {}
      : { identify: () => poller.rest((signal) => identify(profile, talk, signal)) }),
    start: () => take(true),
    stop: () => take(false),
    configure: (wanted) => configure(poller, settings, wanted),
    ...(onTags === undefined ? {} : { access: createLineAccess(profile, onTags, talk, () => hold, settings.values) }),
    exclusively: (run) =>
      poller.rest((signal) => {
        hold = signal;
        return run();
      }),
  };
}

/** What is set goes out with each inventory, and with the set-up, which is played again. */
async function configure(poller: Poller, settings: LineSettings, wanted: ReaderSettings): Promise<Reply<null>> {
  settings.change(wanted);
  poller.begin();
  return { ok: true, value: null };
}

type Fields = Readonly<Record<string, string | number>>;

/** Asks each question of the profile; one that is not answered leaves its fields out, unless none is. */
async function identify({ control }: LineProfile, talk: LineTalk, signal: AbortSignal): Promise<Reply<Fields>> {
  const fields: Record<string, string> = {};
  let reply: Reply<unknown> = { ok: true, value: null };
  for (const { send, fields: wanted } of control?.identify ?? []) {
    const names = Object.values(wanted);
    reply = await replyOf(signal, async () => {
      const answer = await talk.ask(send, (given) => names.some((name) => name in told(given.fields)));
      const values = told(answer.fields);
      for (const [name, field] of Object.entries(wanted)) if (field in values) fields[name] = String(values[field]);
    });
  }
  return reply.ok || Object.keys(fields).length > 0 ? { ok: true, value: fields } : reply;
}

/** A line that tells one property tells it by its name. */
function told(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { property, value } = fields;
  return typeof property === 'string' ? { ...fields, [property]: value } : fields;
}

function problemOf(profile: LineProfile, antennas: readonly number[], command: ReaderCommand): string | null {
  if (command.command === 'configure') {
    const foreign = command.settings.antennas?.find((port) => !antennas.includes(port));
    if (foreign !== undefined) return `Antenna ${foreign} is not in the configuration of this reader.`;
    const [problem] = settingProblems(profile, command.settings);
    if (problem === undefined) return null;
    return `${problem.pointer.slice(1)}: found ${JSON.stringify(problem.found)}, allowed: ${problem.allowed}.`;
  }
  if ('antenna' in command && command.antenna !== undefined && !antennas.includes(command.antenna)) {
    return `Antenna ${command.antenna} is not in the configuration of this reader.`;
  }
  return wordsProblem(profile, command);
}

function wordsProblem({ control }: LineProfile, command: ReaderCommand): string | null {
  const most = control?.onTags?.mostWords;
  if (most === undefined) return null;
  const words = 'words' in command ? command.words : 'data' in command ? command.data.length / 4 : 0;
  return words <= most ? null : `This reader moves at most ${most} words at a time.`;
}
