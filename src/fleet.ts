import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type BrokerOptions, openBroker } from './broker.ts';
import type { Config } from './config.ts';
import { type Closing, GatewayError, messageOf, pause, resolveSecret, textHash } from './kit/index.ts';
import { type MqttConnection, ownChannel } from './links/index.ts';
import type { Profile } from './profiles/index.ts';
import { type OnReads, openReader, type Reader } from './readers/index.ts';
import { createSupervision, openMemories } from './supervision/index.ts';

/** A reader that does not run as configured, and why. */
type Obstacle = { readonly reader: string; readonly reason: string };

/** What became of the readers of a new configuration, by id; who is in none of the lists goes on untouched. */
export type FleetChange = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** They need what only a restart brings (a new read point, a broker), and stay as they were. */
  readonly waiting: readonly Obstacle[];
  /** They cannot be opened, and stay as they were. */
  readonly failed: readonly Obstacle[];
};

/** The readers that run. */
export type Fleet = {
  /** Opens all readers of the configuration that the fleet was made for. Throws what `openReader` throws. */
  open(onReads: OnReads): Promise<void>;
  /** Makes the readers those of `next`: the others go on untouched, a changed one restarts alone. One change at a time. */
  change(next: Config): Promise<FleetChange>;
  /** A report without an antenna is of the reader's only configured place; with several places configured, nobody can say. */
  readPointOf(reader: string, antenna: number | null): string | null;
  /** The configuration of each; another list after a change, the same one until then. */
  present(): readonly ReaderConfig[];
};

type ReaderConfig = Config['readers'][number];
type Member = {
  readonly reader: Reader;
  readonly config: ReaderConfig;
  readonly profile: Profile;
  /** What stands in the files that are read only when it is opened. */
  readonly files: string;
  /** Ends its subscriptions at the broker. */
  readonly leave: () => void;
};

type Crew = {
  readonly config: Config;
  readonly options: BrokerOptions;
  readonly readers: Map<string, Reader>;
  readonly closing: Closing;
  readonly members: Map<string, Member>;
  readonly places: Places;
  /** Readers, by id, whose step of closing is there. */
  readonly stepped: Set<string>;
};
/** What all readers share. */
type Shared = {
  readonly mqtt: MqttConnection | null;
  readonly memories: ReturnType<typeof openMemories>;
  readonly onReads: OnReads;
};

/** A reader that is removed or changed gets this long to end, ms; then things go on without it. */
const stopMs = 5_000;

/** `readers` is filled here and shared with all who look at readers. */
export function createFleet(
  config: Config,
  options: BrokerOptions,
  readers: Map<string, Reader>,
  closing: Closing,
): Fleet {
  const crew: Crew = {
    config,
    options,
    readers,
    closing,
    members: new Map(),
    places: createPlaces(),
    stepped: new Set(),
  };
  // The places are known before the first read comes back from the disk.
  for (const reader of config.readers) crew.places.set(reader);
  let shared: Shared | null = null;
  let present: readonly ReaderConfig[] = config.readers;
  return {
    open: async (onReads) => {
      const mqtt = await openBroker(config, options, closing);
      const memories = openMemories(join(config.data, 'baselines.json'), readers, options);
      closing.add('last', 'memory of the readers', memories.close);
      shared = { mqtt, memories, onReads };
      // Readers subscribe before the broker connection opens: what the broker kept for us arrives right after it.
      for (const reader of config.readers) enlist(crew, prepare(crew, shared, reader, config));
      mqtt?.open();
    },
    change: async (next) => {
      if (shared === null) throw new Error('the readers are not open yet');
      return change(crew, shared, next, () => {
        present = [...crew.members.values()].map(({ config }) => config);
      });
    },
    readPointOf: crew.places.of,
    present: () => present,
  };
}

const noChannel = { channel: null, leave: () => undefined };

/** Makes the reader, which does nothing yet. Throws CONFIG_INVALID, SECRET_MISSING. */
function prepare({ config, options, members }: Crew, shared: Shared, reader: ReaderConfig, from: Config): Member {
  const { id } = reader;
  const profile = from.profileTable.get(reader.profile);
  const { channel, leave } = shared.mqtt === null ? noChannel : ownChannel(shared.mqtt);
  const opened = openReader({
    config: reader,
    profile,
    mqtt: channel,
    clock: options.clock,
    log: options.log.child({ room: 'readers', reader: id }),
    random: Math.random,
    secret: (secret) => resolveSecret(secret, options.env),
    siteZone: config.site.timeZone ?? null,
    supervise: createSupervision,
    memory: members.get(id)?.reader.memory() ?? shared.memories.of(id),
    onReads: shared.onReads,
  });
  return { reader: opened, config: reader, profile, files: filesOf(reader), leave };
}

/** Starts it in the place of the one that had its id. Where both are on a broker, no message comes between the two. */
function enlist({ readers, closing, members, places, stepped }: Crew, member: Member): void {
  const { reader, config } = member;
  if (!stepped.has(reader.id)) closing.add('work', `reader ${reader.id}`, () => readers.get(reader.id)?.stop());
  stepped.add(reader.id);
  members.get(reader.id)?.leave();
  places.set(config);
  members.set(reader.id, member);
  readers.set(reader.id, reader);
  reader.start();
}

