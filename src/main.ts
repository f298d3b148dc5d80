import { randomBytes } from 'node:crypto';
import {
  type Announcement,
  type Api,
  announceRun,
  type ConfigurationState,
  createBrokerAccess,
  createLiveFeed,
  type LiveFeed,
  startApi,
  tellOfMissingAccounts,
} from './api/index.ts';
import type { BrokerOptions } from './broker.ts';
import { brokerOf, type Config } from './config.ts';
import { createFleet, type Fleet, type FleetChange } from './fleet.ts';
import { createForwarder, type Forwarder, followers as followerTable, openFollowers } from './followers/index.ts';
import { type Clock, type Closing, crash, createClosing, type Log, placeZone, resolveSecret } from './kit/index.ts';
import { createLine, type Line } from './line.ts';
import { createDenials } from './links/index.ts';
import type { Pipeline } from './pipeline.ts';
import { type Reader, type ReaderStatus, withoutPcWords } from './readers/index.ts';
import { openStore, type Store, startCaretaker } from './store/index.ts';

export type { ConfigurationState } from './api/index.ts';

/** A running gateway. */
export type Gateway = {
  /** An address that opens in a browser. */
  readonly url: string;
  /** A link that signs one browser in, once, within 15 minutes. */
  signInLink(): string;
  readonly store: Store;
  readonly pipeline: Pipeline;
  readers(): readonly ReaderStatus[];
  /** Takes over what may change while the gateway runs: readers, and the certificate of the API. One reload at a time. */
  reload(next: Config): Promise<Reloaded>;
  /** Stops taking reads, lets deliveries in flight end, writes what is in the hand, closes the database: within 5 s. */
  stop(): Promise<void>;
};

/** `certificate`: whether the API has the one of the files now, and why it kept the old one; null where there is no http.tls. */
export type Reloaded = FleetChange & { readonly certificate: { readonly error: string | null } | null };

export type GatewayOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built staff app, or null for none. */
  readonly webRoot: string | null;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the start is to be given up: what was opened is closed, and the start rejects. */
  readonly signal?: AbortSignal;
  /** How the configuration's file differs from what runs; absent where there is no file. */
  readonly configuration?: () => ConfigurationState;
};

const tickMs = 250;

/**
 * Opens everything in the order store, API, destinations, broker, readers. `stop` closes what brings reads in or carries events
 * out side by side, then the channels, then writes what is in the hand and closes the database, whatever hangs before that.
 * Throws GatewayError for what an operator can mend: STORE_LOCKED, PORT_TAKEN, SECRET_MISSING, CONFIG_INVALID, …
 */
export async function startGateway(config: Config, options: GatewayOptions): Promise<Gateway> {
  const { clock, log } = options;
  const closing = createClosing(clock, log);
  try {
    return { ...(await open(config, options, closing)), stop: closing.run };
  } catch (error) {
    log.debug({ at: clock.now() }, 'start failed; closing what was opened');
    // What fails in it is in the log; why the gateway did not start is what counts.
    await closing.run().catch(() => undefined);
    throw error;
  }
}

async function open(config: Config, options: GatewayOptions, closing: Closing): Promise<Omit<Gateway, 'stop'>> {
  const { clock } = options;
  const site = { id: config.site.id, gln: config.site.gln ?? null };
  const { codec: tags } = config;
  const { store, forwarder } = openStock(config, options, closing);
  const readers = new Map<string, Reader>();
  const statuses = () => [...readers.values()].map((reader) => reader.status());
  const broker = brokerDoor(options, store, () => fleet.present());
  const fleet: Fleet = createFleet(config, { ...options, broker }, readers, closing);
  const tellOfBroker = () => {
    if (config.mqtt !== undefined) tellOfMissingAccounts(brokerIn(config.mqtt, fleet), store.keys.list(), options.log);
  };
  tellOfBroker();
  const { readPointOf } = fleet;
  const live = createLiveFeed({
    clock,
    store,
    tags,
    readPointOf,
    readers: statuses,
    destinations: forwarder.status,
  });
  const followers = openFollowers(followerTable, {
    ...{ facts: store, cursors: store.cursors, forwarder, live, clock },
    log: options.log.child({ room: 'followers' }),
  });
  closing.add('work', 'followers', followers.close);
  const line = createLine(config, options, { store, readers, readPointOf, committed: followers.wake });
  closing.add('last', 'last sights', () => line.pipeline.flush());
  const parts = { store, forwarder, readers, live, line, site, fleet, denials: broker.denials };
  const { api, announced } = await openApi(config, options, parts, closing);
  forwarder.start();
  const ticking = clock.every(tickMs, () => void line.tick().catch(crash));
  closing.add('work', 'clock', () => ticking.cancel());
  options.signal?.throwIfAborted();
  await fleet.open((given, redelivered) => {
    const reads = withoutPcWords(tags, readers, given);
    live.reads(reads);
    return line.take(reads, redelivered);
  });
  options.signal?.throwIfAborted();
  const { url, signInLink } = api;
  const reload = reloader(api, announced, fleet, tellOfBroker);
  return { url, signInLink, store, pipeline: line.pipeline, readers: statuses, reload };
}

