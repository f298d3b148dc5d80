import { brokerOf, type Config } from './config.ts';
import type { Clock, Closing, Log } from './kit/index.ts';
import {
  type BrokerAccess,
  connectMqtt,
  type Denials,
  type MqttConnection,
  mqttSettings,
  startBroker,
} from './links/index.ts';

export type BrokerOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The door of the embedded broker. */
  readonly broker: { readonly access: BrokerAccess; readonly denials: Denials };
};

/** The one connection that all MQTT readers share: inside the embedded broker, or to one elsewhere. */
export async function openBroker(
  config: Config,
  options: BrokerOptions,
  closing: Closing,
): Promise<MqttConnection | null> {
  const { mqtt } = config;
  if (mqtt === undefined) return null;
  const deps = { clock: options.clock, log: options.log.child({ room: 'links' }), random: Math.random };
  if ('broker' in mqtt) {
    const access = brokerOf(mqtt, () => []).access === 'open' ? null : options.broker.access;
    const { host = '127.0.0.1', port = 1883 } = mqtt;
    const broker = await startBroker({ host, port, ...deps, access, denials: options.broker.denials });
    closing.add('channels', 'embedded broker', () => broker.close());
    const connection = broker.connect(deps);
    closing.add('channels', 'broker connection', () => connection.close());
    return connection;
  }
  const { folder, site } = config;
  const settings = mqttSettings(mqtt, { clientId: `silentgate-${site.id}`, folder, env: options.env });
  const connection = connectMqtt(settings, deps);
  closing.add('channels', 'broker connection', () => connection.close());
  return connection;
}
