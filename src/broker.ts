import { join } from 'node:path';
import { createBrokerAccess } from './api/index.ts';
import { brokerOf, type Config } from './config.ts';
import type { Store } from './journal/index.ts';
import type { Clock, Closing, Log } from './kit/index.ts';
import {
  type BrokerAccess,
  type Channels,
  createDenials,
  type Denials,
  knownSessions,
  localChannels,
  mqttSettings,
  readerChannels,
  sharedChannels,
  startBroker,
} from './links/index.ts';

export type BrokerOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The door of the embedded broker. */
  readonly broker: { readonly access: BrokerAccess; readonly denials: Denials };
};

/** Who knows the readers that run. */
type OnBroker = { present(): readonly Config['readers'][number][] };

/** The connections of the MQTT readers: inside the embedded broker, or to one elsewhere. Null where none is configured. */
export async function openBroker(config: Config, options: BrokerOptions, closing: Closing): Promise<Channels | null> {
  const { mqtt } = config;
  if (mqtt === undefined) return null;
  const deps = { clock: options.clock, log: options.log.child({ room: 'links' }), random: Math.random };
  if ('broker' in mqtt) {
    const access = brokerOf(mqtt, () => []).access === 'open' ? null : options.broker.access;
    const { host = '127.0.0.1', port = 1883 } = mqtt;
    const broker = await startBroker({ host, port, ...deps, access, denials: options.broker.denials });
    closing.add('channels', 'embedded broker', () => broker.close());
    const channels = localChannels(() => broker.connect(deps));
    closing.add('channels', 'broker connections', () => channels.close());
    return channels;
  }
  const { folder, site } = config;
  const settings = mqttSettings(mqtt, { clientId: `silentgate-${site.id}`, folder, env: options.env });
  const sessions = knownSessions(join(config.data, 'mqtt-sessions.json'), deps);
  const open = mqtt.connections === 'shared' ? sharedChannels : readerChannels;
  const channels = open(settings, sessions, deps);
  closing.add('channels', 'broker connections', () => channels.close());
  return channels;
}

/** Who may come to the embedded broker; who is refused is counted there. */
export function brokerDoor(
  { clock, log }: Pick<BrokerOptions, 'clock' | 'log'>,
  store: Store,
  readers: OnBroker['present'],
): BrokerOptions['broker'] {
  return {
    access: createBrokerAccess({ store, readers, clock, log }),
    denials: createDenials({ clock, log: log.child({ room: 'links' }) }),
  };
}

/** The broker, and the readers that are on it now. */
export function brokerIn(mqtt: NonNullable<Config['mqtt']>, fleet: OnBroker) {
  return brokerOf(mqtt, () =>
    fleet
      .present()
      .filter(({ link }) => link.mqtt !== undefined)
      .map(({ id }) => id),
  );
}
