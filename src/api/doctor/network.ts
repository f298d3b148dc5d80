import { isIP } from 'node:net';
import type { ReaderStatus } from '../../readers/index.ts';
import type { ApiDeps } from '../deps.ts';
import { defaultHost } from '../options.ts';
import { type Check, check } from './check.ts';

/** Whether only programs on this machine can reach a listening address. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

/** A warning when the API is open to the network in plain text. */
export function checkHttp({ host = defaultHost, tls }: ApiDeps['http']): Check[] {
  if (tls !== undefined || isLoopback(host)) return [];
  return [
    check(
      'http',
      'warn',
      'HTTP_OPEN',
      `The page and the API listen on ${host} without encryption: anybody on the network can read keys and sessions on their way.`,
      'Set http.tls, or listen on 127.0.0.1 behind a proxy that speaks HTTPS.',
      { host },
    ),
  ];
}

/** The one connection that all MQTT readers share: down when every one of them is without it. */
export function checkBroker(broker: NonNullable<ApiDeps['broker']>, readers: readonly ReaderStatus[]): Check[] {
  const links = readers.filter(({ id }) => broker.readers.includes(id)).map(({ link }) => link);
  const [first] = links;
  if (first === undefined) return [];
  const params = { address: broker.address };
  if (links.some(({ state }) => state === 'open')) {
    return [check('broker', 'ok', 'BROKER_OK', `The MQTT broker ${broker.address} is connected.`, null, params)];
  }
  const why = (first.error ?? 'it is being opened').replace(/\.$/, '');
  return [
    check(
      'broker',
      'fail',
      'BROKER_OFFLINE',
      `The MQTT broker ${broker.address} is not connected, so none of its ${links.length} readers is heard: ${why}.`,
      'Check that the broker runs, and the mqtt section of the configuration.',
      { ...params, error: first.error ?? '', readers: links.length },
      first.fault === null ? [] : [first.fault],
    ),
  ];
}
