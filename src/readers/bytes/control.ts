import type { Clock, Log } from '../../kit/index.ts';
import type { ByteProfile } from '../../protocols/index.ts';
import { type Control, noControl, type Reply } from '../commands/access.ts';
import type { ReaderSettings } from '../commands/command.ts';
import { createRunner } from '../commands/run.ts';
import type { ReaderOptions } from '../options.ts';
import type { Census } from './census.ts';
import type { Conversation } from './conversation.ts';
import { askIdentity } from './identity.ts';
import { commandProblem } from './limits.ts';
import { replyOf } from './reply.ts';
import type { ByteSession } from './session.ts';
import { applySettings } from './set-up.ts';
import { type Settings, settingOperations } from './settings.ts';
import { createTagAccess } from './tag-access.ts';

type ByteControlDeps = {
  readonly config: ReaderOptions;
  readonly profile: ByteProfile;
  readonly session: ByteSession;
  readonly settings: Settings;
  readonly talk: Conversation;
  readonly census: Census;
  readonly clock: Clock;
};

/** The commands of a reader that speaks bytes. */
export function createByteCommands(deps: ByteControlDeps, log: Log): ReturnType<typeof createRunner> {
  const { config, profile } = deps;
  return createRunner({
    reader: config.id,
    control: createByteControl(deps),
    log,
    problemOf: (command) => commandProblem(profile, config, command),
  });
}

/** What can be asked of it; of one that only talks, nothing. */
function createByteControl(deps: ByteControlDeps): Control {
  const { config, profile, session, settings, talk } = deps;
  if (profile.session.style === 'listen' || config.link.replay !== undefined) return noControl;
  const access = createTagAccess({ ...deps, antennas: () => settings.now().antennas });
  const unready = () => (({ ready: null, busy: 'busy', down: 'offline' }) as const)[session.state()];
  const always = new AbortController().signal;
  const take = (inventory: boolean) => replyOf(always, () => session.take(inventory).then(() => null));
  return {
    unready,
    ...(profile.commands.identify === undefined
      ? {}
      : { identify: () => session.rest((signal) => replyOf(signal, () => askIdentity(profile, talk, signal))) }),
    start: () => take(true),
    stop: () => take(false),
    configure: (wanted) => configure(deps, wanted),
    ...(access.can.length === 0 ? {} : { access }),
    exclusively: (run) =>
      session.rest(async (signal) => {
        access.begin(signal);
        try {
          return await run();
        } finally {
          await access.letGo();
          await filterAgain(deps, signal);
        }
      }),
  };
}

/** Holding a tag may have taken the place of the filter that inventory has. */
async function filterAgain(deps: ByteControlDeps, signal: AbortSignal): Promise<void> {
  const { profile, settings } = deps;
  if (settings.now().filter === null || profile.session.filter === undefined) return;
  const { filter } = profile.session;
  await replyOf(signal, () => applySettings({ ...deps, wanted: settings }, filter, signal).then(() => null));
}

/** Sets what has changed, while inventory rests. What the reader refuses leaves everything as it was: it is set up again. */
function configure(deps: ByteControlDeps, wanted: ReaderSettings): Promise<Reply<null>> {
  const { profile, session, settings } = deps;
  return session.rest(async (signal) => {
    const before = settings.now();
    settings.change(wanted);
    const operations = settingOperations(profile, settings.now());
    const reply = await replyOf(signal, () =>
      applySettings({ ...deps, wanted: settings }, operations, signal).then(() => null),
    );
    if (!reply.ok) {
      settings.restore(before);
      session.replay();
    }
    return reply;
  });
}
