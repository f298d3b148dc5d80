import { readFileSync } from 'node:fs';
import { type Dispatcher, Pool } from 'undici';
import { type Clock, fault, GatewayError, messageOf } from '../../kit/index.ts';
import { guardedLookup } from './address.ts';
import { type Destination, hostOf } from './options.ts';
import { codeOf, postFault } from './post-faults.ts';
import type { Answer } from './verdict.ts';

/** Sends one body and tells what came back; never throws. */
export type Post = {
  send(body: string, headers: Record<string, string>): Promise<Answer>;
  /** Cuts what is in flight and closes the connections. */
  close(): Promise<void>;
};

const bodyLimit = 65_536;
const textLimit = 400;

// The receiver may have seen the request before one of these; every other error happened before it was sent.
const reachedCodes = /^(UND_ERR_(SOCKET|ABORTED|HEADERS|BODY|RES|RESPONSE)|ECONNRESET|EPIPE|HPE_|ABORT_ERR)/;

/** Connections to one destination: kept alive, as many as may be in flight, no redirects. Throws CONFIG_INVALID for an unreadable `ca`. */
export function openPost(destination: Destination, inFlight: number, timeoutMs: number, clock: Clock): Post {
  const url = new URL(destination.url);
  const pool = openPool(destination, url, inFlight, timeoutMs);
  const closing = new AbortController();
  const send = async (body: string, headers: Record<string, string>): Promise<Answer> => {
    const deadline = new AbortController();
    const timer = clock.after(timeoutMs, () => deadline.abort());
    const signal = AbortSignal.any([deadline.signal, closing.signal]);
    try {
      const response = await pool.request({ method: 'POST', path: url.pathname + url.search, headers, body, signal });
      return await answerOf(response);
    } catch (error) {
      const why = deadline.signal.aborted ? fault('CRM_NO_ANSWER', { ms: timeoutMs }) : postFault(error, url.host);
      return { kind: 'error', reached: reachedCodes.test(codeOf(error)), fault: why };
    } finally {
      timer.cancel();
    }
  };
  const close = async () => {
    closing.abort();
    await pool.destroy();
  };
  return { send, close };
}

function openPool(destination: Destination, url: URL, inFlight: number, timeoutMs: number): Pool {
  const local = hostOf(url) === 'localhost';
  const rule = {
    public: url.protocol === 'https:' || destination.insecure === true,
    private: local || destination.private === true,
  };
  const ca = destination.ca === undefined ? {} : { ca: readAuthority(destination.ca) };
  return new Pool(url.origin, {
    connections: inFlight,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    // The clock's deadline rules; these only guard against a clock that stands still.
    headersTimeout: timeoutMs * 4,
    bodyTimeout: timeoutMs * 4,
    connect: { timeout: Math.min(timeoutMs, 10_000), lookup: guardedLookup(rule), ...ca },
  });
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `The certificate authority ${file} cannot be read: ${messageOf(error)}.`,
      { file },
      error,
    );
  }
}

/** The status decides; of the body only enough is read for a reason, and never more than 64 kB. */
async function answerOf(response: Dispatcher.ResponseData): Promise<Answer> {
  const { statusCode, headers } = response;
  return {
    kind: 'status',
    status: statusCode,
    retryAfter: headerOf(headers, 'retry-after'),
    location: headerOf(headers, 'location'),
    text: await readText(response.body),
  };
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const start: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      const bytes: Buffer = chunk;
      if (size < textLimit) start.push(bytes.subarray(0, textLimit - size));
      size += bytes.length;
      if (size > bodyLimit) break;
    }
  } catch {
    // A body that breaks off or never ends does not change what the status said.
  }
  return Buffer.concat(start).toString('utf8');
}

function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
