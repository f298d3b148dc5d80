import { GatewayError } from '../kit/index.ts';

/** A channel as it is written on the command line. */
export type LinkAddress =
  | { readonly kind: 'pty'; readonly path: string }
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'mqtt'; readonly url: string; readonly topic: string };

export const linkForms = 'pty:PATH, serial:PATH, tcp:HOST:PORT or mqtt://HOST:PORT/TOPIC';

/** Reads `pty:…`, `serial:…`, `tcp:…` or `mqtt://…`. Throws REQUEST_INVALID naming the forms. */
export function parseLink(text: string): LinkAddress {
  const path = /^(pty|serial):(.+)$/.exec(text);
  if (path !== null)
    return path[1] === 'pty' ? { kind: 'pty', path: path[2] ?? '' } : { kind: 'serial', path: path[2] ?? '' };
  const tcp = /^tcp:(?:\/\/)?(.+):(\d{1,5})$/.exec(text);
  if (tcp !== null) return { kind: 'tcp', host: (tcp[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(tcp[2]) };
  const mqtt = /^(mqtts?:\/\/[^/]+)\/(.+)$/.exec(text);
  if (mqtt !== null) return { kind: 'mqtt', url: mqtt[1] ?? '', topic: mqtt[2] ?? '' };
  throw new GatewayError('REQUEST_INVALID', `There is no link ${text}; a link is ${linkForms}.`);
}
