import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { tapTcp } from '../../../../src/links/index.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { probeLlrp, readSubnet, scanLlrp } from '../../../../src/readers/index.ts';
import { type LlrpSimulator, startLlrpSimulator } from '../../../../src/simulators/llrp/simulator.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { llrpProfile } from '../llrp/scene.ts';

const shipped = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);
const deps = { clock: systemClock, log: silentLog, random: Math.random };
const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

const search = {
  profiles: shipped.all(),
  clock: systemClock,
  waitMs: 2_000,
  dial: (at: { host: string; port: number }, events: Parameters<typeof tapTcp>[1], signal: AbortSignal) =>
    tapTcp(at, events, signal, deps),
};

async function start(id: 'generic/llrp' | 'impinj/llrp', host = '127.0.0.1', port = 0): Promise<LlrpSimulator> {
  const behaviour = { tags: [], rate: 0, clock: systemClock, random: () => 0.5 };
  const simulator = await startLlrpSimulator(llrpProfile(id), behaviour, { host, port });
  open.push(simulator);
  return simulator;
}

test('a free reader is named by its capabilities and left so that the next client gets in', async () => {
  const reader = await start('impinj/llrp');
  const at = { host: '127.0.0.1', port: reader.port };
  const finding = { ...at, profile: 'impinj/llrp', isTaken: false };
  const first = await probeLlrp(at, search);
  expect(first).toMatchObject(finding);
  expect(first?.identity).toContain('Speedway R420');
  await eventually(async () => expect(await probeLlrp(at, search)).toMatchObject(finding));
  expect(reader.roSpecs()).toEqual([]);
});

test('a reader that another client has is told as taken, and its work goes on', async () => {
  const reader = await start('generic/llrp');
  reader.setFaults({ busy: true });
  const at = { host: '127.0.0.1', port: reader.port };
  expect(await probeLlrp(at, search)).toEqual({ ...at, profile: 'generic/llrp', identity: null, isTaken: true });
});

test('what speaks first but no LLRP, what only listens and what is not there are no readers', async () => {
  const talker = createServer((socket) => socket.end('220 mail.example ESMTP\r\n')).listen(0, '127.0.0.1');
  const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await Promise.all([once(talker, 'listening'), once(mute, 'listening')]);
  open.push({ stop: () => talker.close() }, { stop: () => mute.close() });
  const portOf = (server: typeof talker) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const quick = { ...search, waitMs: 300 };
  for (const port of [portOf(talker), portOf(mute), 1]) {
    expect(await probeLlrp({ host: '127.0.0.1', port }, quick)).toBeNull();
  }
});

test('a subnet is scanned address by address, and the readers come in that order', async () => {
  const first = await start('generic/llrp', '127.0.0.3');
  await start('impinj/llrp', '127.0.0.9', first.port);
  const { hosts } = readSubnet('127.0.0.0/28');
  const found = await scanLlrp(hosts, [first.port], search);
  expect(found.map(({ host, port }) => `${host}:${port}`)).toEqual([
    `127.0.0.3:${first.port}`,
    `127.0.0.9:${first.port}`,
  ]);
  expect(found[1]?.profile).toBe('impinj/llrp');
});

test.each([
  ['10.0.0.0/24', 254, '10.0.0.1', '10.0.0.254'],
  ['10.0.0.77/28', 14, '10.0.0.65', '10.0.0.78'],
  ['10.0.0.8/31', 2, '10.0.0.8', '10.0.0.9'],
  ['10.0.0.8', 1, '10.0.0.8', '10.0.0.8'],
  ['192.168.255.0/22', 1022, '192.168.252.1', '192.168.255.254'],
])('%s is %i addresses, from %s to %s', (text, count, first, last) => {
  const { hosts } = readSubnet(text);
  expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([count, first, last]);
});

test.each(['10.0.0.0/15', '10.0.0.256', '10.0.0/24', '10.0.0.0/33', 'fe80::1', ''])('%j is refused', (text) => {
  expect(() => readSubnet(text)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
});
