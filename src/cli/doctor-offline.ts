import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { secretFault } from '../followers/index.ts';
import { openStore } from '../journal/index.ts';
import { type ErrorCode, GatewayError, messageOf, resolveSecret } from '../kit/index.ts';
import { askGateway } from './gateway-request.ts';

/** One finding, as the gateway's own API gives it, without what only programs read. */
export type Check = {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly text: string;
  readonly next: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

const patienceMs = 5000;
/** Below this a first start and an upgrade may fail, bytes. */
const noRoom = 1_000_000;

/** A finding that all is well, or, with a next step, that something fails. */
function finding(name: string, text: string, next: string | null = null): Check {
  return { name, state: next === null ? 'ok' : 'fail', text, next };
}

/**
 * What keeps a gateway that does not run from starting or from hearing its readers: data folder, database, secrets,
 * ports, broker and serial devices. Looking makes no file and changes nothing.
 */
export async function examineOffline(config: Config, env: Environment): Promise<Check[]> {
  return [
    checkFolder(config.data),
    ...checkRoom(config.data),
    await checkDatabase(config, 'examined'),
    ...checkSecrets(config, env),
    ...(await checkPorts(config)),
    ...config.readers.flatMap(({ id, link }) => (link.serial === undefined ? [] : [checkSerial(id, link.serial.path)])),
  ];
}

/** What can be looked at while a gateway runs that does not say how it is: not the ports and devices, which it has. */
export async function examineBeside(config: Config): Promise<Check[]> {
  return [checkFolder(config.data), ...checkRoom(config.data), await checkDatabase(config, 'opened')];
}

/** On a full disk a gateway starts without run.json, so it cannot be asked, and without room for others beside it. */
function checkRoom(folder: string): Check[] {
  const { bavail, bsize } = statfsSync(existing(folder));
  if (bavail * bsize >= noRoom) return [];
  const next = 'Make room: remove old backups and logs. A gateway that runs takes reads again by itself.';
  return [
    finding('disk', `The disk that holds ${folder} is full: ${Math.floor((bavail * bsize) / 1e6)} MB are free.`, next),
  ];
}

function existing(folder: string): string {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
}

export function checkFolder(folder: string): Check {
  const there = existing(folder);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    return finding(
      'data folder',
      `${there} cannot be written: ${messageOf(error)}.`,
      `Make it the gateway user’s own.`,
    );
  }
  return finding(
    'data folder',
    there === folder ? `${folder} can be written` : `${folder} will be made by the first start`,
  );
}

const next: Partial<Record<ErrorCode, string>> = {
  STORE_OTHER_SITE: 'Compare site.id and data in the file with what you meant.',
  STORE_DAMAGED: 'Restore the last backup: silentgate restore FILE.',
  STORE_NEWER: 'Start the newer Silentgate, or restore a backup that is older.',
  STORE_FULL: 'Make room on the disk.',
};

/** 'examined' looks at every page, as the next start does; 'opened' leaves the disk to a gateway that is busy. */
async function checkDatabase({ data: folder, site }: Config, depth: 'opened' | 'examined'): Promise<Check> {
  // A database that root's doctor made would be closed to the gateway's own user.
  if (!existsSync(join(folder, 'silentgate.db')))
    return finding('database', `${folder} holds none yet; the first start makes it`);
  try {
    const store = openStore({ folder, site: { id: site.id }, now: Date.now }, 'tool');
    try {
      const damage = depth === 'examined' ? await store.examine() : null;
      if (damage !== null) return finding('database', damage, next.STORE_DAMAGED);
      const { items, events, file } = await store.health();
      return finding('database', `${file} opens: ${items} items, ${events} events`);
    } finally {
      await store.close();
    }
  } catch (error) {
    const known = error instanceof GatewayError ? next[error.code] : undefined;
    return finding('database', messageOf(error), known ?? 'Check the folder’s owner and free space.');
  }
}

