import type { Fault } from '../kit/index.ts';
import type { Delivery } from './delivery.ts';
import type { LinkDeps } from './deps.ts';
import { createSessions } from './mqtt.ts';
import type { ClientSession } from './mqtt-session.ts';
import type { MqttSettings } from './mqtt-settings.ts';
import { createReopening } from './reopening.ts';

/** The connections that stand where the retired one stood. */
export type Successors = Pick<Delivery, 'deliver' | 'filters'> & {
  /** Whether anybody wants it. */
  wants(topic: string): boolean;
  /** Whether the broker sends them all that they want. */
  areSubscribed(): boolean;
};

export type RetiredSession = { close(): Promise<void> };

/** What the broker kept is taken for at most this long before its successors begin to take what is new, ms. */
const mostDrainMs = 10_000;
const quietMs = 1_000;
const lookMs = 250;

/**
 * Ends a session that a broker keeps for us under a client id that is not used any more, without losing what is in it. It
 * is taken first, for its reads are older than what comes. Only when the successors are subscribed are its own topics given
 * up; what came meanwhile came to both, as a redelivery would. Then the broker is asked to forget it. `mayOpen` is called
 * once, when the successors may begin: at the latest when the broker cannot be reached. `ended` is the last call.
 */
export function retireSession(
  settings: MqttSettings,
  successors: Successors,
  calls: { mayOpen(): void; ended(): void },
  deps: LinkDeps,
): RetiredSession {
  const { clock } = deps;
  const mayOpen = createOnce(calls.mayOpen);
  let phase: 'draining' | 'handing over' | 'ending' = 'draining';
  let wiping: RetiredSession | null = null;
  const finish = async (): Promise<void> => {
    looking.cancel();
    await old.close();
    wiping = wipeSession(settings, calls.ended, deps);
    mayOpen();
  };
  const old = openOld(settings, successors, deps, {
    accepted: (isPresent) => {
      if (!isPresent) void finish();
      else if (phase === 'ending') old.giveUpTopics();
    },
    failed: mayOpen,
  });
  const look = (): void => {
    const { isOpen, isQuiet, openMs, owed } = old.state();
    if (!isOpen) return;
    if (phase === 'draining' && (isQuiet || openMs >= mostDrainMs)) {
      phase = 'handing over';
      mayOpen();
    } else if (phase === 'handing over' && successors.areSubscribed()) {
      phase = 'ending';
      old.giveUpTopics();
    } else if (phase === 'ending' && isQuiet && owed === 0) void finish();
  };
  const looking = clock.every(lookMs, look);
  return {
    close: async () => {
      looking.cancel();
      await old.close();
      await wiping?.close();
    },
  };
}

/** The connection with the old session, which asks for no topics. */
function openOld(
  settings: MqttSettings,
  successors: Successors,
  deps: LinkDeps,
  calls: { accepted(isPresent: boolean): void; failed(): void },
) {
  const { clock } = deps;
  const now = { owed: 0, heardAt: 0, openedAt: 0, session: null as ClientSession | null };
  const take: Delivery['deliver'] = (message, done) => {
    if (successors.wants(message.topic)) now.heardAt = clock.now();
    now.owed += 1;
    return successors.deliver(message, () => {
      now.owed -= 1;
      done();
    });
  };
  const sessions = createSessions(settings, { deliver: take }, deps);
  const accepted = (session: ClientSession, isPresent: boolean): void => {
    reopening.opened();
    Object.assign(now, { session, heardAt: clock.now(), openedAt: now.openedAt === 0 ? clock.now() : now.openedAt });
    calls.accepted(isPresent);
  };
  const ended = (fault: Fault): void => {
    // What was owed comes again with the next session.
    Object.assign(now, { session: null, owed: 0 });
    calls.failed();
    reopening.failed(fault);
  };
  const reopening = createReopening(deps, () => sessions.start({ accepted, ended }));
  reopening.start();
  return {
    state: () => ({
      isOpen: now.session !== null,
      isQuiet: clock.now() - now.heardAt >= quietMs,
      openMs: clock.now() - now.openedAt,
      owed: now.owed,
    }),
    /** What is not given up comes once more, to nobody. */
    giveUpTopics: (): void => {
      now.heardAt = clock.now();
      for (const filter of successors.filters()) now.session?.unsubscribe(filter).catch(() => undefined);
    },
    close: async (): Promise<void> => {
      const last = sessions.release();
      now.session = null;
      reopening.stopped();
      await last?.end();
    },
  };
}

/** Has the broker forget the session of a client id: a clean one takes its place and ends with its connection. */
function wipeSession(settings: MqttSettings, ended: () => void, deps: LinkDeps): RetiredSession {
  const sessions = createSessions({ ...settings, keepSession: false }, { deliver: () => () => undefined }, deps);
  const end = async (): Promise<void> => {
    const last = sessions.release();
    reopening.stopped();
    await last?.end();
  };
  const reopening = createReopening(deps, () => {
    sessions.start({
      accepted: () => void end().then(ended),
      ended: reopening.failed,
    });
  });
  reopening.start();
  return { close: end };
}

function createOnce(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
