import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, createLiveFeed, startApi } from './api/index.ts';
import type { Config } from './config.ts';
import { createForwarder, routesOf } from './crm/index.ts';
import { createInventory } from './inventory/index.ts';
import { type Clock, contentId, type Log, resolveSecret } from './kit/index.ts';
import { type Broker, connectMqtt, type MqttConnection, startBroker } from './links/index.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createPresence } from './presence/index.ts';
import { openReader, type Reader } from './readers/index.ts';
import { openStore, type Store } from './store/index.ts';
import { identityOf } from './tags/index.ts';

/** A running gateway. */
export type Gateway = {
  /** An address that opens in a browser. */
  readonly url: string;
  /** A link that signs one browser in, once, within 15 minutes. */
  signInLink(): string;
  readonly store: Store;
  readonly pipeline: Pipeline;
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
const flushMs = 30_000;

/**
 * Opens everything in the order store, API, destinations, broker, readers; `stop` closes in the reverse one.
 * Throws GatewayError for what an operator can mend: STORE_LOCKED, PORT_TAKEN, SECRET_MISSING, CONFIG_INVALID, …
 */
export async function startGateway(config: Config, options: GatewayOptions): Promise<Gateway> {
  const { clock, log } = options;
  const closing: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    return { ...(await open(config, options, closing)), stop };
  } catch (error) {
    log.debug({ at: clock.now() }, 'start failed; closing what was opened');
    await stop();
    throw error;
  }
}

async function open(
  config: Config,
  options: GatewayOptions,
  closing: (() => unknown)[],
): Promise<Omit<Gateway, 'stop'>> {
  const { clock, log } = options;
  const destinations = (config.crm ?? []).map((d) => ({ ...d, secret: resolveSecret(d.secret, options.env) }));
  const site = { id: config.site.id, gln: config.site.gln ?? null };
  const store = openStore({ folder: config.data, routes: routesOf(destinations), site, now: clock.now }, 'gateway');
  closing.push(() => store.close());

  const readers: Reader[] = [];
  const readerById = (id: string) => readers.find((reader) => reader.status().id === id);
  const count = (reader: string, reason: string) => readerById(reader)?.count(reason);
  const line = createLine(config, options, store, count);
  closing.push(() => line.pipeline.flush());

  const forwarder = createForwarder({
    destinations,
    outbox: store.outbox,
    source: `urn:silentgate:${config.site.id}`,
    clock,
    log: log.child({ room: 'crm' }),
    random: Math.random,
  });
  const live = createLiveFeed({ clock });
  line.onCommitted((batch) => {
    forwarder.wake();
    live.committed(batch);
  });
  const localKey = randomBytes(32).toString('base64url');
  const api = await startApi({
    http: config.http ?? {},
    site: { ...site, name: config.site.name ?? config.site.id },
    locations: locationsOf(config),
    readPoints: config.points,
    store,
    readers: { list: () => readers.map((reader) => reader.status()), get: (id) => readerById(id)?.status() ?? null },
    destinations: forwarder,
    input: line.pipeline.input,
    presence: line.presence,
    live,
    clock,
    log: log.child({ room: 'api' }),
    webRoot: options.webRoot,
    localKey,
    version: options.version,
  });
  closing.push(() => api.close());
  closing.push(announceLocally(config, api, localKey));
  forwarder.start();
  closing.push(() => forwarder.stop());

  const timers = [clock.every(tickMs, line.pipeline.tick), clock.every(flushMs, line.pipeline.flush)];
  closing.push(() => timers.map((timer) => timer.cancel()));
  await openReaders(config, options, readers, closing, (reads, redelivered) => {
    live.reads(reads);
    line.pipeline.take(reads, redelivered);
  });
  return { url: api.url, signInLink: () => api.signInLink(), store, pipeline: line.pipeline };
}

type Line = {
  readonly pipeline: Pipeline;
  readonly presence: ReturnType<typeof createPresence>;
  onCommitted(run: (batch: Parameters<Store['commit']>[0]) => void): void;
};

/** The core rooms, wired to the store, and filled with what was present when the gateway stopped. */
function createLine(
  config: Config,
  options: GatewayOptions,
  store: Store,
  count: (reader: string, reason: string) => void,
): Line {
  const antennas = new Map(config.readers.map((reader) => [reader.id, reader.antennas]));
  const listeners: ((batch: Parameters<Store['commit']>[0]) => void)[] = [];
  const presence = createPresence({
    readPoints: config.points,
    readPointOf: (reader, antenna) => readPointOf(antennas.get(reader), antenna),
    identify: (hex) => identityOf(hex).epc.id,
    count,
  });
  presence.restore(store.presences());
  const inventory = createInventory({
    readPoints: config.points,
    locations: config.locations,
    adopt: config.inventory?.adopt ?? 'all',
    isOwn: (gtin) => store.product(gtin) !== null,
    contentId,
  });
  const pipeline = createPipeline({
    presence,
    inventory,
    readPoints: config.points,
    store,
    clock: options.clock,
    log: options.log.child({ room: 'pipeline' }),
    count,
    committed: (batch) => {
      for (const listener of listeners) listener(batch);
    },
  });
  return { pipeline, presence, onCommitted: (run) => void listeners.push(run) };
}

/** A report without an antenna is of the reader's only configured one; with several configured, nobody can say. */
function readPointOf(antennas: Readonly<Record<string, string>> | undefined, antenna: number | null): string | null {
  if (antennas === undefined) return null;
  if (antenna !== null) return antennas[String(antenna)] ?? null;
  const points = [...new Set(Object.values(antennas))];
  return points.length === 1 ? (points[0] ?? null) : null;
}

function locationsOf(config: Config) {
  return config.locations.map(({ id, kind, name, parent }) => ({ id, kind, name: name ?? id, parent: parent ?? null }));
}

/** Tells commands on this machine where the gateway is and gives them a key that dies with it; only its user may read the file. */
function announceLocally(config: Config, api: Api, localKey: string): () => void {
  const file = join(config.data, 'run.json');
  writeFileSync(file, JSON.stringify({ pid: process.pid, url: api.url, key: localKey }), { mode: 0o600 });
  chmodSync(file, 0o600);
  return () => rmSync(file, { force: true });
}

async function openReaders(
  config: Config,
  options: GatewayOptions,
  readers: Reader[],
  closing: (() => unknown)[],
  onReads: Parameters<typeof openReader>[0]['onReads'],
): Promise<void> {
  const broker = await openBroker(config, options, closing);
  for (const reader of config.readers) {
    const opened = openReader({
      config: reader,
      profile: config.profileTable.get(reader.profile),
      mqtt: broker,
      clock: options.clock,
      log: options.log.child({ room: 'readers', reader: reader.id }),
      random: Math.random,
      onReads,
    });
    readers.push(opened);
    opened.start();
    closing.push(() => opened.stop());
  }
  broker?.open();
}

/** The embedded broker, if the configuration wants it, and the one connection that all MQTT readers share. */
async function openBroker(
  config: Config,
  options: GatewayOptions,
  closing: (() => unknown)[],
): Promise<MqttConnection | null> {
  if (config.mqtt === undefined) return null;
  const deps = { clock: options.clock, log: options.log.child({ room: 'links' }), random: Math.random };
  return null;
}
