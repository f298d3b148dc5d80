import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, fault, sentenceOf } from '../../../src/kit/index.ts';
import {
  type ByteLink,
  connectMqtt,
  type MqttConnection,
  openSerial,
  openTcp,
  startBroker,
} from '../../../src/links/index.ts';
import { deviceFault, hostFault } from '../../../src/links/link-errors.ts';
import { type Authority, createAuthority } from '../../fakes/authority.ts';
import { eventually } from '../../fakes/eventually.ts';
import { freePort, listen } from '../../fakes/listen.ts';
import { openPtyPair } from '../../fakes/pty.ts';
import { realDeps, watch } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
afterAll(() => authority.remove());

/** What a link that cannot open says, as a fault; its sentence is the fault's. */
async function faultOfLink(link: ByteLink | MqttConnection): Promise<Fault | null> {
  closing.push(() => link.close());
  link.open();
  await eventually(() => link.state().state === 'waiting');
  const { error, fault: what } = link.state();
  expect(error).toBe(what === null ? null : sentenceOf(what));
  return what;
}

async function serve(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return port;
}

const serial = (path: string) => openSerial({ path, baudRate: 115_200 }, watch().events, realDeps);
const tcp = (port: number, more: object = {}) =>
  openTcp({ host: '127.0.0.1', port, ...more }, watch().events, realDeps);
const tlsServer = (options: TlsOptions) => serve(createTlsServer(options));
const pemOf = ({ cert, key }: { cert: string; key: string }) => ({ cert: readFileSync(cert), key: readFileSync(key) });

describe('a serial device', () => {
  it('that is not there, has a wrong path or is no serial port is a fault of its own each', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faults-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const missing = join(folder, 'ttyUSB0');
    expect(await faultOfLink(serial(missing))).toEqual(fault('DEVICE_MISSING', { where: missing }));
    expect(await faultOfLink(serial('/dev/null/tty'))).toEqual(fault('DEVICE_BAD_PATH', { where: '/dev/null/tty' }));
    expect(await faultOfLink(serial('/dev/null'))).toEqual(fault('DEVICE_NOT_SERIAL', { where: '/dev/null' }));
  });

  it('that another program holds, and one that is unplugged', async () => {
    const line = await openPtyPair();
    closing.push(() => line.close());
    const seen = watch();
    const first = openSerial({ path: line.a, baudRate: 115_200 }, seen.events, realDeps);
    closing.push(() => first.close());
    first.open();
    await eventually(() => first.state().state === 'open');
    expect(await faultOfLink(serial(line.a))).toEqual(fault('DEVICE_BUSY', { where: line.a }));
    await line.close();
    await eventually(() => seen.seen.lost.length === 1);
    expect(seen.seen.lost).toEqual([sentenceOf(fault('DEVICE_UNPLUGGED', { where: line.a }))]);
  });
});

describe('an address', () => {
  it('at which nothing listens, another program does, or that is not ours', async () => {
    const port = await freePort();
    const where = `127.0.0.1:${port}`;
    expect(await faultOfLink(tcp(port))).toEqual(fault('HOST_REFUSED', { where }));
    const taken = await serve(createServer());
    const inUse = fault('PORT_IN_USE', { where: `127.0.0.1:${taken}` });
    expect(await faultOfLink(tcp(taken, { listen: true }))).toEqual(inUse);
    const foreign = openTcp({ host: '192.0.2.1', port, listen: true }, watch().events, realDeps);
    expect(await faultOfLink(foreign)).toEqual(fault('ADDRESS_FOREIGN', { where: `192.0.2.1:${port}` }));
  });

  it('that hangs up or falls silent', async () => {
    const lost: Fault[] = [];
    const events = { opened: () => undefined, chunk: () => undefined, lost: (what: Fault) => void lost.push(what) };
    const rude = await serve(createServer((socket) => void setTimeout(() => socket.end(), 20)));
    const silent = await serve(createServer());
    for (const options of [{ port: rude }, { port: silent, idleMs: 50 }]) {
      const link = openTcp({ host: '127.0.0.1', ...options }, events, realDeps);
      link.open();
      await eventually(() => lost.some(({ params }) => params['where'] === `127.0.0.1:${options.port}`));
      await link.close();
    }
    expect(lost).toContainEqual(fault('HOST_CUT', { where: `127.0.0.1:${rude}` }));
    expect(lost).toContainEqual(fault('HOST_SILENT', { where: `127.0.0.1:${silent}` }));
  });

  it.each([
    ['ENOTFOUND', 'HOST_UNKNOWN'],
    ['EAI_AGAIN', 'HOST_LOOKUP_FAILED'],
    ['EHOSTUNREACH', 'HOST_UNREACHABLE'],
    ['ENETUNREACH', 'NETWORK_MISSING'],
    ['EACCES', 'PORT_DENIED'],
    ['CERT_NOT_YET_VALID', 'TLS_NOT_YET_VALID'],
    ['CERT_HAS_EXPIRED', 'TLS_EXPIRED'],
    ['SOMETHING_NEW', 'LINK_FAILED'],
    ['toString', 'LINK_FAILED'],
  ])('of which the system says %s is %s', (errno, code) => {
    expect(hostFault(errno, 'h:1', new Error('words')).code).toBe(code);
  });

  it.each([
    ['ENODEV', 'DEVICE_GONE'],
    ['ENXIO', 'DEVICE_NO_HARDWARE'],
    ['EPERM', 'DEVICE_DENIED'],
    ['toString', 'LINK_FAILED'],
  ])('a device of which the system says %s is %s', (errno, code) => {
    expect(deviceFault(errno, '/dev/x', new Error('words')).code).toBe(code);
  });
});

