import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import { readerProblems } from '../../../src/readers/index.ts';
import { scene } from '../../fakes/family-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);

function bytes(id: string): ByteProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} speaks no bytes`);
  return profile;
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test('a Mercury module is told what the reference says, byte by byte', async () => {
  const { clock, line, reader } = scene({ ...bytes('thingmagic/nano') });
  reader.start();
  await clock.advance(3_000);
  expect(line.written).toEqual([
    'FF032F0000025E86',
    'FF00031D0C',
    'FF01970D4BB0',
    'FF02920A8C4BD5',
    'FF02930005517D',
    'FF039102010142C5',
    'FF039A010C00A35D',
    'FF102F00000122000005072210001B03E801FFDD2B',
  ]);
  expect(reader.status().identity).toBe('M6e Nano 02010608');
});

test.each([
  ['thingmagic/m6e', '03 0000 23010600 18000201 20240913 02010608 00000010'],
  ['thingmagic/m6e', '04 0000'],
  ['nordicid/nur', '0100 80 00 415050'],
])('%s that begins anew is set up again', async (id, body) => {
  const { clock, device, line, reads, reader } = scene(bytes(id));
  reader.start();
  await clock.advance(5_000);
  const setUps = () => line.written.filter((frame) => frame === line.written[1]).length;
  const before = setUps();
  device.say?.(hex(body));
  await clock.advance(5_000);
  expect(setUps()).toBe(before + 1);
  expect(reader.status().warnings).toEqual({ READER_REBOOTED: 1 });
  const count = reads.length;
  await clock.advance(5_000);
  expect(reads.length).toBeGreaterThan(count);
});

test('a NUR packet that asks for it is acknowledged with exactly the bytes that the maker’s source has', async () => {
  const { clock, device, line, reader } = scene(bytes('nordicid/nur'));
  reader.start();
  await clock.advance(5_000);
  const acknowledgement = 'A5030000005902B2C1';
  line.written.length = 0;
  device.say?.(hex('0500 82 00'));
  await clock.advance(100);
  expect(line.written.filter((frame) => frame === acknowledgement)).toHaveLength(1);
  device.say?.(hex('0100 82 00'));
  await clock.advance(100);
  expect(line.written.filter((frame) => frame === acknowledgement)).toHaveLength(1);
});

test('a PN532 is woken, configured and asked for cards; its acknowledgements change nothing', async () => {
  const { clock, line, reader } = scene(bytes('nxp/pn532'));
  reader.start();
  await clock.advance(1_000);
  expect(line.written.slice(0, 5)).toEqual([
    `5555${'00'.repeat(14)}`,
    '0000FF02FED4022A00',
    '0000FF03FDD414011700',
    '0000FF06FAD43205010101F200',
    '0000FF04FCD44A0100E100',
  ]);
  expect(reader.status().identity).toBe('PN532 0105');
});

test('an R2000 module is given each configured antenna in turn, and only those', async () => {
  const { clock, line, reader } = scene(bytes('r2000/a0'), {}, ['1', '3']);
  reader.start();
  await clock.advance(5_000);
  const selected = line.written.filter((frame) => frame.startsWith('A004FF74')).map((frame) => frame.slice(8, 10));
  expect(selected.length).toBeGreaterThan(4);
  expect(selected.slice(0, 4)).toEqual(['00', '02', '00', '02']);
  expect(new Set(selected)).toEqual(new Set(['00', '02']));
});

test('a Chafon reader is forced into answer mode and has one command outstanding at a time', async () => {
  const { clock, line, reads, reader } = scene(bytes('chafon/uhfreader288'), {}, ['1', '2']);
  reader.start();
  await clock.advance(5_000);
  expect(line.written.some((frame) => frame.startsWith('05FF7600'))).toBe(true);
  const rounds = line.written.filter((frame) => frame.startsWith('0DFF01'));
  expect(rounds.slice(0, 2).map((frame) => frame.slice(20, 22))).toEqual(['80', '81']);
  expect(rounds.length).toBeLessThan(reads.length);
});

test('another model than the profile is for is told', async () => {
  const profile = bytes('chafon/uhfreader288');
  const { clock, reader } = scene({ ...profile, fingerprint: { field: 'model', in: ['UHFReader86'] } });
  reader.start();
  await clock.advance(2_000);
  expect(reader.status().warnings).toEqual({ OTHER_MODEL: 1 });
  expect(reader.status().identity).toContain('UHFReader288MP');
});

test('a module that grows hot or loses its antenna says so in plain words', async () => {
  const { clock, device, reader } = scene(bytes('thingmagic/m6e'));
  reader.start();
  await clock.advance(3_000);
  device.say?.(hex('22 0504'));
  await clock.advance(100);
  expect(reader.status()).toMatchObject({
    warnings: { READER_COMPLAINED: 1 },
    lastEvent: 'the reader complains: module is too hot and throttles itself',
  });
});

test('a Mercury stream that falls silent is started again within its heartbeat’s time', async () => {
  const { clock, device, line, reader } = scene(bytes('thingmagic/m6e'));
  reader.start();
  await clock.advance(3_000);
  line.written.length = 0;
  device.setSilent(true);
  await clock.advance(6_500);
  expect(line.written[0]).toBe('FF102F00000122000005072210001B03E801FFDD2B');
});

const base = { id: 'r', link: { serial: { path: '/dev/ttyUSB0' } }, antennas: { '1': 'desk' } };
test.each([
  ['a region that a Nano refuses', { profile: 'thingmagic/nano', region: 'NA' }, '/region'],
  ['more power than a Nano has', { profile: 'thingmagic/nano', power: 28 }, '/power'],
  ['half a dBm where the command has whole ones', { profile: 'r2000/a0', power: 20.5 }, '/power'],
  ['power that no command sets', { profile: 'nordicid/nur', power: 20 }, '/power'],
  ['power of a card reader', { profile: 'nxp/pn532', power: 10 }, '/power'],
  ['a region of a handheld whose region is fixed', { profile: 'tsl/ascii2', region: 'EU' }, '/region'],
  ['power outside of a handheld’s', { profile: 'tsl/ascii2', power: 31 }, '/power'],
])('%s is refused before it is sent', (_name, asked, pointer) => {
  const reader = { ...base, ...asked };
  expect(readerProblems(reader, profiles.get(asked.profile)).map((problem) => problem.pointer)).toEqual([pointer]);
});