/** The database, and what carries events from it to destinations, which rests until it is started. */
function openStock(config: Config, { clock, log, env }: GatewayOptions, closing: Closing) {
  const destinations = (config.crm ?? []).map((d) => ({ ...d, secret: resolveSecret(d.secret, env) }));
  const { data: folder, codec: tags } = config;
  const { offsetMinutes } = placeZone(config.site.timeZone);
  const site = { id: config.site.id, gln: config.site.gln ?? null, offsetMinutes };
  const store = openStore({ folder, site: config.site, now: clock.now, tags }, 'gateway');
  closing.add('last', 'database', () => store.close());
  const care = startCaretaker({ store, clock, log: log.child({ room: 'store' }), offsetMinutes, random: Math.random });
  closing.add('work', 'caretaker', () => care.cancel());
  const forwarder = createForwarder({
    destinations,
    store,
    site,
    source: `urn:silentgate:${config.site.id}`,
    clock,
    log: log.child({ room: 'followers' }),
    random: Math.random,
  });
  return { store, forwarder };
}

function reloader(api: Api, announced: Announcement, fleet: Fleet, changed: () => void): Gateway['reload'] {
  return async (next) => {
    const tls = next.http?.tls;
    const certificate = tls === undefined ? null : { error: api.renewCertificate(tls) };
    // Commands on this machine pin the certificate.
    if (tls !== undefined && certificate?.error === null) announced.renew(tls);
    const change = await fleet.change(next);
    changed();
    return { ...change, certificate };
  };
}

/** Who may come to the embedded broker; who is refused is counted there. */
function brokerDoor({ clock, log }: GatewayOptions, store: Store, readers: Fleet['present']): BrokerOptions['broker'] {
  return {
    access: createBrokerAccess({ store, readers, clock, log }),
    denials: createDenials({ clock, log: log.child({ room: 'links' }) }),
  };
}

/** The broker, and the readers that are on it now. */
function brokerIn(mqtt: NonNullable<Config['mqtt']>, fleet: Fleet) {
  return brokerOf(mqtt, () =>
    fleet
      .present()
      .filter(({ link }) => link.mqtt !== undefined)
      .map(({ id }) => id),
  );
}

type Parts = {
  readonly store: Store;
  readonly forwarder: Forwarder;
  readonly readers: ReadonlyMap<string, Reader>;
  readonly live: LiveFeed;
  readonly line: Line;
  readonly fleet: Fleet;
  readonly denials: BrokerOptions['broker']['denials'];
  readonly site: { readonly id: string; readonly gln: string | null };
};

/** The HTTP API, and the file that tells commands on this machine how to reach it. */
async function openApi(config: Config, options: GatewayOptions, parts: Parts, closing: Closing) {
  const { store, forwarder, readers, live, line, site } = parts;
  const localKey = randomBytes(32).toString('base64url');
  const api = await startApi({
    http: config.http ?? {},
    site: { ...site, name: config.site.name ?? config.site.id },
    locations: config.locations.map(({ id, kind, name, parent }) => ({
      id,
      kind,
      name: name ?? id,
      parent: parent ?? null,
    })),
    readPoints: config.points,
    store,
    tags: config.codec,
    readers: {
      list: () => [...readers.values()].map((reader) => reader.status()),
      get: (id) => readers.get(id)?.status() ?? null,
      command: (id, command) => readers.get(id)?.command(command) ?? null,
      push: (id) => readers.get(id)?.push ?? null,
    },
    destinations: forwarder,
    ...(config.mqtt === undefined
      ? {}
      : { broker: Object.assign(brokerIn(config.mqtt, parts.fleet), { denials: parts.denials.list }) }),
    ...(options.configuration === undefined ? {} : { configuration: options.configuration }),
    input: line.pipeline.input,
    presence: line.presence,
    live,
    clock: options.clock,
    log: options.log.child({ room: 'api' }),
    webRoot: options.webRoot,
    localKey,
    version: options.version,
  });
  closing.add('work', 'API', () => api.close());
  const announced = announceRun(config.data, config.http ?? {}, { url: api.url, key: localKey }, options);
  closing.add('work', 'run.json', announced.remove);
  return { api, announced };
}
