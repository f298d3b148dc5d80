import { type Announcement, type Api, createLiveFeed, tellOfMissingAccounts } from './api/index.ts';
import { openApi } from './api-door.ts';
import { openBelief } from './belief.ts';
import { brokerDoor, brokerIn } from './broker.ts';
import type { Config } from './config.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createForwarder, followers as followerTable, openFollowers } from './followers/index.ts';
import type { Gateway, GatewayOptions } from './gateway.ts';
import { openStore, retentionOf, type Store, startCaretaker, writerThread } from './journal/index.ts';
import { type Closing, crash, createClosing, GatewayError, placeZone, resolveSecret } from './kit/index.ts';
import { knownWrites } from './known-writes.ts';
import { moveCodeWords, type Reader } from './readers/index.ts';

export type { ConfigurationState } from './api/index.ts';
export type { Gateway, GatewayOptions, Reloaded } from './gateway.ts';

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
  const stock = openStock(config, options, closing);
  try {
    return await openAround(stock, config, options, closing);
  } catch (error) {
    // Of a damaged page the look through the database says more than the statement that met it.
    if (error instanceof GatewayError && error.code === 'STORE_DAMAGED') await stock.store.opened();
    throw error;
  }
}

async function openAround(
  { store, forwarder }: ReturnType<typeof openStock>,
  config: Config,
  options: GatewayOptions,
  closing: Closing,
): Promise<Omit<Gateway, 'stop'>> {
  const { clock } = options;
  const site = { id: config.site.id, gln: config.site.gln ?? null };
  const { codec: tags } = config;
  const readers = new Map<string, Reader>();
  const statuses = () => [...readers.values()].map((reader) => reader.status());
  const broker = brokerDoor(options, store, () => fleet.present());
  const fleet: Fleet = createFleet(config, { ...options, broker }, readers, closing);
  const tellOfBroker = brokerTeller(config, store, fleet, options);
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
  const belief = openBelief(config, options, { store, readers, readPointOf, committed: followers.wake }, closing);
  const { line } = belief;
  const known = knownWrites(store, belief.ledger);
  const parts = { store: known, forwarder, readers, live, belief, site, fleet, denials: broker.denials };
  const { api, announced } = await openApi(config, options, parts, closing);
  // Nothing is taken, and nothing leaves, before the database is known to be whole.
  await store.opened();
  forwarder.start();
  const ticking = clock.every(tickMs, () => void line.tick().catch(crash));
  closing.add('work', 'clock', () => ticking.cancel());
  options.signal?.throwIfAborted();
  await fleet.open((reads, redelivered) => {
    moveCodeWords(tags, readers, reads);
    live.reads(reads);
    return line.take(reads, redelivered);
  }, store.pressure);
  belief.load();
  options.signal?.throwIfAborted();
  const { url, signInLink } = api;
  const reload = reloader(api, announced, fleet, tellOfBroker);
  return { url, signInLink, store: known, readers: statuses, reload };
}

/** The database, and what carries events from it to destinations, which rests until it is started. */
function openStock(config: Config, { clock, log, env }: GatewayOptions, closing: Closing) {
  const destinations = (config.crm ?? []).map((d) => ({ ...d, secret: resolveSecret(d.secret, env) }));
  const { data: folder, codec: tags } = config;
  const { offsetMinutes } = placeZone(config.site.timeZone);
  const site = { id: config.site.id, gln: config.site.gln ?? null, offsetMinutes };
  const { eventsMs, lastSightsMs } = retentionOf(config.retention);
  const store = openStore(
    { folder, site: config.site, now: clock.now, lastSightsMs, tags, thread: writerThread() },
    'gateway',
  );
  closing.add('last', 'database', () => store.close());
  const care = startCaretaker({
    store,
    clock,
    log: log.child({ room: 'store' }),
    offsetMinutes,
    random: Math.random,
    keepEventsMs: eventsMs,
  });
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

function brokerTeller({ mqtt }: Config, { keys }: Store, fleet: Fleet, { log }: GatewayOptions): () => void {
  return () => {
    if (mqtt !== undefined) tellOfMissingAccounts(brokerIn(mqtt, fleet), keys.list(), log);
  };
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
