import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../src/kit/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { checkProfile } from '../../../src/profiles/load.ts';
import type { LineProfile } from '../../../src/protocols/vocabulary/line-profile.ts';
import { openReader, type Reader } from '../../../src/readers/index.ts';
import { openLineReader } from '../../../src/readers/lines/line-reader.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { type AlienOptions, startAlienReader } from '../../fakes/alien-reader.ts';
import { eventually } from '../../fakes/eventually.ts';
import { freePort } from '../../fakes/listen.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { memoryLine } from '../../fakes/memory-line.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Given = { login?: { username: string; password: string }; options?: AlienOptions };

/** A gateway's reader and the Alien reader that it dials, over real TCP. */
async function dialled({ login, options }: Given) {
  const alien = await startAlienReader(options);
  const reads: TagRead[] = [];
  const reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'dock-1',
      profile: 'alien/f800',
      link: { tcp: { host: '127.0.0.1', port: alien.port } },
      antennas: { '1': 'dock' },
      ...(login === undefined ? {} : { login: { username: login.username, password: { env: 'ALIEN' } } }),
    },
    profile: profiles.get('alien/f800'),
    mqtt: null,
    clock: systemClock,
    log: silentLog,
    random: Math.random,
    secret: () => login?.password ?? '',
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  });
  closing.push(alien.close, () => reader.stop());
  reader.start();
  return { alien, reads, reader };
}

const codeOf = (reader: Reader) => reader.status().findings[0]?.code;
const right = { username: 'alien', password: 'password' };
/** One byte each millisecond, in the order in which they were said. */
function drip(): NonNullable<AlienOptions['send']> {
  let last = Promise.resolve();
  return (socket, text) => {
    for (const character of text) {
      last = last.then(async () => {
        await wait(1);
        if (socket.writable) socket.write(character, 'latin1');
      });
    }
  };
}

test.each<[string, AlienOptions]>([
  ['whose prompts end with NUL', {}],
  ['whose prompts have no end', { promptEnd: '' }],
  ['whose greeting comes byte by byte', { send: drip() }],
])('a reader %s lets the configured pair in, and nothing is sent before', async (_what, options) => {
  const { alien, reads, reader } = await dialled({ login: right, options });
  await eventually(() => reads.length >= 2);
  expect(alien.connections).toHaveLength(1);
  expect(alien.connections[0]?.slice(0, 3)).toEqual(['alien', 'password', '\u0001set TagListFormat = Text']);
  expect(reads[0]).toMatchObject({ epc: '3034257BF7194E4000001A85', antenna: 1, count: 3 });
  expect(reader.status()).toMatchObject({ rejected: {}, session: { state: 'running' } });
});

test('a refused login is a state of its own: its cause is said, and no command was taken for a user name', async () => {
  const { alien, reader } = await dialled({ login: { ...right, password: 'wrong' } });
  await eventually(() => codeOf(reader) === 'READER_LOGIN_REFUSED');
  expect(reader.status().session).toMatchObject({ state: 'failed', problem: expect.stringContaining('refused') });
  expect(JSON.stringify(reader.status())).not.toContain('wrong');
  alien.allow('alien', 'wrong');
  await eventually(() => reader.status().session.state === 'running', 30_000);
  const refused = alien.connections.slice(0, -1);
  expect(new Set(refused.flat())).toEqual(new Set(['alien', 'wrong']));
  await eventually(() => codeOf(reader) !== 'READER_LOGIN_REFUSED');
});

test('a reader that asks for a login that nobody configured is sent nothing at all', async () => {
  const { alien, reader } = await dialled({});
  await eventually(() => codeOf(reader) === 'READER_LOGIN_MISSING');
  expect(alien.connections.flat()).toEqual([]);
});

