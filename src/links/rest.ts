import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { type Clock, GatewayError, messageOf } from '../kit/index.ts';

export type RestSettings = {
  /** `https://host` or `http://host`, with a port where it is another one. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM file of the authority, or of the device's own certificate. */
  readonly ca?: string;
  readonly timeoutMs: number;
};

/** What came back; `body` is JSON, or null where it is none. */
export type RestAnswer = { readonly status: number; readonly body: unknown };

/** The REST interface of a device: one request at a time, no redirects. */
export type Rest = {
  /** Rejects with LINK_LOST when nothing was sent, with READER_TIMEOUT when it may have been taken and no answer came. */
  request(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<RestAnswer>;
  close(): Promise<void>;
};

const largestAnswer = 1024 * 1024;
/** Errors before a connection stood. */
const unreached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT|CERT_|DEPTH_|SELF_|UNABLE_|ERR_TLS)/;

/** Throws CONFIG_INVALID for an authority's file that cannot be read. */
export function openRest({ url, username, password, ca, timeoutMs }: RestSettings, { clock }: { clock: Clock }): Rest {
  const connect = { timeout: timeoutMs, ...(ca === undefined ? {} : { ca: readAuthority(ca) }) };
  const pool = new Pool(new URL(url).origin, { connections: 1, pipelining: 1, connect });
  const credentials = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  const headers = {
    accept: 'application/json',
    ...(username === undefined ? {} : { authorization: `Basic ${credentials}` }),
  };
  return {
    request: async (method, path, body) => {
      const deadline = new AbortController();
      const timer = clock.after(timeoutMs, () => deadline.abort());
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      try {
        const sent = { method, path, ...content, headers: { ...headers, ...type }, signal: deadline.signal };
        const response = await pool.request(sent);
        return { status: response.statusCode, body: await jsonIn(response.body) };
      } catch (error) {
        throw failure(error);
      } finally {
        timer.cancel();
      }
    },
    close: () => pool.destroy(),
  };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const text = `The certificate authority ${file} cannot be read: ${messageOf(error)}.`;
    throw new GatewayError('CONFIG_INVALID', text, { file }, error);
  }
}

/** Of an answer no more is read than any device has to say. */
async function jsonIn(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new GatewayError('READER_TIMEOUT', 'The answer is longer than 1 MiB.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

function failure(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = `The device’s REST interface: ${messageOf(error)}.`;
  return new GatewayError(unreached.test(code) ? 'LINK_LOST' : 'READER_TIMEOUT', text, { code }, error);
}
