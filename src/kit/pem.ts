import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf } from './gateway-error.ts';

/** Files of one TLS identity, and of whom it believes: paths of PEM files, null where none is named. */
export type PemFiles = { readonly ca: string | null; readonly cert: string | null; readonly key: string | null };
export type PemFault = { readonly file: keyof PemFiles; readonly fault: string };

const day = 86_400_000;
const renewWithin = 14 * day;

/**
 * What keeps PEM files from use: not readable, not PEM, one without the other, a key of another certificate. Empty when
 * they can be used. No fault holds anything of a key.
 */
export function pemFaults(files: PemFiles): PemFault[] {
  const { ca, cert, key } = files;
  const own: PemFault[] = [
    ...(ca === null ? [] : asFault('ca', certificateFault(ca))),
    ...(cert === null ? [] : asFault('cert', certificateFault(cert))),
    ...(key === null ? [] : asFault('key', keyFault(key))),
  ];
  if (own.length > 0) return own;
  if (cert === null && key === null) return [];
  if (cert === null) return [{ file: 'key', fault: 'there is no cert that belongs to it' }];
  if (key === null) return [{ file: 'cert', fault: 'there is no key that belongs to it' }];
  return asFault('key', pairFault(cert, key));
}

function asFault(file: keyof PemFiles, fault: string | null): PemFault[] {
  return fault === null ? [] : [{ file, fault }];
}

function certificateFault(path: string): string | null {
  return faultOf(path, (pem) => new X509Certificate(pem), 'holds no certificate in PEM');
}

function keyFault(path: string): string | null {
  return faultOf(path, keyIn, 'holds no private key in PEM without a passphrase');
}

const keyIn = (pem: Buffer) => createPrivateKey(pem);

function faultOf(path: string, use: (pem: Buffer) => unknown, otherwise: string): string | null {
  let pem: Buffer;
  try {
    pem = readFileSync(path);
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`;
  }
  try {
    use(pem);
    return null;
  } catch {
    return `it ${otherwise}`;
  }
}

function pairFault(cert: string, key: string): string | null {
  const pems = { cert: readFileSync(cert), key: readFileSync(key) };
  if (!new X509Certificate(pems.cert).checkPrivateKey(keyIn(pems.key)))
    return `it is the key of another cert than ${cert}`;
  try {
    createSecureContext(pems);
    return null;
  } catch (error) {
    return `TLS cannot use it: ${messageOf(error)}`;
  }
}

/** Why a certificate file should be renewed at `now` (epoch ms): expired, not valid yet, or soon to expire. Null for no reason. */
export function renewalDue(path: string, now: number): string | null {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(path));
  } catch {
    return null;
  }
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  if (to <= now) return `it expired on ${dayOf(to)}`;
  if (from > now) return `it is not valid before ${dayOf(from)}`;
  return to - now <= renewWithin ? `it expires on ${dayOf(to)}` : null;
}
