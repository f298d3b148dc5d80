import { readFileSync } from 'node:fs';
import { createSecureContext, Server } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { GatewayError, messageOf } from '../kit/index.ts';

/** Paths of PEM files: the certificate chain and its private key. */
export type TlsFiles = { readonly cert: string; readonly key: string };

/** Certificate and key from their files. Throws SECRET_MISSING. */
export function readCertificate(files: TlsFiles): { cert: Buffer; key: Buffer } {
  const read = (path: string) => {
    try {
      return readFileSync(path);
    } catch (error) {
      throw new GatewayError('SECRET_MISSING', `http.tls: ${path} cannot be read.`, { path }, error);
    }
  };
  return { cert: read(files.cert), key: read(files.key) };
}

/** Takes the files' certificate for new handshakes. Null when done; else why it is not taken, and nothing has changed. */
export function renewCertificate({ server }: Pick<FastifyInstance, 'server'>, files: TlsFiles): string | null {
  if (!(server instanceof Server)) return 'The gateway was started without http.tls.';
  try {
    const pair = readCertificate(files);
    // A key that does not belong to the certificate is found here, before the server hears of it.
    createSecureContext(pair);
    server.setSecureContext(pair);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
