import { readFileSync } from 'node:fs';
import type { BrokerOptions } from './broker.ts';
import type { Config } from './config.ts';
import { type Closing, resolveSecret, textHash } from './kit/index.ts';
import { type Channels, ownChannel } from './links/index.ts';
import type { Places } from './places.ts';
import type { Profile } from './profiles/index.ts';
import { type OnReads, openReader, type Pressure, type Reader } from './readers/index.ts';
import { createSupervision, type openMemories } from './supervision/index.ts';

export type ReaderConfig = Config['readers'][number];
/** A reader that runs, or is ready to. */
export type Member = {
  readonly reader: Reader;
  readonly config: ReaderConfig;
  readonly profile: Profile;
  /** What stands in the files that are read only when it is opened. */
  readonly files: string;
  /** Ends its subscriptions at the broker. */
  readonly leave: () => void;
};

/** All readers, and what they live by. */
export type Crew = {
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
export type Shared = {
  readonly mqtt: Channels | null;
  readonly memories: ReturnType<typeof openMemories>;
  readonly onReads: OnReads;
  readonly pressure: Pressure;
};

const noChannel = { channel: null, leave: () => undefined };

/** The reader's own connection, as this run of the reader uses it. */
function channelOf({ mqtt }: Shared, { id, link }: ReaderConfig) {
  return mqtt === null || link.mqtt === undefined ? noChannel : ownChannel(mqtt.of(id));
}

/** Makes the reader, which does nothing yet. Throws CONFIG_INVALID, SECRET_MISSING. */
export function prepare(
  { config, options, members }: Crew,
  shared: Shared,
  reader: ReaderConfig,
  from: Config,
): Member {
  const { id } = reader;
  const profile = from.profileTable.get(reader.profile);
  const { channel, leave } = channelOf(shared, reader);
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
    pressure: shared.pressure,
  });
  return { reader: opened, config: reader, profile, files: filesOf(reader), leave };
}

/** Starts it in the place of the one that had its id. Where both are on a broker, no message comes between the two. */
export function enlist({ readers, closing, members, places, stepped }: Crew, member: Member): void {
  const { reader, config } = member;
  if (!stepped.has(reader.id)) closing.add('work', `reader ${reader.id}`, () => readers.get(reader.id)?.stop());
  stepped.add(reader.id);
  const before = members.get(reader.id);
  places.set(config);
  members.set(reader.id, member);
  readers.set(reader.id, reader);
  reader.start();
  // Behind the start: a topic that both have stays subscribed.
  before?.leave();
}

export function dismiss({ readers, members, places }: Crew, { reader, leave }: Member): void {
  leave();
  members.delete(reader.id);
  readers.delete(reader.id);
  places.remove(reader.id);
}

/** The text of the files that a reader reads only once, so that a renewed one is seen; other files are read at each connection. */
export function filesOf({ link: { tcp }, control }: ReaderConfig): string {
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
