import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../src/kit/index.ts';
import type { ByteLinkEvents } from '../../../src/links/index.ts';
import { loadProfiles, openDecoder } from '../../../src/profiles/index.ts';
import { compileFraming } from '../../../src/protocols/bytes/framing.ts';
import { sealTagBlock } from '../../../src/protocols/bytes/tag-block.ts';
import { compilePath } from '../../../src/protocols/messages/place.ts';
import { openByteReader } from '../../../src/readers/bytes/byte-reader.ts';
import type { ReaderOptions } from '../../../src/readers/index.ts';
import { createRateWindow } from '../../../src/supervision/rate-window.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { uncaughtDuring } from '../../fakes/uncaught.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const profile = profiles.get('magicrf/m100');
const serial = { serial: { path: '/dev/x' } };
const tcp = { tcp: { host: '127.0.0.1', port: 4001 } };
const report = 'BB02220011C43000E200001D7315016521408FC6B83EC27E';

/** A reader whose line is in the test's hand: chunks go in, nothing comes out. */
function scene(
  heard: (reads: TagRead[]) => Promise<void> = async () => undefined,
  link: ReaderOptions['link'] = serial,
  id = profile.id,
  more: Partial<ReaderOptions> = {},
) {
  const spoken = profiles.get(id);
  if (spoken.kind !== 'bytes') throw new Error('needs a byte profile');
  const clock = manualClock();
  let events: ByteLinkEvents | undefined;
  const reader = openByteReader({
    supervise: createSupervision,
    config: { id: 'r', profile: id, link, antennas: { '1': 'here' }, ...more },
    profile: spoken,
    openBytes: (given) => {
      events = given;
      const state = () => ({ state: 'open', since: 0, error: null, fault: null }) as const;
      const nothing = () => undefined;
      return {
        open: nothing,
        giveUp: nothing,
        hold: nothing,
        write: async () => undefined,
        close: async () => undefined,
        state,
      };
    },
    clock,
    log: silentLog,
    onReads: (batch) => heard(readsOf(batch)),
  });
  const say = async (hex: string | Uint8Array) => {
    events?.chunk(typeof hex === 'string' ? Buffer.from(hex, 'hex') : hex, clock.now());
    await clock.advance(0);
  };
  return { clock, reader, say };
}

/** A report frame with a right sum around any PC, EPC and, unless it is given, the right tag CRC. */
function reportOf(pcEpc: string, crc?: string): string {
  if (profile.kind !== 'bytes' || profile.framing[0] === undefined) throw new Error('needs a byte profile');
  const block = Buffer.from(`${pcEpc}${crc ?? '0000'}`, 'hex');
  if (crc === undefined) sealTagBlock(block);
  const body = Buffer.concat([Buffer.from('0222C4', 'hex'), block]);
  return Buffer.from(compileFraming(profile.framing[0], 'fromReader').build(body)).toString('hex').toUpperCase();
}

test('a frame made by hand is the captured one, tag CRC and all', () => {
  expect(reportOf('3000E200001D7315016521408FC6')).toBe(report);
});

test.each([
  ['BAD_TAG_CRC', reportOf('3000E200001D7315016521408FC6', 'B83F')],
  ['PC_LENGTH', reportOf('2800E200001D7315016521408FC6')],
  ['PC_LENGTH', reportOf('3800E200001D7315016521408FC6')],
  ['NO_ID', reportOf('0000')],
  ['SHORT_REPORT', 'BB02220001C4E97E'],
])('a whole frame is no read when the tag in it cannot be right: %s', (reason, frame) => {
  const decoder = openDecoder(profile);
  expect([...decoder.push(frame), ...decoder.end()]).toMatchObject([{ kind: 'bad', reason, hex: frame }]);
});

test('the other bits of the PC do not matter for its length', () => {
  expect(openDecoder(profile).push(reportOf('3400E200001D7315016521408FC6'))).toMatchObject([
    { kind: 'read', pc: '3400' },
  ]);
});

test('a frame that breaks off waits for its rest, however long, and is counted when a new one has come', async () => {
  const { clock, reader, say } = scene();
  await say(report.slice(0, 20));
  await clock.advance(60_000);
  expect(reader.status().rejected).toEqual({});
  await say(report);
  expect(reader.status()).toMatchObject({ reads: 1, rejected: { TRUNCATED: 1 } });
});

test('a frame that breaks off and never goes on is counted when the channel is closed', async () => {
  const { clock, reader, say } = scene();
  await say(report.slice(0, 20));
  await clock.advance(60_000);
  await reader.stop();
  expect(reader.status()).toMatchObject({ reads: 0, rejected: { TRUNCATED: 1 } });
});

test('a false head that swallows a frame gives it back when the line falls silent', async () => {
  for (const link of [serial, tcp]) {
    const { clock, reader, say } = scene(undefined, link);
    await say(`BB02220040${report}`);
    expect(reader.status().reads).toBe(0);
    await clock.advance(1_500);
    expect(reader.status()).toMatchObject({ reads: 1, rejected: { TRUNCATED: 1 } });
  }
});

test('a frame cut at any place is read after any silence, on a serial line and on TCP', async () => {
  for (const link of [serial, tcp]) {
    const { clock, reader, say } = scene(undefined, link);
    let frames = 0;
    for (let at = 2; at < report.length; at += 2) {
      await say(report.slice(0, at));
      await clock.advance(at % 4 === 0 ? 150 : 5_000);
      await say(report.slice(at));
      frames += 1;
      expect(reader.status()).toMatchObject({ reads: frames, rejected: {} });
    }
  }
});