test.each<[string, string]>([
  ['end with NUL', '\0'],
  ['have no end', ''],
])('the prompts of a login that fails are no damaged lines, where they %s', async (_what, promptEnd) => {
  const none = await dialled({ options: { promptEnd } });
  const wrong = await dialled({ login: { ...right, password: 'wrong' }, options: { promptEnd } });
  for (const { alien, reader } of [none, wrong]) {
    await eventually(() => alien.connections.length >= 2, 30_000);
    expect(reader.status().rejected).toEqual({});
  }
});

test('a reader that asks again in the middle of the work gets its login, not the next command', async () => {
  const { alien, reads, reader } = await dialled({ login: right });
  await eventually(() => reads.length >= 1);
  alien.askAgain();
  await eventually(() => alien.connections.length >= 2 && reader.status().session.state === 'running', 30_000);
  expect(alien.connections.at(-1)?.slice(0, 2)).toEqual(['alien', 'password']);
});

test('a password that cannot be one line is not sent', async () => {
  const { alien, reader } = await dialled({ login: { ...right, password: 'pass\r\nset Function = Reader' } });
  await eventually(() => codeOf(reader) === 'READER_LOGIN_REFUSED');
  expect(new Set(alien.connections.flat())).toEqual(new Set(['alien']));
});

/** A line reader on a channel in memory, over "TCP", in virtual time. */
function wired(profile = profiles.get('alien/f800') as LineProfile) {
  const clock = manualClock();
  const written: string[] = [];
  let say: (bytes: Uint8Array) => void = () => undefined;
  const device = {
    connect: (to: (bytes: Uint8Array) => void) => {
      say = to;
    },
    receive: (bytes: Uint8Array) => void written.push(Buffer.from(bytes).toString('utf8')),
    disconnect: () => undefined,
  };
  const line = memoryLine(device, clock.now);
  const reads: TagRead[] = [];
  const reader = openLineReader({
    supervise: createSupervision,
    config: {
      id: 'a',
      profile: profile.id,
      link: { tcp: { host: '127.0.0.1', port: 1 } },
      antennas: { '1': 'dock' },
    },
    profile,
    credentials: { username: 'name', password: () => 'pass' },
    openBytes: line.open,
    clock,
    log: silentLog,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  });
  return { clock, written, reads, reader, opens: line.opens, say: (text: string) => say(Buffer.from(text, 'latin1')) };
}

test('a reader that says nothing asks for no login; one that has begun to greet is waited for longer', async () => {
  const silent = wired();
  silent.reader.start();
  await silent.clock.advance(2_900);
  expect(silent.written).toEqual([]);
  await silent.clock.advance(1_000);
  expect(silent.written[0]).toContain('TagListFormat');

  const slow = wired();
  slow.reader.start();
  await slow.clock.advance(1_000);
  slow.say('*****\r\n* Alien\r\n');
  await slow.clock.advance(8_000);
  expect(slow.written).toEqual([]);
  slow.say('Username>\0');
  await slow.clock.advance(100);
  expect(slow.written).toEqual(['name\r\n']);
});

test('a line reader of another maker is let in by the prompts that its own profile names', async () => {
  const { session, ...rest } = profiles.get('generic/line') as LineProfile;
  const login = { user: 'login:', password: 'Password:', ready: '$' };
  const mine = { ...rest, session: { ...session, login, setUp: ['start'], poll: 'read', lineEnd: '0D' } };
  const { clock, opens, reader, reads, say, written } = wired(checkProfile(mine, 'mine.json') as LineProfile);
  reader.start();
  // A prompt has no end, and a cut may come anywhere in it.
  for (const piece of ['Welcome\r\nlog', 'in:', ' ']) say(piece);
  await clock.advance(100);
  expect(written).toEqual(['name\r']);
  for (const piece of ['Pass', 'word:', ' ']) say(piece);
  await clock.advance(100);
  expect(written).toEqual(['name\r', 'pass\r']);
  say('\r\n$');
  await clock.advance(0);
  await clock.advance(1_000);
  expect(written[2]).toBe('start\r');
  say('E28011700000020A7B2C4D5E\r\n');
  expect(reads.map(({ epc }) => epc)).toEqual(['E28011700000020A7B2C4D5E']);
  expect(opens()).toBe(1);
  await reader.stop();
});