function dismiss({ readers, members, places }: Crew, { reader, leave }: Member): void {
  leave();
  members.delete(reader.id);
  readers.delete(reader.id);
  places.remove(reader.id);
}

/** `changed` is called when the readers are the new ones, before the old ones have all ended. */
async function change(crew: Crew, shared: Shared, next: Config, changed: () => void): Promise<FleetChange> {
  const { members, options, closing } = crew;
  const removed = [...members.values()].filter(({ reader }) => !next.readers.some(({ id }) => id === reader.id));
  const { ready, waiting, failed } = prepareChanged(crew, shared, next);
  const before = new Map([...members].filter(([id]) => ready.some(({ reader }) => reader.id === id)));
  const end = (list: readonly Member[]) => Promise.all(list.map(({ reader }) => endWithin(reader, options)));
  // Serial lines, ports and connections are free before somebody else wants them.
  await end([...removed, ...before.values()].filter((member) => !isHeard(member)));
  // What is added now would never be closed.
  if (closing.isRunning()) return { added: [], changed: [], removed: [], waiting, failed };
  for (const member of removed) dismiss(crew, member);
  for (const member of ready) enlist(crew, member);
  changed();
  await end([...removed, ...before.values()].filter(isHeard));
  const ids = ready.map(({ reader }) => reader.id);
  return {
    added: ids.filter((id) => !before.has(id)),
    changed: ids.filter((id) => before.has(id)),
    removed: removed.map(({ reader }) => reader.id),
    waiting,
    failed,
  };
}

/** Readers that are new or not what runs, made anew and not started; whatever cannot be made leaves the old one running. */
function prepareChanged(crew: Crew, shared: Shared, next: Config) {
  const [ready, waiting, failed]: [Member[], Obstacle[], Obstacle[]] = [[], [], []];
  for (const reader of next.readers) {
    if (isSame(crew.members.get(reader.id), reader, next)) continue;
    const missing = whatIsMissing(crew.config, shared, reader);
    if (missing !== null) {
      waiting.push({ reader: reader.id, reason: missing });
      continue;
    }
    try {
      ready.push(prepare(crew, shared, reader, next));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      failed.push({ reader: reader.id, reason: error.message });
    }
  }
  return { ready, waiting, failed };
}

function isSame(member: Member | undefined, reader: ReaderConfig, next: Config): boolean {
  if (member === undefined || !isDeepStrictEqual(member.config, reader)) return false;
  return isDeepStrictEqual(member.profile, next.profileTable.get(reader.profile)) && member.files === filesOf(reader);
}

/** What of the running configuration this reader would need. */
function whatIsMissing({ points }: Config, { mqtt }: Shared, reader: ReaderConfig): string | null {
  if (reader.link.mqtt !== undefined && mqtt === null) return 'its broker, the mqtt section, is new';
  const missing = Object.values(reader.antennas).find((point) => points.every(({ id }) => id !== point));
  return missing === undefined ? null : `its read point ${missing} is new`;
}

/** Two at a time can hear what comes over a broker or is pushed; anything else is held by one alone. */
function isHeard({ config: { link } }: Member): boolean {
  return link.mqtt !== undefined || link.http !== undefined;
}

/** A reader that hangs goes on ending by itself. */
async function endWithin(reader: Reader, { clock, log }: BrokerOptions): Promise<void> {
  const over = new AbortController();
  const ended = reader.stop().then(
    () => true,
    (error: unknown) => {
      log.warn({ reader: reader.id, error: messageOf(error) }, 'a reader that was changed or removed ended badly');
      return true;
    },
  );
  const inTime = await Promise.race([ended, pause(clock, stopMs, over.signal).then(() => false)]);
  over.abort();
  if (!inTime) log.warn({ reader: reader.id }, 'a reader that was changed or removed does not end');
}

/** The text of the files that a reader reads only once, so that a renewed one is seen; other files are read at each connection. */
function filesOf({ link: { tcp }, control }: ReaderConfig): string {
  const tls = tcp?.listen === true && tcp.tls !== undefined ? [tcp.tls.ca, tcp.tls.cert, tcp.tls.key] : [];
  const password = control?.password;
  const secret = password !== undefined && 'file' in password ? password.file : undefined;
  return [...tls, control?.ca, secret].map((path) => (path === undefined ? '' : hashOf(path))).join();
}

function hashOf(path: string): string {
  try {
    return textHash(readFileSync(path, 'latin1'));
  } catch {
    return 'unreadable';
  }
}

type Places = {
  set(reader: ReaderConfig): void;
  remove(reader: string): void;
  readonly of: Fleet['readPointOf'];
};

/** Where each antenna reads. */
function createPlaces(): Places {
  const table = new Map<string, Readonly<Record<string, string>>>();
  const only = new Map<string, string | null>();
  return {
    set: ({ id, antennas }) => {
      const points = [...new Set(Object.values(antennas))];
      table.set(id, antennas);
      only.set(id, points.length === 1 ? (points[0] ?? null) : null);
    },
    remove: (id) => {
      table.delete(id);
      only.delete(id);
    },
    of: (reader, antenna) => (antenna === null ? only.get(reader) : table.get(reader)?.[antenna]) ?? null,
  };
}
