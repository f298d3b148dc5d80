import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { OUR_ROSPEC } from '../../../../src/readers/llrp/requests.ts';
import { createLlrpDevice } from '../../../../src/simulators/llrp/simulated-device.ts';
import { serve } from '../../../../src/simulators/llrp/simulator.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { type Authority, type Certificate, createAuthority } from '../../../fakes/authority.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { freePort, listen } from '../../../fakes/listen.ts';
import { llrpProfile, profiles, tags } from './scene.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
afterAll(() => authority.remove());
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const behaviour = { tags, rate: 100, clock: systemClock, random: Math.random };
type Tcp = NonNullable<ReaderOptions['link']['tcp']>;

function open(port: number, tls: NonNullable<Tcp['tls']>, more: Partial<Tcp> = {}) {
  const reads: TagRead[] = [];
  const id = 'impinj/llrp';
  const link = { tcp: { host: '127.0.0.1', port, tls, ...more } };
  const reader = openReader({
    supervise: createSupervision,
    config: { id: 'ceiling', profile: id, link, antennas: { '1': 'shelf-1', '2': 'shelf-2' } },
    profile: profiles.get(id),
    mqtt: null,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
    ...{ clock: systemClock, log: silentLog, random: Math.random },
  });
  closing.push(() => reader.stop());
  reader.start();
  return { reads, reader };
}

function simulate() {
  const device = createLlrpDevice(llrpProfile('impinj/llrp'), behaviour);
  const sockets = new Set<Socket>();
  closing.push(() => {
    device.stop();
    for (const socket of sockets) socket.destroy();
  });
  return { device, sockets };
}

/** A simulated reader that listens with this certificate. */
async function listening({ cert, key }: Certificate) {
  const { device, sockets } = simulate();
  const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) =>
    serve(device, sockets, socket),
  );
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  closing.push(() => void server.close());
  return { device, port };
}

describe('an LLRP reader that is dialled over TLS', () => {
  test('is read and commanded when the authority that was given signed its certificate', async () => {
    const { device, port } = await listening(authority.certify('reader'));
    const { reads, reader } = open(port, { ca: authority.ca, serverName: 'reader' });
    await eventually(() => reads.length > 20);
    expect(await reader.command({ command: 'identify' })).toMatchObject({
      outcome: 'done',
      fields: { model: 'Speedway R420' },
    });
    const [first] = tags.map(({ epc }) => ({ epc })) as [{ epc: string }];
    const written = await reader.command({ command: 'writeMemory', tag: first, bank: 'user', word: 0, data: 'CAFE' });
    expect(written).toMatchObject({ outcome: 'done', data: 'CAFE' });
    expect(device.memories()[0]?.read('user', 0, 1, null)).toEqual({ ok: true, data: 'CAFE' });
    await reader.stop();
    expect(device.roSpecs()).toEqual([]);
  });

  test.each([
    ['which nobody vouches for', 'alone', (): NonNullable<Tcp['tls']> => ({ serverName: 'alone' })],
    ['which another authority signed', 'alone', () => ({ ca: authority.ca, serverName: 'alone' })],
    ['of another name', 'reader', () => ({ ca: authority.ca, serverName: 'other' })],
  ])('is not opened with a certificate %s', async (_, name, tls) => {
    const { device, port } = await listening(
      name === 'alone' ? authority.selfSigned('alone') : authority.certify('reader'),
    );
    const { reads, reader } = open(port, tls());
    await eventually(() => reader.status().link.state === 'waiting');
    expect(reader.status().link.error).toMatch(/certificate|altnames/i);
    expect(device.roSpecs()).toEqual([]);
    expect(reads).toEqual([]);
  });

  test('is opened with any certificate where the user says that it need not be verified', async () => {
    const { port } = await listening(authority.selfSigned('alone'));
    const { reads } = open(port, { verify: false });
    await eventually(() => reads.length > 5);
  });
});

describe('an LLRP reader that dials in over TLS', () => {
  /** The reader tries until somebody listens. */
  const dial = async (port: number, own: Certificate | null) => {
    const shown = own === null ? {} : { cert: readFileSync(own.cert), key: readFileSync(own.key) };
    const to = { host: '127.0.0.1', port, servername: 'gateway', ca: readFileSync(authority.ca), ...shown };
    for (;;) {
      const socket = connectTls(to);
      const isListening = await new Promise<boolean>((resolve) => {
        socket.once('secureConnect', () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      if (!isListening) continue;
      closing.push(() => socket.destroy());
      const { device, sockets } = simulate();
      serve(device, sockets, socket);
      return { device, socket };
    }
  };

  test('is read when both show certificates of the authority', async () => {
    const port = await freePort();
    const { cert, key } = authority.certify('gateway');
    const { reads } = open(port, { cert, key, ca: authority.ca }, { listen: true });
    const { device } = await dial(port, authority.certify('reader'));
    await eventually(() => reads.length > 20);
    expect(device.roSpecs()).toEqual([OUR_ROSPEC]);
  });

  test.each([
    ['none', () => null],
    ['one that nobody vouches for', () => authority.selfSigned('alone')],
  ])('is hung up on when it shows %s, and the next one comes in', async (_, certificate) => {
    const port = await freePort();
    const { cert, key } = authority.certify('gateway');
    const { reads } = open(port, { cert, key, ca: authority.ca }, { listen: true });
    const { socket, device } = await dial(port, certificate());
    await eventually(() => socket.destroyed);
    expect([reads.length, device.roSpecs().length]).toEqual([0, 0]);
    await dial(port, authority.certify('reader'));
    await eventually(() => reads.length > 5);
  });
});
