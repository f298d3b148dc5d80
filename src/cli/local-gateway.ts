import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalRun, runFile } from '../api/index.ts';
import { folderHolder } from '../journal/index.ts';
import { GatewayError, messageOf } from '../kit/index.ts';
import { type Answer, askGateway, type GatewayAddress } from './gateway-request.ts';

/** What a look for `run.json` gives: what stands in it, that no gateway runs, or why it cannot be read. */
export type RunFound =
  | { readonly state: 'found'; readonly run: LocalRun }
  | { readonly state: 'none' }
  | { readonly state: 'unreadable'; readonly why: string };

/**
 * Looks for what the gateway that runs on this data folder left. Changes nothing. Whether one runs is said by the lock of
 * the folder: a file that a killed gateway left names a process and a port that may be others' by now.
 */
export function lookForRun(data: string): RunFound {
  const file = join(data, runFile);
  try {
    const run = runIn(readFileSync(file, 'utf8'));
    return run === null || folderHolder(data).state === 'free' ? { state: 'none' } : { state: 'found', run };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'none' };
    if (code !== 'EACCES') return { state: 'unreadable', why: `${file} cannot be read: ${messageOf(error)}` };
    const own = `the user id here is ${process.getuid?.() ?? 'another'}`;
    return { state: 'unreadable', why: `${file} is only for ${ownerOf(data)}, and ${own}` };
  }
}

/** Null for what no gateway writes. */
function runIn(text: string): LocalRun | null {
  let run: Partial<LocalRun> | null;
  try {
    run = JSON.parse(text) as Partial<LocalRun> | null;
  } catch {
    return null;
  }
  const { pid, url, key, certificate = null } = run ?? {};
  return typeof url === 'string' && typeof key === 'string' && typeof pid === 'number'
    ? { pid, url, key, certificate }
    : null;
}

function ownerOf(folder: string): string {
  try {
    return `the user with the id ${statSync(folder).uid}`;
  } catch {
    return 'another user';
  }
}

/** The gateway that runs on this data folder, or null. */
export function readRun(data: string): LocalRun | null {
  const found = lookForRun(data);
  return found.state === 'found' ? found.run : null;
}

/** The address of a gateway that runs here: behind TLS only who has its very certificate is believed. */
export function addressOf({ url, key, certificate }: LocalRun): GatewayAddress {
  return { url, key, trust: { pin: certificate, ca: null } };
}

/**
 * The gateway that runs on `data`. Throws LINK_NOT_FOUND when none does, LINK_DENIED when only another user may ask it.
 */
export function localGateway(data: string): GatewayAddress {
  const found = lookForRun(data);
  if (found.state === 'found') return addressOf(found.run);
  if (found.state === 'unreadable') {
    const next = 'Run the command as the gateway’s own user, or name the gateway: --url ADDRESS --key KEY';
    throw new GatewayError('LINK_DENIED', `${found.why}. ${next}.`, { data });
  }
  if (folderHolder(data).state === 'held')
    throw new GatewayError('LINK_LOST', `The gateway on ${data} is starting or stopping. Try again in a moment.`, {
      data,
    });
  const next = 'Start it with silentgate start, or name another one: --config FILE, or --url ADDRESS --key KEY';
  throw new GatewayError('LINK_NOT_FOUND', `No gateway runs on ${data}. ${next}.`, { data });
}

/**
 * Asks the API under `/api/v1`. Rejects with LINK_LOST when nobody answers, LINK_DENIED for a certificate that is not
 * trusted, else with the code and sentence of the problem document that came.
 */
export async function askApi(
  gateway: GatewayAddress,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  withinMs = 60_000,
): Promise<unknown> {
  const content = body === undefined ? null : { type: 'application/json', body: JSON.stringify(body) };
  return answered(await askGateway(gateway, { method, path, content, withinMs }));
}

function answered({ status, body }: Answer): unknown {
  const json = jsonIn(body);
  if (status >= 200 && status < 300 && json !== null) return json;
  const problem = (json ?? {}) as { detail?: string; errors?: { pointer: string; allowed: string }[] };
  const places = (problem.errors ?? [])
    .map(({ pointer, allowed }) => ` ${pointer || '/'}: allowed: ${allowed}.`)
    .join('');
  throw new GatewayError('REQUEST_INVALID', `${problem.detail ?? `The gateway answered ${status}.`}${places}`, {
    status,
  });
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

/** Sends a file as it comes; what is asked and answered as in `askApi`. Waits ten minutes at most. */
export async function sendFile(
  gateway: GatewayAddress,
  path: string,
  type: string,
  file: AsyncIterable<Uint8Array>,
): Promise<unknown> {
  const content = { type, body: file };
  return answered(await askGateway(gateway, { method: 'POST', path, content, withinMs: 600_000 }));
}

/** The bytes of an answer that is not JSON. */
export async function readBytes(gateway: GatewayAddress, path: string): Promise<Uint8Array> {
  const answer = await askGateway(gateway, { method: 'GET', path, content: null, withinMs: 60_000 });
  if (answer.status >= 300) answered(answer);
  return answer.body;
}
