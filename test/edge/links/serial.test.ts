import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ByteLink, listSerialPorts, openSerial } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { listen } from '../../fakes/listen.ts';
import { openPtyPair, openPtyToTcp } from '../../fakes/pty.ts';
import { realDeps, watch } from './watch.ts';

const closing: (() => unknown)[] = [];
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'silentgate-serial-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function pair() {
  const made = await openPtyPair();
  closing.push(() => made.close());
  return made;
}

function open(path: string, events = watch().events, more: { byIdFolder?: string; dtr?: boolean } = {}): ByteLink {
  const link = openSerial({ path, baudRate: 115_200, ...more }, events, realDeps);
  closing.push(() => link.close());
  link.open();
  return link;
}

test('bytes pass both ways, XON and XOFF among them', async () => {
  const line = await pair();
  const [near, far] = [watch(), watch()];
  const [here, there] = [open(line.a, near.events), open(line.b, far.events)];
  await eventually(() => here.state().state === 'open' && there.state().state === 'open');
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await here.write(all);
  await eventually(() => far.seen.bytes.length === 256);
  expect(far.seen.bytes).toEqual([...all]);
  await there.write(Buffer.from('answer'));
  await eventually(() => near.text() === 'answer');
});

test('a device that is not there is told in words, and is open within five seconds of being plugged in', async () => {
  const path = join(folder, 'ttyUSB0');
  const seen = watch();
  const link = open(path, seen.events);
  await eventually(() => link.state().state === 'waiting');
  expect(link.state().error).toBe(`There is no device ${path}: check that it is plugged in.`);
  await expect(link.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'LINK_LOST' });
  const line = await pair();
  await symlink(line.a, path);
  await eventually(() => link.state().state === 'open', 5000);
  expect(seen.seen).toMatchObject({ opened: 1, lost: [] });
});

test('a file that is no serial port, and a port in use, are told apart', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const wrong = open(file);
  await eventually(() => wrong.state().error === `${file} is not a serial port.`);
  const line = await pair();
  const first = open(line.a);
  await eventually(() => first.state().state === 'open');
  const second = open(line.a);
  await eventually(() => second.state().error?.includes('in use by another program') ?? false);
  await first.close();
  await eventually(() => second.state().state === 'open', 5000);
});

test('a device without permission names the group to join', async () => {
  const line = await pair();
  await chmod(line.a, 0);
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  closing.push(() => user === 0 && process.seteuid?.(0));
  const link = open(line.a);
  await eventually(() => link.state().state === 'waiting');
  expect(link.state().error).toContain('group dialout');
});

test('modem lines that the device does not have are a warning, not an error', async () => {
  const line = await pair();
  const warnings: string[] = [];
  const log = { ...realDeps.log, warn: (_fields: unknown, text: string) => void warnings.push(text) };
  const link = openSerial({ path: line.a, baudRate: 9600, dtr: true }, watch().events, { ...realDeps, log });
  closing.push(() => link.close());
  link.open();
  await eventually(() => warnings.length === 1);
  expect(warnings).toEqual(['modem lines cannot be set']);
  expect(link.state()).toMatchObject({ state: 'open', error: null });
});

test('an unplugged device is found again under another number by its by-id name, and no other device is taken for it', async () => {
  const byIdFolder = join(folder, 'by-id');
  const name = join(byIdFolder, 'usb-1a86_USB_Serial-if00-port0');
  await mkdir(byIdFolder);
  const first = await openPtyPair();
  await symlink(first.a, name);
  const seen = watch();
  const link = open(first.a, seen.events, { byIdFolder });
  await eventually(() => link.state().state === 'open');

  await first.close();
  await rm(name);
  await eventually(() => link.state().state === 'waiting');
  // The number is taken by somebody else's device, which has no by-id name of ours.
  const stranger = await pair();
  const reader = await pair();
  expect(stranger.a).toBe(first.a);
  expect(reader.a).not.toBe(first.a);
  await eventually(() => link.state().error?.includes(name) ?? false);
  expect(seen.seen.opened).toBe(1);

  await symlink(reader.a, name);
  await eventually(() => seen.seen.opened === 2, 5000);
  const far = watch();
  const there = open(reader.b, far.events);
  await eventually(() => there.state().state === 'open');
  await link.write(Buffer.from('back'));
  await eventually(() => far.text() === 'back');
  expect(seen.seen.lost).toHaveLength(1);
});

test('a device unplugged while it is written to is one loss, and is open again after it returns, six times over', async () => {
  const path = join(folder, 'reader');
  const seen = watch();
  const link = open(path, seen.events);
  for (let round = 1; round <= 6; round++) {
    const line = await openPtyPair();
    await symlink(line.a, path);
    await eventually(() => seen.seen.opened === round, 5000);
    const write = link.write(Buffer.alloc(100_000)).then(
      () => 'written',
      (error: { code: string }) => error.code,
    );
    await rm(path);
    await line.close();
    expect(await write).toBe('LINK_LOST');
    await eventually(() => seen.seen.lost.length === round);
  }
  expect(seen.seen).toMatchObject({ opened: 6 });
});

test('a simulated reader on TCP behind a pty is read, and closing its socket is an unplug', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket));
  const port = await listen(server);
  closing.push(() => server.close());
  const line = await openPtyToTcp(port);
  closing.push(() => line.close());
  const seen = watch();
  const link = open(line.path, seen.events);
  await eventually(() => link.state().state === 'open' && sockets.length === 1);
  sockets[0]?.write('tag');
  await eventually(() => seen.text() === 'tag');
  sockets[0]?.destroy();
  await eventually(() => seen.seen.lost.length === 1);
});

test('listing ports works without udev and names the by-id link', async () => {
  const line = await pair();
  await symlink(line.a, join(folder, 'usb-reader'));
  const ports = await listSerialPorts(folder);
  expect(ports.find((port) => port.path === line.a)?.byId).toBe(join(folder, 'usb-reader'));
});