function checkSecrets({ crm = [], mqtt, readers }: Config, env: Environment): Check[] {
  const password = mqtt !== undefined && 'url' in mqtt ? mqtt.password : undefined;
  const named = [
    ...crm.map(({ id, secret }) => ({ name: `secret of crm ${id}`, secret, faultOf: secretFault })),
    ...(password === undefined ? [] : [{ name: 'mqtt password', secret: password, faultOf: () => null }]),
    ...readers.flatMap(({ id, login, control }) =>
      [login?.password, control?.password].flatMap((secret) =>
        secret === undefined ? [] : [{ name: `password of reader ${id}`, secret, faultOf: () => null }],
      ),
    ),
  ];
  return named.map(({ name, secret, faultOf }) => {
    try {
      const fault = faultOf(resolveSecret(secret, env));
      return fault === null
        ? finding(name, 'is there')
        : finding(name, `The webhook secret ${fault}.`, `Make one: echo "whsec_$(openssl rand -base64 32)".`);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return finding(
        name,
        error.message,
        'Set it where the gateway is started; this shell may lack what the service has.',
      );
    }
  });
}

async function checkPorts({ http, mqtt }: Config): Promise<Check[]> {
  const page = checkFree('http port', http?.host ?? '127.0.0.1', http?.port ?? 8080, 'http.port');
  if (mqtt === undefined) return [await page];
  if ('broker' in mqtt) {
    return [await page, await checkFree('broker port', mqtt.host ?? '127.0.0.1', mqtt.port ?? 1883, 'mqtt.port')];
  }
  return [await page, await checkBroker(mqtt.url)];
}

async function checkFree(name: string, host: string, port: number, key: string): Promise<Check> {
  if (port === 0) return finding(name, 'any free one');
  const error = await listenError(host, port);
  if (error === null) return finding(name, `${host}:${port} is free`);
  if (!('code' in error && error.code === 'EADDRINUSE'))
    return finding(name, `Nothing can listen on ${host}:${port}: ${error.message}.`, `Check the address and ${key}.`);
  const next = `ss -ltnp shows which one; choose another ${key}, or give that program another port.`;
  return (await isSilentgate(host, port))
    ? finding(
        name,
        `Another Silentgate, with a data folder of its own, listens on ${host}:${port}.`,
        `If that is the gateway you mean, ask it: silentgate doctor --config ITS-FILE. Otherwise choose another ${key}.`,
      )
    : finding(name, `Another program listens on ${host}:${port}.`, next);
}

/** What keeps a server from listening there, or null. Listens for a moment. */
export function listenError(host: string, port: number): Promise<Error | null> {
  return errorOf((settle) => {
    const server = createServer();
    server.once('error', settle);
    server.listen(port, host, () => server.close(() => settle(null)));
  });
}

/** Whether what answers there says of its health what a gateway says; no key is sent. */
async function isSilentgate(host: string, port: number): Promise<boolean> {
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  const asked = ['http', 'https'].map(async (scheme) => {
    // Anybody's certificate does: nothing is said to the other side.
    const address = { url: `${scheme}://${name}:${port}`, key: null, trust: 'anybody' as const };
    const { body } = await askGateway(address, { method: 'GET', path: '/health', content: null, withinMs: 3000 });
    const health = JSON.parse(body.toString('utf8')) as { status?: unknown; version?: unknown; ready?: unknown };
    return typeof health.version === 'string' && typeof health.ready === 'boolean';
  });
  return (await Promise.allSettled(asked)).some((one) => one.status === 'fulfilled' && one.value);
}

async function checkBroker(url: string): Promise<Check> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const error = await errorOf((settle) => {
    const socket = createConnection({ host, port: Number(port || (protocol === 'mqtts:' ? 8883 : 1883)) });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => socket.destroy());
    socket.once('error', settle);
    socket.once('close', () => settle(null));
  });
  return error === null
    ? finding('broker', `${url} takes connections`)
    : finding(
        'broker',
        `${url} cannot be reached: ${error.message}.`,
        'Check that the broker runs, mqtt.url and the network.',
      );
}

function errorOf(run: (settle: (error: Error | null) => void) => void): Promise<Error | null> {
  return new Promise(run);
}

function checkSerial(reader: string, path: string): Check {
  const name = `reader ${reader}`;
  try {
    if (!statSync(path).isCharacterDevice()) return finding(name, `${path} is not a serial port.`, 'Check the path.');
    accessSync(path, constants.R_OK | constants.W_OK);
    return finding(name, `${path} is there and may be opened`);
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return denied
      ? finding(name, `No permission for ${path}.`, 'Add the gateway’s user to the group dialout, then start it again.')
      : finding(name, `There is no device ${path}.`, 'Plug it in; ls /dev/serial/by-id shows what is there.');
  }
}
