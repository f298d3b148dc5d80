import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError, messageOf } from '../kit/index.ts';

/** What a running gateway leaves for commands of its own user on the same machine. */
export type LocalRun = { readonly pid: number; readonly url: string; readonly key: string };

/** The gateway that runs on this data folder, or null. */
export function readRun(data: string): LocalRun | null {
  try {
    return JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as LocalRun;
  } catch {
    return null;
  }
}

/** How a gateway is reached: the one that runs on `data`, or the one named by address and key. */
export type GatewayAddress = Pick<LocalRun, 'url' | 'key'>;

/** Throws LINK_NOT_FOUND when no gateway runs on `data` and none is named. */
export function gatewayAt(data: string, named: { url?: string; key?: string }): GatewayAddress {
  const run = readRun(data);
  if (named.url !== undefined) return { url: named.url, key: named.key ?? '' };
  if (run !== null) return run;
  throw new GatewayError('LINK_NOT_FOUND', 'The gateway does not run. Start it: silentgate start.');
}

/**
 * Asks the API under `/api/v1`. Rejects with LINK_LOST when nobody answers, else with the code and sentence of the problem
 * document that came.
 */
export async function askApi(
  gateway: GatewayAddress,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  return answered(await send(gateway, method, path, body));
}

async function answered(answer: Response): Promise<unknown> {
  const json: unknown = await answer.json().catch(() => null);
  if (answer.ok && json !== null) return json;
  const problem = (json ?? {}) as { detail?: string; errors?: { pointer: string; allowed: string }[] };
  const places = (problem.errors ?? [])
    .map(({ pointer, allowed }) => ` ${pointer || '/'}: allowed: ${allowed}.`)
    .join('');
  throw new GatewayError('REQUEST_INVALID', `${problem.detail ?? `The gateway answered ${answer.status}.`}${places}`);
}

/** Sends a file as it comes; what is asked and answered as in `askApi`. Waits ten minutes at most. */
export async function sendFile(
  gateway: GatewayAddress,
  path: string,
  type: string,
  file: AsyncIterable<Uint8Array>,
): Promise<unknown> {
  const body = { body: ReadableStream.from(file), duplex: 'half' as const };
  return answered(await request(gateway, 'POST', path, { 'content-type': type }, body, 600_000));
}

/** The bytes of an answer that is not JSON. */
export async function readBytes(gateway: GatewayAddress, path: string): Promise<Uint8Array> {
  const answer = await request(gateway, 'GET', path, {}, {}, 60_000);
  if (!answer.ok) await answered(answer);
  return new Uint8Array(await answer.arrayBuffer());
}

function send(gateway: GatewayAddress, method: string, path: string, body: unknown): Promise<Response> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return request(gateway, method, path, type, content, 60_000);
}

async function request(
  { url, key }: GatewayAddress,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: RequestInit,
  withinMs: number,
): Promise<Response> {
  try {
    return await fetch(new URL(`/api/v1${path}`, url), {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: AbortSignal.timeout(withinMs),
      ...body,
    });
  } catch (error) {
    throw new GatewayError('LINK_LOST', `The gateway does not answer at ${url}: ${messageOf(error)}.`, {}, error);
  }
}
