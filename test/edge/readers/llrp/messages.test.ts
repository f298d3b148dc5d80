import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDecoder } from '../../../../src/profiles/index.ts';
import { capabilitiesOf, powerIndex } from '../../../../src/protocols/llrp/capabilities.ts';
import { createLlrpDecoder } from '../../../../src/protocols/llrp/decode.ts';
import { type FieldType, type ParameterName, parameterLayouts } from '../../../../src/protocols/llrp/layouts.ts';
import { readMessage, writeMessage, writeParameter, writeTlv } from '../../../../src/protocols/llrp/tree.ts';
import { type ReaderOptions, readerProblems } from '../../../../src/readers/index.ts';
import { addRoSpec } from '../../../../src/readers/llrp/requests.ts';
import { refusalOf, wantedOf } from '../../../../src/readers/llrp/wanted.ts';
import { readSink } from '../../../fakes/sink.ts';
import { llrpProfile, profiles } from './scene.ts';

const captures = join(import.meta.dirname, '../../../captures');
const r420 = Buffer.from(
  readFileSync(join(captures, 'llrp-impinj/19-get-reader-capabilities-response.hex'), 'latin1').trim(),
  'hex',
);

const head = { version: 1, id: 7 };
const messageOf = (bytes: Uint8Array, type: number) => ({ ...head, type, bytes });
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const EPC = '8D 300833B2DDD9014000000003';

/** RO_ACCESS_REPORT with one TagReportData per given value. */
const report = (...values: string[]) =>
  writeMessage(
    'RO_ACCESS_REPORT',
    head,
    {},
    values.map((value) => writeTlv(240, hex(value))),
  );
const decode = (...values: string[]) => openDecoder(llrpProfile('generic/llrp')).push(report(...values));

const arbitraryOf: Readonly<Record<FieldType, fc.Arbitrary<number | string | number[] | Uint8Array>>> = {
  u8: fc.nat(0xff),
  u16: fc.nat(0xffff),
  s16: fc.integer({ min: -0x8000, max: 0x7fff }),
  u32: fc.nat(0xffff_ffff),
  u64: fc.nat(Number.MAX_SAFE_INTEGER),
  text: fc.string({ unit: 'grapheme', maxLength: 40 }),
  octets: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()),
  bits: fc.string({ unit: fc.constantFrom('0', '1'), maxLength: 100 }),
  u16s: fc.array(fc.nat(0xffff), { maxLength: 20 }),
  u32s: fc.array(fc.nat(0xffff_ffff), { maxLength: 20 }),
  rest: fc.uint8Array({ maxLength: 40 }),
};

