import { readFileSync } from 'node:fs';
import { TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { GatewayError, messageOf } from '../kit/index.ts';

/** Whom to believe behind an https address: who has exactly this certificate, or whom an authority vouches for. */
export type Trust = {
  /** SHA-256 of the one certificate that is accepted, 64 hex digits; its names and dates are then not looked at. */
  readonly pin: string | null;
  /** PEM file of the authority, or of a certificate that signed itself; null for the authorities that Node.js knows. */
  readonly ca: string | null;
};

/** How a gateway is reached, and with which key. Only who is sent no key may be anybody. */
export type GatewayAddress = { readonly url: string; readonly key: string; readonly trust: Trust };
export type Stranger = { readonly url: string; readonly key: null; readonly trust: 'anybody' };

export type Sent = {
  readonly method: 'GET' | 'POST';
  /** Under `/api/v1`. */
  readonly path: string;
  /** Content type and body; null for none. */
  readonly content: { readonly type: string; readonly body: string | AsyncIterable<Uint8Array> } | null;
  readonly withinMs: number;
};
export type Answer = { readonly status: number; readonly body: Buffer };

/**
 * Sends one request. The key leaves this process only after the certificate was found right. Rejects with LINK_DENIED for
 * a certificate that is not trusted, with LINK_LOST when nobody answers in time.
 */
export async function askGateway(gateway: GatewayAddress | Stranger, sent: Sent): Promise<Answer> {
  const { method, path, content, withinMs } = sent;
  const agent = new Agent({
    connect: connectorFor(gateway, withinMs),
    headersTimeout: withinMs,
    bodyTimeout: withinMs,
  });
  try {
    const answer = await request(new URL(`/api/v1${path}`, gateway.url), {
      method,
      headers: {
        ...(gateway.key === null ? {} : { authorization: `Bearer ${gateway.key}` }),
        ...(content === null ? {} : { 'content-type': content.type }),
      },
      body: (content?.body ?? null) as Dispatcher.RequestOptions['body'] & string,
      signal: AbortSignal.timeout(withinMs),
      dispatcher: agent,
    });
    return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
  } catch (error) {
    throw failure(gateway.url, error);
  } finally {
    await agent.destroy();
  }
}

function connectorFor({ url, trust }: GatewayAddress | Stranger, timeout: number): buildConnector.connector {
  if (trust === 'anybody') return buildConnector({ timeout, rejectUnauthorized: false });
  const { pin, ca } = trust;
  if (pin === null) return buildConnector({ timeout, ...(ca === null ? {} : { ca: readAuthority(ca) }) });
  const connect = buildConnector({ timeout, rejectUnauthorized: false });
  return (options, done) =>
    connect(options, (error, socket) => {
      if (error !== null) return done(error, null);
      if (shownBy(socket) === pin) return done(null, socket);
      socket.destroy();
      done(strange(url), null);
    });
}

/** SHA-256 of the certificate that the other side has proved to hold the key of; null over plain HTTP. */
function shownBy(socket: object): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  const shown = socket.getPeerX509Certificate();
  return shown === undefined ? null : shown.fingerprint256.replaceAll(':', '').toLowerCase();
}

function strange(url: string): GatewayError {
  const text = `What answers at ${url} shows another certificate than the one that is expected, so nothing was sent to it. Where the certificate was renewed this moment, run the command again; with --pin, give the SHA-256 of the new one.`;
  return new GatewayError('LINK_DENIED', text, { url });
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GatewayError('NOT_FOUND', `--ca: ${file} cannot be read: ${messageOf(error)}.`, { file }, error);
  }
}

const untrusted = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

function failure(url: string, error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const why = messageOf(error).replace(/\.$/, '');
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (untrusted.test(code)) {
    const next = 'Name its authority with --ca FILE, or the certificate itself with --pin SHA256.';
    return new GatewayError('LINK_DENIED', `The certificate at ${url} is not trusted: ${why}. ${next}`, { url }, error);
  }
  return new GatewayError(
    'LINK_LOST',
    `The gateway does not answer at ${url}: ${wrongScheme(url, why)}.`,
    { url },
    error,
  );
}

/** OpenSSL's words for an answer in plain text help nobody. */
function wrongScheme(url: string, why: string): string {
  const plain = url.startsWith('https:') && /wrong version number|packet length too long|EPROTO/i.test(why);
  return plain ? `it does not speak TLS there; try ${url.replace('https:', 'http:')}` : why;
}

/** A certificate's SHA-256 as people have it: hex, with or without colons, also as OpenSSL prints it. Null when it is none. */
export function pinFrom(text: string): string | null {
  const hex = text
    .trim()
    .replace(/^sha-?256( fingerprint)?[=:]/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? hex : null;
}
