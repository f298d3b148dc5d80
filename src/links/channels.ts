import type { LinkDeps } from './deps.ts';
import { linkState } from './link.ts';
import { type BrokerLink, connectMqtt } from './mqtt.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import type { MqttSettings } from './mqtt-settings.ts';
import { type RetiredSession, retireSession, type Successors } from './retired-session.ts';

/** The readers' connections to one broker: one each, so that no reader waits for what another still owes. */
export type Channels = {
  /** The reader's own; the same one while the gateway runs, also after the reader was changed. */
  of(reader: string): MqttConnection;
  /** Opens all, once the readers have subscribed: what the broker kept for us arrives right after it. Later ones open at once. */
  open(): void;
  /** The reader was removed. */
  drop(reader: string): void;
  close(): Promise<void>;
};

/** Connections inside the embedded broker. A dropped one wants nothing any more, and is there again for a reader of its id. */
export function localChannels(connect: () => MqttConnection): Channels {
  const all = new Map<string, MqttConnection>();
  let isOpen = false;
  return {
    of: (reader) => {
      const known = all.get(reader);
      if (known !== undefined) return known;
      const made = connect();
      all.set(reader, made);
      if (isOpen) made.open();
      return made;
    },
    open: () => {
      isOpen = true;
      for (const one of all.values()) one.open();
    },
    drop: () => undefined,
    close: async () => {
      await Promise.all([...all.values()].map((one) => one.close()));
    },
  };
}

/** Client ids under which the broker may keep a session for us, over restarts. */
export type KnownSessions = {
  /** Null where none were ever noted. */
  all(): readonly string[] | null;
  note(clientIds: readonly string[]): void;
};

/** The client id of a reader’s own connection; no id of a reader has a colon. */
export const clientIdOf = (base: string, reader: string): string => `${base}:${reader}`;

/** Brings the sessions that are not used any more to their end; the readers’ connections open behind the oldest news. */
function createRetirement(settings: MqttSettings, sessions: KnownSessions, deps: LinkDeps) {
  // Before there was one connection for each reader there was one for all, under the configured id.
  const known = new Set(sessions.all() ?? [settings.clientId]);
  const running = new Map<string, RetiredSession>();
  return {
    /** Notes what is used from now on, and begins; `mayOpen` is called once. */
    begin: (used: readonly string[], successors: Successors, mayOpen: () => void): void => {
      const retired = [...known].filter((id) => !used.includes(id));
      for (const id of used) known.add(id);
      sessions.note([...known]);
      let left = retired.length;
      if (left === 0) mayOpen();
      for (const clientId of retired) {
        const calls = {
          mayOpen: () => {
            left -= 1;
            if (left === 0) mayOpen();
          },
          ended: () => {
            running.delete(clientId);
            known.delete(clientId);
            sessions.note([...known]);
          },
        };
        const { statusTopic: _, ...quiet } = settings;
        running.set(clientId, retireSession({ ...quiet, clientId }, successors, calls, deps));
      }
    },
    add: (clientId: string): void => {
      if (known.has(clientId)) return;
      known.add(clientId);
      sessions.note([...known]);
    },
    close: async (): Promise<void> => {
      await Promise.all([...running.values()].map((one) => one.close()));
    },
  };
}

/** How the connections of all readers take what was kept for an id that is not used any more. */
function successorsOf(links: ReadonlyMap<string, BrokerLink>): Successors {
  const all = () => [...links.values()];
  return {
    wants: (topic) => all().some((link) => link.wants(topic)),
    filters: () => all().flatMap((link) => link.filters()),
    areSubscribed: () => all().every((link) => link.isSubscribed()),
    deliver: (message, done) => {
      const to = all().filter((link) => link.wants(message.topic));
      let left = to.length;
      const takeBacks = to.map((link) =>
        link.deliver(message, () => {
          left -= 1;
          if (left === 0) done();
        }),
      );
      if (left === 0 && to.length === 0) done();
      return () => {
        for (const takeBack of takeBacks) takeBack();
      };
    },
  };
}

/**
 * A connection for each reader to a broker elsewhere, each with a session of its own that the broker keeps. What it kept
 * under an id that is not used any more (of an older release, of a reader that has another name now) is taken first. The
 * status topic has a connection of its own, which keeps nothing.
 */
export function readerChannels(settings: MqttSettings, sessions: KnownSessions, deps: LinkDeps): Channels {
  const { statusTopic, ...plain } = settings;
  const links = new Map<string, BrokerLink>();
  const retirement = createRetirement(settings, sessions, deps);
  const own = statusTopic === undefined ? null : ownStatus(settings, deps);
  const life = { isBegun: false, isOpen: false, isClosed: false };
  const connect = (reader: string): BrokerLink => {
    const clientId = clientIdOf(settings.clientId, reader);
    const link = connectMqtt({ ...plain, clientId }, { ...deps, log: deps.log.child({ reader }) });
    links.set(reader, link);
    if (life.isBegun) retirement.add(clientId);
    if (life.isOpen) link.open();
    return link;
  };
  const openAll = (): void => {
    if (life.isClosed) return;
    life.isOpen = true;
    for (const link of links.values()) link.open();
  };
  const since = deps.clock.now();
  return {
    of: (reader) => {
      const link = links.get(reader) ?? connect(reader);
      // Until what is older was taken it is not begun, which is no news for staff.
      return { ...link, state: () => (life.isOpen ? link.state() : linkState('opening', since)) };
    },
    open: () => {
      life.isBegun = true;
      own?.open();
      const used = [...links.keys()].map((reader) => clientIdOf(settings.clientId, reader));
      retirement.begin(used, successorsOf(links), openAll);
    },
    drop: (reader) => {
      const link = links.get(reader);
      links.delete(reader);
      // Its topics are given up; the rest of its session is ended with the next start.
      void link?.close();
    },
    close: async () => {
      life.isClosed = true;
      await Promise.all([...links.values(), ...(own === null ? [] : [own]), retirement].map((one) => one.close()));
    },
  };
}

/** Says online and offline for the gateway. */
function ownStatus(settings: MqttSettings, deps: LinkDeps): MqttConnection {
  return connectMqtt({ ...settings, clientId: `${settings.clientId}::status`, keepSession: false }, deps);
}

/** One connection for all, for a broker that lets an account have only one. */
export function sharedChannels(settings: MqttSettings, sessions: KnownSessions, deps: LinkDeps): Channels {
  const link = connectMqtt(settings, deps);
  const retirement = createRetirement(settings, sessions, deps);
  let isClosed = false;
  return {
    of: () => link,
    open: () =>
      retirement.begin([settings.clientId], successorsOf(new Map([['all', link]])), () => {
        if (!isClosed) link.open();
      }),
    drop: () => undefined,
    close: async () => {
      isClosed = true;
      await Promise.all([link.close(), retirement.close()]);
    },
  };
}