describe('TLS', () => {
  it('tells what is wrong with the certificate of the other side', async () => {
    const alone = await tlsServer(pemOf(authority.selfSigned('localhost')));
    expect(await faultOfLink(tcp(alone, { tls: {} }))).toEqual(fault('TLS_UNTRUSTED', { where: `127.0.0.1:${alone}` }));
    const named = await tlsServer(pemOf(authority.certify('reader.example')));
    const other = { ca: authority.ca, serverName: 'another.example' };
    expect(await faultOfLink(tcp(named, { tls: other }))).toEqual(
      fault('TLS_OTHER_NAME', { where: `127.0.0.1:${named}` }),
    );
  });

  it('that is not spoken, and a file that is not there', async () => {
    const plain = await serve(createServer((socket) => void socket.write('220 no TLS here\r\n')));
    expect(await faultOfLink(tcp(plain, { tls: {} }))).toEqual(
      fault('TLS_NOT_SPOKEN', { where: `127.0.0.1:${plain}` }),
    );
    const unreadable = { setting: 'tls.ca', path: '/nowhere/ca.pem', errno: 'ENOENT' };
    expect(await faultOfLink(tcp(plain, { tls: { ca: '/nowhere/ca.pem' } }))).toEqual(
      fault('TLS_FILE_UNREADABLE', unreadable),
    );
  });
});

describe('a broker', () => {
  const mqtt = (port: number, scheme = 'mqtt', more = {}) =>
    connectMqtt({ url: `${scheme}://127.0.0.1:${port}`, clientId: 'faults', ...more }, realDeps);

  it('that is not there, refuses the login, or hangs up without a word', async () => {
    const port = await freePort();
    expect(await faultOfLink(mqtt(port))).toEqual(fault('HOST_REFUSED', { where: `127.0.0.1:${port}` }));
    const broker = await startBroker({
      host: '127.0.0.1',
      port: 0,
      access: { signIn: () => null, account: () => null },
    });
    closing.push(() => broker.close());
    const link = mqtt(broker.port, 'mqtt', { username: 'dock-1', password: 'wrong' });
    await faultOfLink(link);
    // MQTT 5 is refused first, which it does not speak.
    await eventually(() => link.state().fault?.code === 'BROKER_LOGIN_REFUSED', 10_000);
    const rude = await serve(createServer((socket) => void socket.destroy()));
    const told = (await faultOfLink(mqtt(rude)))?.code;
    expect(['BROKER_WORDLESS', 'HOST_CUT']).toContain(told);
  });

  it('whose certificate nobody vouches for, or that speaks no TLS', async () => {
    const alone = await tlsServer(pemOf(authority.selfSigned('localhost')));
    expect(await faultOfLink(mqtt(alone, 'mqtts'))).toEqual(fault('BROKER_UNTRUSTED'));
    const plain = await serve(createServer((socket) => void socket.write('220 no TLS here\r\n')));
    expect(await faultOfLink(mqtt(plain, 'mqtts'))).toEqual(fault('BROKER_NOT_TLS'));
    const unreadable = { setting: 'mqtt.ca', path: '/nowhere/ca.pem', errno: 'ENOENT' };
    expect(await faultOfLink(mqtt(alone, 'mqtts', { ca: '/nowhere/ca.pem' }))).toEqual(
      fault('TLS_FILE_UNREADABLE', unreadable),
    );
  });

  it('cannot be started where another program listens', async () => {
    const port = await serve(createServer());
    const started = startBroker({ host: '127.0.0.1', port });
    await expect(started).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      fault: fault('BROKER_PORT_IN_USE', { where: `127.0.0.1:${port}` }),
    });
  });
});
