import { join } from 'node:path';
import { brokerOf, type Config } from './config.ts';
import { type Clock, type Log, resolveSecret } from './kit/index.ts';
import {
  type BrokerAccess,
  connectMqtt,
  type Denials,
  type MqttConnection,
  mqttSettings,
  startBroker,
} from './links/index.ts';
import { type OnReads, openMemories, openReader, type Reader } from './readers/index.ts';

export type FleetOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The door of the embedded broker. */
  readonly broker: { readonly access: BrokerAccess; readonly denials: Denials };
};

type Closing = (() => unknown)[];
type ReadPointOf = (reader: string, antenna: number | null) => string | null;

/** A report without an antenna is of the reader's only configured place; with several places configured, nobody can say. */
export function antennaTable(config: Config): ReadPointOf {
  const table = new Map(config.readers.map((reader) => [reader.id, reader.antennas]));
  const only = new Map(
    config.readers.map((reader) => {
      const points = [...new Set(Object.values(reader.antennas))];
      return [reader.id, points.length === 1 ? (points[0] ?? null) : null];
    }),
  );
  return (reader, antenna) => (antenna === null ? only.get(reader) : table.get(reader)?.[antenna]) ?? null;
}

/** Readers subscribe before the broker connection opens: what the broker kept for us arrives right after it. */
export async function openReaders(
  config: Config,
  options: FleetOptions,
  readers: Map<string, Reader>,
  closing: Closing,
  onReads: OnReads,
): Promise<void> {
  const mqtt = await openBroker(config, options, closing);
  const memories = openMemories(join(config.data, 'baselines.json'), readers, options);
  closing.push(memories.close);
  for (const reader of config.readers) {
    const opened = openReader({
      config: reader,
      profile: config.profileTable.get(reader.profile),
      mqtt,
      clock: options.clock,
      log: options.log.child({ room: 'readers', reader: reader.id }),
      random: Math.random,
      secret: (secret) => resolveSecret(secret, options.env),
      siteZone: config.site.timeZone ?? null,
      memory: memories.of(reader.id),
      onReads,
    });
    readers.set(reader.id, opened);
    opened.start();
    closing.push(() => opened.stop());
  }
  mqtt?.open();
}

/** The one connection that all MQTT readers share: inside the embedded broker, or to one elsewhere. */
async function openBroker(config: Config, options: FleetOptions, closing: Closing): Promise<MqttConnection | null> {
  const { mqtt } = config;
  if (mqtt === undefined) return null;
  const deps = { clock: options.clock, log: options.log.child({ room: 'links' }), random: Math.random };
  if ('broker' in mqtt) {
    const access = brokerOf(mqtt, []).access === 'open' ? null : options.broker.access;
    const { host = '127.0.0.1', port = 1883 } = mqtt;
    const broker = await startBroker({ host, port, ...deps, access, denials: options.broker.denials });
    closing.push(() => broker.close());
    const connection = broker.connect(deps);
    closing.push(() => connection.close());
    return connection;
  }
  const { folder, site } = config;
  const settings = mqttSettings(mqtt, { clientId: `silentgate-${site.id}`, folder, env: options.env });
  const connection = connectMqtt(settings, deps);
  closing.push(() => connection.close());
  return connection;
}
