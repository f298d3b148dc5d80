import { randomBytes } from 'node:crypto';
import {
  type Api,
  announceRun,
  createBrokerAccess,
  createLiveFeed,
  type LiveFeed,
  startApi,
  tellOfMissingAccounts,
} from './api/index.ts';
import { brokerOf, type Config } from './config.ts';
import { createForwarder, type Forwarder, routesOf } from './crm/index.ts';
import { antennaTable, type FleetOptions, openReaders } from './fleet.ts';
import { type Clock, type Log, placeZone, resolveSecret } from './kit/index.ts';
import { createLine, type Line } from './line.ts';
import { createDenials } from './links/index.ts';
import type { Pipeline } from './pipeline.ts';
import { type Reader, type ReaderStatus, withoutPcWords } from './readers/index.ts';
import { openStore, type Store, startCaretaker } from './store/index.ts';

/** A running gateway. */
export type Gateway = {
  /** An address that opens in a browser. */
  readonly url: string;
  /** A link that signs one browser in, once, within 15 minutes. */
  signInLink(): string;
  readonly store: Store;
  readonly pipeline: Pipeline;
  readers(): readonly ReaderStatus[];
  /** Stops taking reads, writes what is in the hand, lets deliveries in flight end, closes the database. */
  stop(): Promise<void>;
};

export type GatewayOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built staff app, or null for none. */
  readonly webRoot: string | null;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

const tickMs = 250;

/**
 * Opens everything in the order store, API, destinations, broker, readers; `stop` closes in the reverse one.
 * Throws GatewayError for what an operator can mend: STORE_LOCKED, PORT_TAKEN, SECRET_MISSING, CONFIG_INVALID, …
 */
export async function startGateway(config: Config, options: GatewayOptions): Promise<Gateway> {
  const { clock, log } = options;
  const closing: (() => unknown)[] = [];
  const stop = async () => {
    let failure: unknown = null;
    for (const close of closing.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
  };
  try {
    return { ...(await open(config, options, closing)), stop };
  } catch (error) {
    log.debug({ at: clock.now() }, 'start failed; closing what was opened');
    await stop();
    throw error;
  }
}

async function open(config: Config, options: GatewayOptions, closing: Closing): Promise<Omit<Gateway, 'stop'>> {
  const { clock, log } = options;
  const destinations = (config.crm ?? []).map((d) => ({ ...d, secret: resolveSecret(d.secret, options.env) }));
  const site = { id: config.site.id, gln: config.site.gln ?? null };
  const { data: folder, codec: tags } = config;
  const { offsetMinutes } = placeZone(config.site.timeZone);
  const place = { ...site, offsetMinutes };
  const store = openStore({ folder, routes: routesOf(destinations), site: place, now: clock.now, tags }, 'gateway');
  closing.push(() => store.close());
  const care = startCaretaker({ store, clock, log: log.child({ room: 'store' }), offsetMinutes, random: Math.random });
  closing.push(() => care.cancel());
  const forwarder = createForwarder({
    destinations,
    outbox: store.outbox,
    source: `urn:silentgate:${config.site.id}`,
    clock,
    log: log.child({ room: 'crm' }),
    random: Math.random,
  });
  const readers = new Map<string, Reader>();
  const readPointOf = antennaTable(config);
  const live = createLiveFeed({
    clock,
    store,
    tags,
    readPointOf,
    readers: () => [...readers.values()].map((reader) => reader.status()),
    destinations: forwarder.status,
  });
  const line = createLine(config, options, { store, readers, readPointOf, forwarder, live });
  closing.push(() => line.pipeline.flush());
  const broker = brokerDoor(config, options, store);
  const api = await openApi(config, options, { store, forwarder, readers, live, line, broker, site }, closing);
  forwarder.start();
  closing.push(() => forwarder.stop());
  const ticking = clock.every(tickMs, line.tick);
  closing.push(() => ticking.cancel());
  await openReaders(config, { ...options, broker }, readers, closing, (given, redelivered) => {
    const reads = withoutPcWords(tags, readers, given);
    live.reads(reads);
    line.take(reads, redelivered);
  });
  const statuses = () => [...readers.values()].map((reader) => reader.status());
  return { url: api.url, signInLink: () => api.signInLink(), store, pipeline: line.pipeline, readers: statuses };
}

/** Who may come to the embedded broker; who is refused is counted there. */
function brokerDoor({ mqtt, readers }: Config, { clock, log }: GatewayOptions, store: Store): FleetOptions['broker'] {
  if (mqtt !== undefined) tellOfMissingAccounts(brokerOf(mqtt, readers), store.keys.list(), log);
  return {
    access: createBrokerAccess({ store, readers: () => readers, clock, log }),
    denials: createDenials({ clock, log: log.child({ room: 'links' }) }),
  };
}

type Closing = (() => unknown)[];
type Parts = {
  readonly store: Store;
  readonly forwarder: Forwarder;
  readonly readers: ReadonlyMap<string, Reader>;
  readonly live: LiveFeed;
  readonly line: Line;
  readonly broker: FleetOptions['broker'];
  readonly site: { readonly id: string; readonly gln: string | null };
};

/** The HTTP API, and the file that tells commands on this machine how to reach it. */
async function openApi(config: Config, options: GatewayOptions, parts: Parts, closing: Closing): Promise<Api> {
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
      : { broker: { ...brokerOf(config.mqtt, config.readers), denials: parts.broker.denials.list } }),
    input: line.pipeline.input,
    presence: line.presence,
    live,
    clock: options.clock,
    log: options.log.child({ room: 'api' }),
    webRoot: options.webRoot,
    localKey,
    version: options.version,
  });
  closing.push(() => api.close());
  const announced = announceRun(config.data, config.http ?? {}, { url: api.url, key: localKey }, options);
  closing.push(announced.remove);
  return api;
}