describe('the parameters of LLRP', () => {
  test.each(Object.keys(parameterLayouts) as ParameterName[])('%s is read as it was written', (name) => {
    const fields = parameterLayouts[name].fields;
    const values = fc.record(Object.fromEntries(fields.map(([field, type]) => [field, arbitraryOf[type]])));
    fc.assert(
      fc.property(values, (given) => {
        const bytes = writeMessage('GET_ROSPECS_RESPONSE', head, {}, [writeParameter(name, given)]);
        const inside = [{ name, values: given, inside: [] }];
        expect(readMessage(messageOf(bytes, 36))).toEqual({
          ok: true,
          told: { name: 'GET_ROSPECS_RESPONSE', id: 7, values: {}, inside },
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a captured Speedway R420', () => {
  test('has 81 power levels from 10 to 30 dBm and 50 channels that are not sorted', () => {
    const read = readMessage(messageOf(r420, 11));
    const has = read.ok ? capabilitiesOf(read.told) : null;
    expect(has).toMatchObject({
      maxAntennas: 4,
      maxRoSpecs: 1,
      holds: true,
      region: 'US',
      hopping: true,
      hopTableId: 1,
    });
    expect(has?.powers).toHaveLength(81);
    expect(has?.powers[0]).toEqual({ index: 1, dbm: 10 });
    expect(has?.powers[80]).toEqual({ index: 81, dbm: 30 });
    expect(has?.khz).toHaveLength(50);
    expect(has?.khz.slice(0, 3)).toEqual([909_250, 908_250, 925_750]);
    if (has === null) return;
    expect([9.99, 10, 10.1, 10.25, 20, 30, 30.01].map((dbm) => powerIndex(dbm, has))).toEqual([
      null,
      1,
      1,
      2,
      41,
      81,
      null,
    ]);
  });

  test('gives its channels frequencies', () => {
    const decoder = openDecoder(llrpProfile('impinj/llrp'));
    expect(decoder.push(report(`${EPC} 87 0001`))).toMatchObject([{ frequencyKhz: null }]);
    decoder.push(r420);
    const [first, last, none] = decoder.push(report(`${EPC} 87 0001`, `${EPC} 87 0032`, `${EPC} 87 0033`));
    expect([first, last, none].map((read) => read?.['frequencyKhz'])).toEqual([909_250, 904_750, null]);
  });
});

describe('a tag report', () => {
  test.each([
    ['NO_EPC', '81 0001'],
    ['NO_EPC', '00F1 0006 0000'],
    ['BAD_EPC_LENGTH', '00F1 0008 0060 3008'],
    ['BAD_EPC_LENGTH', `00F1 0046 0200 ${'00'.repeat(64)}`],
    ['BAD_PARAM_LENGTH', '00F1 0004'],
    ['BAD_PARAM_LENGTH', `${EPC} 03FF 0008 0000651A`],
    ['BAD_PARAM_LENGTH', `${EPC} 015D 0009 00 0001 0003`],
    ['TRUNCATED', `${EPC} 82 0004EC2E`],
    ['UNKNOWN_TV', `${EPC} FF 00`],
  ])('is refused with %s and costs no other: %s', (reason, value) => {
    const outcomes = decode(EPC, value, EPC);
    expect(outcomes).toMatchObject([{ kind: 'read' }, { kind: 'bad', reason, index: 1 }, { kind: 'read' }]);
  });

  test('may hold a TID, phase, fine RSSI and an XPC that Impinj and LLRP 1.1 have', () => {
    const custom = (subtype: string, value: string) =>
      `03FF ${(12 + value.length / 2).toString(16).padStart(4, '0')} 0000651A 000000${subtype} ${value}`;
    const value = `${EPC} 86 CE 93 0002 94 0000 ${custom('37', '0002E2801170')} ${custom('38', '0400')} ${custom('39', 'ED27')}`;
    expect(decode(value)).toMatchObject([{ tid: 'E2801170', phaseDeg: 90, rssi: -48.25 }]);
  });

  test('counts at least one, and at most what 16 bits hold', () => {
    expect(decode(`${EPC} 88 0000`, `${EPC} 88 FFFF`)).toMatchObject([{ count: 1 }, { count: 65_535 }]);
  });

  test('of a reader without a clock of day is timed by its uptime', () => {
    const { sink, reads } = readSink();
    const stamp = (at: number | null, receivedAt: number) => at ?? receivedAt;
    const decoder = createLlrpDecoder(llrpProfile('generic/llrp'), { reader: 'r', antenna: null, stamp }, true);
    const startedAt = 1_700_000_000_000;
    const uptime = (ms: number) => `${EPC} 85 ${(ms * 1000).toString(16).padStart(16, '0')}`;
    const receive = (upMs: number, delayMs: number) =>
      decoder.decode(messageOf(report(uptime(upMs)), 61), startedAt + upMs + delayMs, sink);
    const notice = writeParameter('ReaderEventNotificationData', {}, [
      writeParameter('Uptime', { microseconds: 5_000_000 }),
    ]);
    decoder.decode(
      messageOf(writeMessage('READER_EVENT_NOTIFICATION', head, {}, [notice]), 63),
      startedAt + 5_020,
      sink,
    );
    receive(10_000, 900);
    receive(11_000, 5);
    receive(12_000, 700);
    expect(reads.map(({ at }) => at - startedAt)).toEqual([10_020, 11_005, 12_005]);
  });
});

describe('an ADD_ROSPEC', () => {
  const read = readMessage(messageOf(r420, 11));
  const has = read.ok ? capabilitiesOf(read.told) : null;
  const options = { id: 'r', profile: 'p', link: {}, antennas: { '1': 'a', '2': 'b' } };
  const filter = { bank: 'tid', bit: 4, mask: '280116' } as const;

  test('has the vendor’s own parameters for each antenna behind the standard’s, and before them the filter', () => {
    if (has === null) throw new Error('the captured capabilities can be read');
    const searchMode = '03FF000E0000651A000000170002';
    const profile = { ...llrpProfile('impinj/llrp'), inventoryContent: searchMode };
    const wanted = { ...wantedOf(options), filter, session: 1 };
    const [bytes = Buffer.alloc(0)] = addRoSpec({ profile, wanted, has, extended: true, singulation: null }).inside;
    const select = '014B0016' + '00' + '014C000C' + '80' + '0004' + '0018' + '280116' + '014E0005' + '00';
    const command = `${select}0150000B40002000000000${searchMode}`;
    const written = Buffer.from(bytes).toString('hex').toUpperCase();
    expect(written.split(command)).toHaveLength(3);
  });

  test('is not sent with a filter to a reader that has none', () => {
    if (has === null) throw new Error('the captured capabilities can be read');
    expect(has).toMatchObject({ maxSelectFilters: 2, maxOpSpecs: 8, maxAccessSpecs: 1508 });
    const wanted = { ...wantedOf(options), filter };
    expect(refusalOf(wanted, has)).toBeNull();
    expect(refusalOf(wanted, { ...has, maxSelectFilters: 0 })).toMatchObject({ about: 'filter' });
  });
});

describe('a configured LLRP reader', () => {
  const config = (more: Partial<ReaderOptions>): ReaderOptions => ({
    id: 'ceiling',
    profile: 'generic/llrp',
    link: { tcp: { host: '10.0.0.5', port: 5084 } },
    antennas: { '1': 'shelf-1' },
    ...more,
  });

  test('is fine as the manual has it', () => {
    const filter = { bank: 'epc', bit: 32, mask: '3034' } as const;
    const settings = { power: 27, antennaPower: { '1': 25 }, session: 1, q: 5, filter, takeOver: true, region: 'EU' };
    expect(readerProblems(config(settings), profiles.get('generic/llrp'))).toEqual([]);
  });

  test.each([
    ['/link', { link: { serial: { path: '/dev/ttyUSB0' } } }],
    ['/link/tcp/from', { link: { tcp: { host: '0.0.0.0', port: 5084, from: '10.0.0.7' } } }],
    ['/link/tcp/from', { link: { tcp: { host: '0.0.0.0', port: 5084, listen: true, from: 'gate' } } }],
    ['/link/tcp/tls', { link: { tcp: { host: '0.0.0.0', port: 5084, listen: true, tls: { ca: 'ca.pem' } } } }],
    ['/link/tcp/tls', { link: { tcp: { host: 'reader', port: 5085, tls: { cert: 'cert.pem' } } } }],
    ['/region', { region: 'MARS' }],
    ['/antennas/65', { antennas: { '65': 'shelf-1' } }],
  ])('is refused at %s', (pointer, more) => {
    expect(readerProblems(config(more), profiles.get('generic/llrp'))).toMatchObject([{ pointer }]);
  });
});