test('a firmware that never says that it is ready is spoken to once it has had time to refuse', async () => {
  const { clock, reader, say, written } = wired();
  reader.start();
  say('Username>\0');
  say('Password>\0');
  await clock.advance(9_000);
  expect(written).toEqual(['name\r\n', 'pass\r\n']);
  await clock.advance(2_000);
  expect(written[2]).toContain('TagListFormat');
});

test('however a greeting is cut, the same is said to it, and a tag in it is read', async () => {
  const text = '***\r\n* Alien\r\n3034 257B F719 4E40 0000 1A85,0,1\r\nUsername>\0';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
      const { clock, reader, reads, say, written } = wired();
      reader.start();
      const at = [...new Set(cuts)].sort((a, b) => a - b);
      for (const [i, from] of [0, ...at].entries()) say(text.slice(from, at[i] ?? text.length));
      await clock.advance(100);
      expect(written).toEqual(['name\r\n']);
      expect(reads.map(({ epc }) => epc)).toEqual(['3034257BF7194E4000001A85']);
      expect(reader.status().rejected).toEqual({});
      await reader.stop();
    }),
    { numRuns: 40 },
  );
});

test('a reader that dials in to notify is not offline between its calls, and what a call cuts off is counted', async () => {
  const port = await freePort();
  const reads: TagRead[] = [];
  const reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'dock-1',
      profile: 'alien/f800',
      link: { tcp: { host: '127.0.0.1', port, listen: true } },
      antennas: { '1': 'dock', '2': 'dock' },
    },
    profile: profiles.get('alien/f800'),
    mqtt: null,
    clock: systemClock,
    log: silentLog,
    random: Math.random,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  });
  closing.push(() => reader.stop());
  reader.start();
  await eventually(() => reader.status().link.state === 'open');
  const call = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text, 'latin1'));
      socket.on('close', () => resolve());
      socket.on('error', reject);
      socket.resume();
    });
  const head = ['#Alien RFID Reader Auto Notification Message', '#ReaderName: Door', '#ReaderType: ALR-F800']
    .concat([
      '#IPAddress: 10.0.0.7',
      '#CommandPort: 23',
      '#MACAddress: 00:1B:5F:00:A2:20',
      '#Time: 2026/11/30 10:00:00',
    ])
    .concat(['#Reason: TAGS ADDED', '#StartTriggerLines: 0', '#StopTriggerLines: 0'])
    .join('\r\n');
  const tag = (serial: number) =>
    `Tag:3034 257B F719 4E40 0000 ${serial.toString(16).toUpperCase().padStart(4, '0')}, Disc:2026/11/30 10:00:00.123, Last:2026/11/30 10:00:01.456, Count:2, Ant:1, Proto:2`;
  for (let serial = 1; serial <= 5; serial++) {
    await call(`${head}\r\n${tag(serial)}\r\n#End of Notification Message\r\n\0`);
    await eventually(() => reads.length === serial);
    expect(reader.status()).toMatchObject({ link: { state: 'open', error: null }, reachable: true, rejected: {} });
  }
  expect(reads.map(({ antenna, count }) => [antenna, count])).toEqual(Array(5).fill([2, 2]));
  await call(tag(6).slice(0, 40));
  await eventually(() => reader.status().rejected['TRUNCATED'] === 1);
  await call(`${tag(7)}\r\n`);
  await eventually(() => reads.length === 6);
  expect(reader.status().findings[0]?.code).toBe('READER_OK');
});

test('whoever asks again and again hears each of the pair once, and no password where a name is due', async () => {
  const { clock, reader, say, written } = wired();
  reader.start();
  say('Username>\r\n'.repeat(50));
  await clock.advance(100);
  expect(written).toEqual(['name\r\n']);
  expect(reader.status().session).toMatchObject({ state: 'failed' });
  expect(JSON.stringify(reader.status())).not.toMatch(/"[^"]*\bpass\b/);
});
