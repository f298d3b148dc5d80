import { randomBytes } from 'node:crypto';
import { announceRun, type LiveFeed, startApi } from './api/index.ts';
import type { Belief } from './belief.ts';
import { type BrokerOptions, brokerIn } from './broker.ts';
import type { Config } from './config.ts';
import type { Fleet } from './fleet.ts';
import type { Forwarder } from './followers/index.ts';
import type { GatewayOptions } from './gateway.ts';
import type { Store } from './journal/index.ts';
import { type Closing, GatewayError } from './kit/index.ts';
import type { Reader } from './readers/index.ts';

/** What the API shows and lets others do. */
type Parts = {
  readonly store: Store;
  readonly forwarder: Forwarder;
  readonly readers: ReadonlyMap<string, Reader>;
  readonly live: LiveFeed;
  readonly belief: Belief;
  readonly fleet: Fleet;
  readonly denials: BrokerOptions['broker']['denials'];
  readonly site: { readonly id: string; readonly gln: string | null };
};

/** Throws OVERLOADED for one that is still to be opened: a device that pushes then comes again, where a 404 could make it give up. */
function readerOf({ readers, fleet }: Parts, id: string): Reader | undefined {
  const reader = readers.get(id);
  const isToCome = reader === undefined && !fleet.isOpen() && fleet.present().some((one) => one.id === id);
  if (isToCome) throw new GatewayError('OVERLOADED', 'The gateway is starting: send this again in a few seconds.');
  return reader;
}

/** The HTTP API, and the file that tells commands on this machine how to reach it. */
export async function openApi(config: Config, options: GatewayOptions, parts: Parts, closing: Closing) {
  const { store, forwarder, readers, live, belief, site } = parts;
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
      get: (id) => readerOf(parts, id)?.status() ?? null,
      command: (id, command) => readerOf(parts, id)?.command(command) ?? null,
      push: (id) => readerOf(parts, id)?.push ?? null,
    },
    isOpen: parts.fleet.isOpen,
    destinations: forwarder,
    ...(config.mqtt === undefined
      ? {}
      : { broker: Object.assign(brokerIn(config.mqtt, parts.fleet), { denials: parts.denials.list }) }),
    ...(options.configuration === undefined ? {} : { configuration: options.configuration }),
    inputs: belief.line.inputs,
    presence: belief.presence,
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
