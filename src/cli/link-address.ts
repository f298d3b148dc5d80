import { GatewayError } from '../kit/index.ts';

/** A channel as it is written on the command line. */
export type LinkAddress =
  | { readonly kind: 'pty'; readonly path: string }
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'mqtt'; readonly url: string; readonly login: Login; readonly topic: string };

/** User name and password at a broker, where there are any. */
type Login = { readonly username?: string; readonly password?: string };

export const linkForms = 'pty:PATH, serial:PATH, tcp:HOST:PORT or mqtt://[USER:PASSWORD@]HOST:PORT/TOPIC';

/** Reads `pty:…`, `serial:…`, `tcp:…` or `mqtt://…`. Throws REQUEST_INVALID naming the forms. */
export function parseLink(text: string): LinkAddress {
  const path = /^(pty|serial):(.+)$/.exec(text);
  if (path !== null)
    return path[1] === 'pty' ? { kind: 'pty', path: path[2] ?? '' } : { kind: 'serial', path: path[2] ?? '' };
  const tcp = /^tcp:(?:\/\/)?(.+):(\d{1,5})$/.exec(text);
  if (tcp !== null) return { kind: 'tcp', host: (tcp[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(tcp[2]) };
  const mqtt = /^(mqtts?:\/\/)(?:([^/:@]*):([^/@]*)@)?([^/]+)\/(.+)$/.exec(text);
  if (mqtt !== null) {
    const [, scheme = '', username, password, host = '', topic = ''] = mqtt;
    const login = username === undefined || password === undefined ? {} : { username, password };
    return { kind: 'mqtt', url: scheme + host, login, topic };
  }
  throw new GatewayError('REQUEST_INVALID', `There is no link ${text}; a link is ${linkForms}.`);
}
