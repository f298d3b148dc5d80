import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import type { MessageProfile } from '../../../../src/protocols/vocabulary/message-profile.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { createMessageSimulator } from '../../../../src/simulators/message-simulator.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { memoryBroker, profiles, tags } from './scene.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const certs = join(import.meta.dirname, '../../api');
const ca = join(certs, 'localhost-cert.pem');

type Request = { readonly method: string; readonly path: string; readonly authorization: string | undefined };

/** Waits a fifth of the time: an R700 may take ten seconds for an answer. */
const impatient = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(ms / 5, run) };

/** A simulated R700 behind a real HTTPS server; `refuse` answers instead of it. */
async function r700(refuse?: (request: Request) => number | 'hang' | null) {
  const profile = profiles.get('impinj/r700') as MessageProfile;
  const clock = manualClock();
  const outlet = { channel: memoryBroker(clock).channel, topic: 't' };
  const device = createMessageSimulator(profile, { tags, rate: 20, clock, random: () => 0.5 }, outlet);
  const requests: Request[] = [];
  const tls = { cert: readFileSync(ca), key: readFileSync(join(certs, 'localhost-key.pem')) };
  const server = createServer(tls, async (incoming, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, authorization: headers.authorization };
    requests.push(request);
    const refused = refuse?.(request) ?? null;
    if (refused === 'hang') return;
    const text = Buffer.concat(chunks).toString();
    const said =
      refused === null
        ? device.serve(method, path, text === '' ? undefined : JSON.parse(text))
        : { status: refused, body: null };
    answer
      .writeHead(said.status, { 'content-type': 'application/json' })
      .end(said.body === null ? '' : JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  closing.push(() => server.closeAllConnections());
  return { device, requests, url: `https://localhost:${(server.address() as AddressInfo).port}` };
}

function open(
  url: string,
  more: Partial<ReaderOptions> = {},
  control: Partial<NonNullable<ReaderOptions['control']>> = {},
) {
  const profile = profiles.get('impinj/r700') as MessageProfile;
  const reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'dock-1',
      profile: profile.id,
      link: { http: {} },
      antennas: { '1': 'here', '2': 'there' },
      control: { url, username: 'root', password: { env: 'R700' }, ca, ...control },
      ...more,
    },
    profile,
    mqtt: null,
    clock: impatient,
    log: silentLog,
    random: Math.random,
    secret: () => 'impinj',
    onReads: async () => undefined,
  });
  reader.start();
  closing.push(() => reader.stop());
  return reader;
}

describe('an R700 over its REST interface', () => {
  test('says what it is, with the credentials that the configuration names', async () => {
    const { url, requests } = await r700();
    expect(await open(url).command({ command: 'identify' })).toMatchObject({
      outcome: 'done',
      fields: { model: 'R700', serial: 'SIMULATED-1', firmware: '1.0.0', region: 'Taiwan', status: 'running' },
    });
    const basic = `Basic ${Buffer.from('root:impinj').toString('base64')}`;
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set([basic]));
  });

  test('stops, and starts the preset that the configuration names', async () => {
    const { url, requests } = await r700();
    const reader = open(url, {}, { preset: 'dock' });
    expect((await reader.command({ command: 'stop' })).outcome).toBe('done');
    expect((await reader.command({ command: 'start' })).outcome).toBe('done');
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/profiles/stop',
      'POST /api/v1/profiles/inventory/presets/dock/start',
    ]);
  });

  test('keeps all of its preset but what is set, and rests meanwhile', async () => {
    const { url, device, requests } = await r700();
    const reader = open(url);
    const settings = { power: 24.25, session: 2, antennas: [2, 3] };
    expect(await reader.command({ command: 'configure', settings })).toMatchObject({ outcome: 'done' });
    const kept = { rfMode: 1110, inventorySearchMode: 'dual-target', estimatedTagPopulation: 32 };
    expect(device.mode()).toEqual({
      eventConfig: { common: { hostname: 'enabled' } },
      antennaConfigs: [2, 3].map((antennaPort) => ({
        ...kept,
        antennaPort,
        transmitPowerCdbm: 2425,
        inventorySession: 2,
      })),
    });
    const preset = '/api/v1/profiles/inventory/presets/default';
    // The reader is also asked whether it is there, whenever that is due.
    const others = requests.filter(({ path }) => path !== '/api/v1/status');
    expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${preset}`,
      'POST /api/v1/profiles/stop',
      `PUT ${preset}`,
      `GET ${preset}`,
      `POST ${preset}/start`,
    ]);
  });

  test('is set as the configuration says, by port', async () => {
    const { url, device } = await r700();
    const reader = open(url, { power: 25, antennaPower: { '2': 18 } });
    for (const end = Date.now() + 15_000; Date.now() < end && reader.status().lastEvent !== 'set up as configured'; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const powers = (device.mode()['antennaConfigs'] as { transmitPowerCdbm: number }[]).map(
      (row) => row.transmitPowerCdbm,
    );
    expect(powers).toEqual([2500, 1800]);
  });

  test('is asked whether it is there: its status messages are not retained', async () => {
    const { url, requests } = await r700();
    const reader = open(url);
    for (const end = Date.now() + 15_000; Date.now() < end && reader.status().online === null; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(reader.status()).toMatchObject({ online: true, lastEvent: 'status: status running' });
    expect(requests.map(({ path }) => path)).toEqual(['/api/v1/status']);
  });

  test.each([
    [401, 'internal'],
    [400, 'parameter'],
    [409, 'busy'],
  ] as const)('status %i is the error %s', async (status, error) => {
    const { url } = await r700(() => status);
    expect(await open(url).command({ command: 'start' })).toMatchObject({ outcome: 'failed', error });
  });

  test('an interface that is not there, or has another certificate, is offline; one that hangs leaves it unsure', async () => {
    const gone = open('https://localhost:1');
    expect(await gone.command({ command: 'start' })).toMatchObject({ outcome: 'failed', error: 'offline' });
    const { url } = await r700();
    const stranger = openWithout(url);
    expect(await stranger.command({ command: 'start' })).toMatchObject({ outcome: 'failed', error: 'offline' });
    const hanging = await r700(() => 'hang');
    expect(await open(hanging.url).command({ command: 'start' })).toMatchObject({
      outcome: 'unsure',
      error: 'timeout',
    });
  });

  test('a power that it cannot be set to is refused before anything is sent', async () => {
    const { url, requests } = await r700();
    const result = await open(url).command({ command: 'configure', settings: { power: 24.1 } });
    expect([result.outcome, result.error, requests]).toEqual(['refused', 'parameter', []]);
  });
});

/** A gateway that was not told whose certificate to trust. */
function openWithout(url: string) {
  return open(url, { control: { url, username: 'root', password: { env: 'R700' } } });
}