test('on a serial line a new frame behind a silence ends the one before, though both together would pass the check', async () => {
  // Eight bits of sum: the first half of a report and the beginning of an answer make a frame of the right sum.
  const half = 'A01301897C30003034257BF7194E40000019';
  const whole = 'A004017410D7';
  const joined = half.slice(0, 30);
  const sum = (hex: string) => [...Buffer.from(hex, 'hex')].reduce((total, byte) => (total + byte) & 0xff, 0);
  // The byte of the half that makes the sum of both together right.
  const last = ((0x200 - sum(joined) - sum(whole.slice(0, 10))) & 0xff).toString(16).padStart(2, '0');
  const start = joined + last;
  expect(start.length / 2 + 5).toBe(0x13 + 2);
  expect(sum(start + whole.slice(0, 10))).toBe(0);
  const told = async (link: ReaderOptions['link']) => {
    const { clock, reader, say } = scene(undefined, link, 'r2000/a0');
    await say(start);
    await clock.advance(link === tcp ? 1_500 : 150);
    await say(whole);
    return reader.status();
  };
  expect(await told(serial)).toMatchObject({ reads: 0, rejected: { TRUNCATED: 1 } });
  expect(await told(tcp)).toMatchObject({ reads: 1 });
});

test('what only looks like a new start behind a silence is the rest of the frame', async () => {
  // The EPC goes on with the head of an M100 frame: BB 02 22 00 05.
  const frame = reportOf('3000E200BB02220005010203AABB');
  const at = frame.indexOf('BB0222', 2);
  const { clock, reader, say } = scene();
  await say(frame.slice(0, at));
  await clock.advance(150);
  await say(frame.slice(at));
  await clock.advance(150);
  expect(reader.status()).toMatchObject({ reads: 1, rejected: {} });
});

test('a frame in four pieces with silences between them is read, and so is the one behind a lost rest', async () => {
  const { clock, reader, say } = scene();
  for (let at = 0; at < report.length; at += 12) {
    await say(report.slice(at, at + 12));
    await clock.advance(150);
  }
  expect(reader.status()).toMatchObject({ reads: 1, rejected: {} });
  await say(report.slice(0, 30));
  await clock.advance(150);
  await say(report.slice(0, 16));
  await clock.advance(150);
  await say(report.slice(16));
  await clock.advance(150);
  expect(reader.status()).toMatchObject({ reads: 2, rejected: { TRUNCATED: 1 } });
});

test('bytes that are slow but not idle make one frame', async () => {
  const { clock, reader, say } = scene();
  for (let at = 0; at < report.length; at += 2) {
    await say(report.slice(at, at + 2));
    await clock.advance(90);
  }
  expect(reader.status()).toMatchObject({ reads: 1, rejected: {} });
});

test('an answer that names its tag is a read, but not while only tags that pass a filter are to be heard', async () => {
  const answer = 'BB0139001B0E3000E28011700000020A7B2C4D5EE280110520006A3C1B2F0A147A7E';
  const told: TagRead[] = [];
  const open = scene(async (reads) => void told.push(...reads));
  await open.say(answer);
  expect(told).toMatchObject([{ epc: 'E28011700000020A7B2C4D5E', pc: '3000', antenna: 1, tid: null }]);
  const filtered = scene(undefined, serial, profile.id, { filter: { bank: 'epc', bit: 32, mask: '3034' } });
  await filtered.say(answer);
  expect(filtered.reader.status()).toMatchObject({ reads: 0, rejected: {} });
  await filtered.say(report);
  expect(filtered.reader.status().reads).toBe(1);
});

test('a chunk’s buffer may be used again by the link as soon as it was taken', async () => {
  const { reader, say } = scene();
  const buffer = Buffer.alloc(8);
  for (let at = 0; at < report.length; at += 16) {
    const part = Buffer.from(report.slice(at, at + 16), 'hex');
    buffer.set(part);
    await say(buffer.subarray(0, part.length));
    buffer.fill(0xff);
  }
  expect(reader.status()).toMatchObject({ reads: 1, rejected: {} });
});

test('a bug behind the line is not swallowed: it ends the process', async () => {
  const { say } = scene(async () => {
    throw new TypeError('a bug');
  });
  expect(await uncaughtDuring(() => say(report))).toEqual([new TypeError('a bug')]);
});

test('a path reaches own members only', () => {
  expect(compilePath('constructor.name')({})).toBeUndefined();
  expect(compilePath('a.length')({ a: 'text' })).toBeUndefined();
  expect(compilePath('a.1.b')({ a: [0, { b: 7 }] })).toBe(7);
});

test('the rate forgets what is older than ten seconds, after a pause of any length', () => {
  const window = createRateWindow();
  const at = Date.parse('2026-11-21T09:00:00Z');
  for (let i = 0; i < 50; i++) window.add(at + i * 100);
  expect(window.rate(at + 5_000)).toBe(5);
  expect(window.rate(at + 12_000)).toBe(2);
  for (const pause of [15_000, 60_000, 86_400_000]) expect(window.rate(at + pause)).toBe(0);
  window.add(at + 86_400_000);
  expect(window.rate(at + 86_400_000)).toBe(0.1);
  expect(window.rate(at)).toBe(0);
});
