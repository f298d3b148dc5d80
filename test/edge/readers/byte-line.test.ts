import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../src/kit/index.ts';
import type { ByteLinkEvents } from '../../../src/links/index.ts';
import { openByteReader } from '../../../src/readers/bytes/byte-reader.ts';
import { compileFraming } from '../../../src/readers/bytes/framing.ts';
import { sealTagBlock } from '../../../src/readers/bytes/tag-block.ts';
import { loadProfiles, openDecoder } from '../../../src/readers/index.ts';
import { compilePath } from '../../../src/readers/messages/place.ts';
import { createRateWindow } from '../../../src/readers/rate-window.ts';
import type { TagRead } from '../../../src/tags/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const profile = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]).get('magicrf/m100');
const report = 'BB02220011C43000E200001D7315016521408FC6B83EC27E';

/** A reader whose line is in the test's hand: chunks go in, nothing comes out. */
function scene(onReads: (reads: TagRead[]) => void = () => undefined) {
  if (profile.kind !== 'bytes') throw new Error('needs a byte profile');
  const clock = manualClock();
  let events: ByteLinkEvents | undefined;
  const reader = openByteReader({
    config: { id: 'r', profile: profile.id, link: { serial: { path: '/dev/x' } }, antennas: { '1': 'here' } },
    profile,
    openBytes: (given) => {
      events = given;
      const state = () => ({ state: 'open', since: 0, error: null }) as const;
      const nothing = () => undefined;
      return { open: nothing, giveUp: nothing, write: async () => undefined, close: async () => undefined, state };
    },
    clock,
    log: silentLog,
    onReads,
  });
  const say = (hex: string | Uint8Array) =>
    events?.chunk(typeof hex === 'string' ? Buffer.from(hex, 'hex') : hex, clock.now());
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

test('a frame that breaks off is told after the idle time, without another byte', async () => {
  const { clock, reader, say } = scene();
  say(report.slice(0, 20));
  await clock.advance(90);
  expect(reader.status().rejected).toEqual({});
  await clock.advance(20);
  expect(reader.status().rejected).toEqual({ TRUNCATED: 1 });
  say(report);
  expect(reader.status().reads).toBe(1);
});

test('a false head that swallows a frame gives it back when the line falls silent', async () => {
  const { clock, reader, say } = scene();
  say(`BB02220040${report}`);
  expect(reader.status().reads).toBe(0);
  await clock.advance(150);
  expect(reader.status()).toMatchObject({ reads: 1, rejected: { TRUNCATED: 1 } });
});

test('bytes that are slow but not idle make one frame', async () => {
  const { clock, reader, say } = scene();
  for (let at = 0; at < report.length; at += 2) {
    say(report.slice(at, at + 2));
    await clock.advance(90);
  }
  expect(reader.status()).toMatchObject({ reads: 1, rejected: {} });
});

test('a chunk’s buffer may be used again by the link as soon as it was taken', () => {
  const { reader, say } = scene();
  const buffer = Buffer.alloc(8);
  for (let at = 0; at < report.length; at += 16) {
    const part = Buffer.from(report.slice(at, at + 16), 'hex');
    buffer.set(part);
    say(buffer.subarray(0, part.length));
    buffer.fill(0xff);
  }
  expect(reader.status()).toMatchObject({ reads: 1, rejected: {} });
});

test('a bug behind the line is not swallowed', () => {
  const { say } = scene(() => {
    throw new TypeError('a bug');
  });
  expect(() => say(report)).toThrow(TypeError);
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
