import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { IClientOptions } from 'mqtt';
import { errnoOf, failure, fault, resolveSecret } from '../kit/index.ts';
import type { ExternalBrokerOptions } from './options.ts';

/**
 * What `connectMqtt` takes: the configured options with the password resolved (never the `{ env }` or `{ file }` of the
 * configuration) and a client id, which must stay the same over restarts because the broker keeps the session under it.
 */
export type MqttSettings = Omit<ExternalBrokerOptions, 'password' | 'clientId' | 'connections'> & {
  readonly clientId: string;
  readonly password?: string;
  /** False for simulators and tools that come once: the broker forgets them when they go. Default true. */
  readonly keepSession?: boolean;
};

/** The PEM files of a TLS connection, read. */
export type TlsFiles = { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };

type Surroundings = {
  /** Of a configuration that names none. */
  readonly clientId: string;
  /** What the configuration's paths are relative to. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** The configured options with their secret and paths resolved. Throws SECRET_MISSING. */
export function mqttSettings(options: ExternalBrokerOptions, { clientId, folder, env }: Surroundings): MqttSettings {
  const { password, ca, cert, key, connections: _, ...rest } = options;
  const files = Object.entries({ ca, cert, key }).flatMap(([name, path]) =>
    path === undefined ? [] : [[name, resolve(folder, path)]],
  );
  const secret = password === undefined ? {} : { password: resolveSecret(password, env) };
  return { clientId, ...rest, ...Object.fromEntries(files), ...secret };
}

const defaults = { keepaliveMs: 20_000, sessionExpiryMs: 7 * 86_400_000, keepSession: true };
/** How many messages the broker may have in flight to us; the rest waits in its queue. */
const receiveMaximum = 200;
const connectTimeoutMs = 10_000;

/** host:port of a broker's URL. */
export function whereOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'mqtts:' ? 8883 : 1883)}`;
}

/** The library's options: one attempt, a session that the broker keeps, and nothing that sends by itself. */
export function clientOptions(settings: MqttSettings): IClientOptions {
  const { protocol, hostname, port } = new URL(settings.url);
  const { username, password, statusTopic, keepaliveMs, sessionExpiryMs, keepSession } = { ...defaults, ...settings };
  const status = { payload: Buffer.from('offline'), qos: 1, retain: true } as const;
  return {
    protocol: protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
    host: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port: Number(port) }),
    clientId: settings.clientId,
    clean: !keepSession,
    keepalive: Math.max(1, Math.round(keepaliveMs / 1000)),
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    manualConnect: true,
    resubscribe: false,
    queueQoSZero: false,
    properties: { sessionExpiryInterval: keepSession ? Math.ceil(sessionExpiryMs / 1000) : 0, receiveMaximum },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(statusTopic === undefined ? {} : { will: { topic: statusTopic, ...status } }),
  };
}

/** Reads the PEM files anew, so that renewed certificates are used at the next connection. Rejects with LINK_DENIED. */
export async function readTlsFiles(settings: MqttSettings): Promise<TlsFiles> {
  const read = async (key: 'ca' | 'cert' | 'key'): Promise<TlsFiles> => {
    const path = settings[key];
    if (path === undefined) return {};
    try {
      return { [key]: await readFile(path) };
    } catch (error) {
      const what = fault('TLS_FILE_UNREADABLE', { setting: `mqtt.${key}`, path, errno: errnoOf(error) });
      throw failure(what, { path }, error);
    }
  };
  const files = await Promise.all([read('ca'), read('cert'), read('key')]);
  return Object.assign({}, ...files);
}
