import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../src/kit/index.ts';
import { loadProfiles, type Profile } from '../../../src/profiles/index.ts';
import { openReader, type ReaderOptions } from '../../../src/readers/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { openPtyToTcp } from '../../fakes/pty.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The report of a profile, out of its own captures: what reads a tag or more, and nothing that is bad. */
function reportOf(profile: Profile): { readonly bytes: Buffer; readonly tags: number } {
  if (profile.kind !== 'bytes' && profile.kind !== 'lines') throw new Error(`${profile.id} has no bytes`);
  const tagsOf = (told: readonly { kind?: unknown }[]) => told.filter(({ kind }) => kind === 'read').length;
  const clean = profile.captures.filter(({ expect: told }) => told.every(({ kind }) => kind !== 'bad'));
  const [own] = clean
    .filter(({ expect: told }) => tagsOf(told) > 0)
    .sort((a, b) => tagsOf(a.expect) - tagsOf(b.expect));
  if (own === undefined) throw new Error(`${profile.id} has no report`);
  return { bytes: Buffer.from(own.hex.replaceAll(' ', ''), 'hex'), tags: tagsOf(own.expect) };
}

const speakers = profiles
  .all()
  .filter((profile) => profile.kind === 'bytes' || profile.kind === 'lines')
  .filter((profile) => {
    const parent = profiles.all().find((one) => one.kind === profile.kind && sameReports(one, profile));
    return parent === profile;
  });

/** Models whose reports are those of their family are tried once. */
function sameReports(a: Profile, b: Profile): boolean {
  if (a.kind === 'bytes' && b.kind === 'bytes') return JSON.stringify(a.reports) === JSON.stringify(b.reports);
  return a.kind === 'lines' && b.kind === 'lines' && JSON.stringify(a.patterns) === JSON.stringify(b.patterns);
}

/** A device that says what the test says, and hears nothing. */
async function deafDevice() {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const say = (bytes: Uint8Array) => {
    for (const socket of sockets) socket.write(bytes);
  };
  return { port, say, connections: () => connections };
}

async function open(profile: Profile, link: ReaderOptions['link']) {
  const reads: TagRead[] = [];
  const config = { id: 'r1', profile: profile.id, link, antennas: { '1': 'here' } };
  const shared = { mqtt: null, clock: systemClock, log: silentLog, random: Math.random };
  const reader = openReader({
    supervise: createSupervision,
    config,
    profile,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
    ...shared,
  });
  closing.push(() => reader.stop());
  reader.start();
  await eventually(() => expect(reader.status().link.state).toBe('open'));
  return { reads, reader };
}

/** Longer than what the profile takes for a silence on its line. */
function silenceOf(profile: Profile): number {
  return profile.kind === 'bytes' ? Math.max(150, 1.5 * profile.port.idleMs) : 150;
}

const overTcp = (port: number) => ({ tcp: { host: '127.0.0.1', port } });

async function overPty({ port, connections }: Awaited<ReturnType<typeof deafDevice>>) {
  const line = await openPtyToTcp(port);
  closing.push(line.close);
  await eventually(() => expect(connections()).toBe(1));
  return { serial: { path: line.path, baudRate: 115_200 } };
}

describe('a report that comes in two pieces', () => {
  test('1.5 s apart over TCP is read, of every family', async () => {
    const all = await Promise.all(
      speakers.map(async (profile) => {
        const device = await deafDevice();
        return { profile, device, ...(await open(profile, overTcp(device.port))), ...reportOf(profile) };
      }),
    );
    await eventually(() => expect(all.every(({ device }) => device.connections() === 1)).toBe(true));
    await wait(100);
    for (const { device, bytes } of all) device.say(bytes.subarray(0, bytes.length >> 1));
    await wait(1_500);
    for (const { device, bytes } of all) device.say(bytes.subarray(bytes.length >> 1));
    for (const { profile, reads, reader, tags } of all) {
      await eventually(() => expect({ id: profile.id, reads: reads.length }).toEqual({ id: profile.id, reads: tags }));
      expect({ id: profile.id, rejected: reader.status().rejected }).toEqual({ id: profile.id, rejected: {} });
    }
    expect(all.length).toBeGreaterThan(12);
  }, 30_000);

  test('0.15 s apart on a serial line is read, of every family', async () => {
    for (const profile of speakers) {
      const device = await deafDevice();
      const { reads, reader } = await open(profile, await overPty(device));
      const { bytes: report, tags } = reportOf(profile);
      // Bytes said before the port is open are flushed by the opening.
      await wait(50);
      device.say(report.subarray(0, report.length >> 1));
      await wait(150);
      device.say(report.subarray(report.length >> 1));
      await eventually(() => expect({ id: profile.id, reads: reads.length }).toEqual({ id: profile.id, reads: tags }));
      expect({ id: profile.id, rejected: reader.status().rejected }).toEqual({ id: profile.id, rejected: {} });
    }
  }, 60_000);

  test('and of which the second never comes is lost alone: the next report on a serial line is read at once', async () => {
    for (const profile of speakers.filter(({ kind }) => kind === 'bytes')) {
      const device = await deafDevice();
      const { reads, reader } = await open(profile, await overPty(device));
      const { bytes: report, tags } = reportOf(profile);
      await wait(50);
      device.say(report.subarray(0, report.length >> 1));
      await wait(silenceOf(profile));
      device.say(report);
      await eventually(() => expect({ id: profile.id, reads: reads.length }).toEqual({ id: profile.id, reads: tags }));
      expect({ id: profile.id, rejected: reader.status().rejected }).toEqual({
        id: profile.id,
        rejected: { TRUNCATED: 1 },
      });
    }
  }, 60_000);
});

test('a ThingMagic Nano on a pty that streams and never answers: reads kept, said once, one opening', async () => {
  const profile = profiles.get('thingmagic/nano');
  const device = await deafDevice();
  const { reads, reader } = await open(profile, await overPty(device));
  const report = reportOf(profile).bytes;
  const opened = reader.status().link.since;
  const sending = setInterval(() => device.say(report), 100);
  closing.push(async () => clearInterval(sending));
  const found = () => reader.status().findings.map(({ code }) => code);
  await eventually(() => expect(found()).toEqual(['READER_ONLY_SENDS']), 15_000);
  const before = reads.length;
  expect(before).toBeGreaterThan(10);
  // Longer than three failed set-ups take, after which another reader's port is opened anew.
  await wait(12_000);
  expect(found()).toEqual(['READER_ONLY_SENDS']);
  expect(reader.status()).toMatchObject({ link: { state: 'open', since: opened }, warnings: {}, rejected: {} });
  expect(reads.length).toBeGreaterThan(before + 50);
}, 60_000);
