import { describe, expect, test } from 'vitest';
import { type Decoded, openDecoder } from '../../../../src/profiles/index.ts';
import { llrpProfile } from '../../../edge/readers/llrp/scene.ts';
import { EPC96, epc96, message, notification, report, tlv, tv, u8, u16, u32 } from './by-hand.ts';

function decode(...chunks: string[]): Decoded[] {
  const decoder = openDecoder(llrpProfile('generic/llrp'));
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}
const read = { kind: 'read', epc: EPC96 };
const bad = (reason: string) => ({ kind: 'bad', reason });

describe('an EPC in a report made by hand', () => {
  test.each([16, 32, 80, 96, 112, 128, 240, 480, 496])('of %i bits is read whole', (bits) => {
    const hex = 'A5'.repeat(bits / 8);
    expect(decode(report(tlv(241, u16(bits), hex)))).toMatchObject([{ kind: 'read', epc: hex }]);
  });

  test.each([
    [1, 'FF', '80'],
    [7, 'FF', 'FE'],
    [9, 'FFFF', 'FF80'],
    [97, `${EPC96}FF`, `${EPC96}80`],
    [495, 'FF'.repeat(62), `${'FF'.repeat(61)}FE`],
  ])('of %i bits is padded with noughts, whatever the reader pads it with', (bits, hex, epc) => {
    expect(decode(report(tlv(241, u16(bits), hex)))).toMatchObject([{ kind: 'read', epc }]);
  });

  test.each([
    [0, '', 'NO_EPC'],
    [0, '0000', 'NO_EPC'],
    [96, '3008', 'BAD_EPC_LENGTH'],
    [497, '00'.repeat(63), 'BAD_EPC_LENGTH'],
    [65_535, '00'.repeat(62), 'BAD_EPC_LENGTH'],
  ])('that says %i bits and has %j is refused', (bits, hex, reason) => {
    expect(decode(report(epc96, tlv(241, u16(bits), hex), epc96))).toMatchObject([read, bad(reason), read]);
  });
});

describe('parameters that nobody here knows', () => {
  const unknown = tlv(900, 'DEADBEEF');
  const empty = tlv(901);
  const foreign = tlv(1023, u32(4_242), u32(7), '0102030405');

  test.each([
    ['before the EPC', report(unknown + epc96)],
    ['behind it', report(epc96 + empty + unknown + tv(1, u16(1)))],
    ['between the tags', message(61, [unknown, tlv(240, epc96), empty])],
    ['of another vendor', report(epc96 + foreign + foreign)],
    ['as an RF survey', message(61, [tlv(242, tv(9, u32(1)), tv(14, u16(1))), tlv(240, epc96)])],
  ])('are skipped %s', (_, hex) => {
    expect(decode(hex)).toMatchObject([read]);
  });

  test('are skipped between events, inside of them, and in answers', () => {
    expect(decode(notification(unknown, tlv(255, u8(0), u16(2)), empty))).toMatchObject([{ name: 'antenna' }]);
    expect(decode(notification(tlv(252, u16(2), '4F4B', unknown)))).toMatchObject([{ name: 'readerException' }]);
    expect(decode(message(30, [unknown, tlv(287, u16(0), u16(0))]))).toMatchObject([{ kind: 'answer', ok: true }]);
  });

  test('cost what they stand in when they are TVs, whose length nobody can know', () => {
    for (const type of [21, 64, 126, 127]) {
      expect(decode(report(epc96 + tv(type, '00'), epc96))).toMatchObject([bad('UNKNOWN_TV'), read]);
    }
    expect(decode(notification(tv(99, '00')))).toMatchObject([bad('UNKNOWN_TV')]);
  });

  test('of several vendors leave Impinj’s phase, RSSI and TID readable', () => {
    const impinj = (subtype: number, value: string) => tlv(1023, u32(25_882), u32(subtype), value);
    const value = epc96 + foreign + impinj(56, u16(1024)) + impinj(68, u16(0)) + impinj(57, u16(0xed27)) + foreign;
    const tid = impinj(55, `${u16(6)}E28011602000111122223333`);
    expect(decode(report(value + tid))).toMatchObject([
      { ...read, phaseDeg: 90, rssi: -48.25, tid: 'E28011602000111122223333' },
    ]);
  });
});

describe('everything that a tag report can hold', () => {
  test('is read in one go, XPC words of 1.1 among it', () => {
    const at = 1_758_880_800_373;
    const stamp = BigInt(at * 1000 + 999)
      .toString(16)
      .padStart(16, '0');
    const value =
      epc96 +
      tv(9, u32(1)) +
      tv(14, u16(1)) +
      tv(10, u16(1)) +
      tv(1, u16(3)) +
      tv(6, 'CE') +
      tv(7, u16(5)) +
      tv(2, stamp) +
      tv(4, stamp) +
      tv(8, u16(12)) +
      tv(12, '3400') +
      tv(19, '0001') +
      tv(20, '0002') +
      tv(11, 'ABCD') +
      tv(18, u32(1)) +
      tv(16, u32(9)) +
      tv(15, u16(0));
    expect(decode(report(value))).toMatchObject([
      { ...read, antenna: 3, rssi: -50, count: 12, pc: '3400', at, frequencyKhz: null, phaseDeg: null, tid: null },
    ]);
  });

  test.each([
    [349, 'readMemory', 'memory', u8(4) + u16(7) + u16(0)],
    [349, 'readMemory', null, `${u8(0)}${u16(7)}${u16(2)}E2801160`],
    [350, 'writeMemory', 'locked', u8(2) + u16(7) + u16(0)],
    [350, 'writeMemory', 'power', u8(3) + u16(7) + u16(1)],
    [351, 'kill', 'badPassword', u8(6) + u16(7)],
    [352, 'lock', 'badPassword', u8(5) + u16(7)],
    [353, 'blockErase', 'noTag', u8(5) + u16(7)],
    [354, 'blockWrite', 'memory', u8(1) + u16(7) + u16(0)],
    [352, 'lock', 'tag', u8(99) + u16(7)],
  ])('has the result of an operation beside the read: %i', (type, command, error, value) => {
    expect(decode(report(epc96 + tlv(type, value)))).toMatchObject([
      read,
      { kind: 'answer', command, ok: error === null, error, fields: { opSpecId: 7 } },
    ]);
  });
});

describe('messages in a row', () => {
  const one = report(epc96);
  const alive = message(62, []);

  test.each([
    ['several tags in one', [report(epc96, epc96, epc96)], 3],
    ['several in one chunk', [one + one + one], 3],
    ['one over several chunks', [one.slice(0, 6), one.slice(6, 30), one.slice(30)], 1],
    ['one byte at a time', (one + one).match(/../g) ?? [], 2],
  ])('are read alike: %s', (_, chunks, count) => {
    expect(decode(...chunks)).toMatchObject(Array.from({ length: count }, () => read));
  });

  test('of LLRP 1.1 and 2.0 are read like those of 1.0.1, and others refused', () => {
    for (const version of [1, 2, 3]) {
      expect(decode(message(61, [tlv(240, epc96)], { version }))).toMatchObject([read]);
      expect(decode(message(62, [], { version }))).toMatchObject([{ name: 'keepalive' }]);
    }
    for (const version of [0, 4, 7, 8, 16, 32]) {
      expect(decode(message(61, [tlv(240, epc96)], { version }), alive)).toMatchObject([
        bad('BAD_VERSION'),
        { name: 'keepalive' },
      ]);
    }
  });

  test.each([0, 1, 9])('that say a length of %i end what can be read of the chunk', (length) => {
    expect(decode(`${one}043E${u32(length)}${u32(1)}${one}`)).toMatchObject([read, bad('BAD_LENGTH')]);
  });

  test('longer than the cap are refused before they are there', () => {
    expect(decode(`043D${u32(16_777_217)}${u32(1)}`)).toMatchObject([bad('TOO_LONG')]);
  });

  test.each([
    ['TRUNCATED', tlv(240, epc96).replace('00F00011', '00F00012')],
    ['BAD_PARAM_LENGTH', `00F00003${epc96}`],
    ['TRUNCATED', '00F0'],
  ])('whose parameters do not fit are refused: %s', (reason, parts) => {
    expect(decode(message(61, [tlv(240, epc96), parts]))).toMatchObject([read, bad(reason)]);
  });

  test('with errors are told with the reader’s words and what the code means here', () => {
    const text = Buffer.from('nicht möglich').toString('hex');
    const status = (code: number, ...inside: string[]) => tlv(287, u16(code), u16(text.length / 2), text, ...inside);
    const error = (code: number) => decode(message(100, [status(code, tlv(288, u16(2), u16(201)))]))[0];
    expect([100, 109, 110, 111, 401].map((code) => error(code)?.['error'])).toEqual([
      'parameter',
      'unsupported',
      'unsupported',
      'unsupported',
      'internal',
    ]);
    expect(error(110)).toMatchObject({
      kind: 'answer',
      command: 'ERROR_MESSAGE',
      ok: false,
      fields: { status: 110, text: 'nicht möglich' },
    });
  });
});

describe('events', () => {
  test.each<[string, string, object, string[]]>([
    ['antenna', tlv(255, u8(0), u16(2)), { kind: 'disconnected', antenna: 2 }, ['ANTENNA_DISCONNECTED']],
    ['antenna', tlv(255, u8(1), u16(2)), { kind: 'connected', antenna: 2 }, []],
    ['gpi', tlv(248, u16(3), u8(0x80)), { port: 3, high: true }, []],
    ['gpi', tlv(248, u16(3), u8(0)), { port: 3, high: false }, []],
    ['bufferWarning', tlv(250, u8(80)), { percent: 80 }, ['READER_BUFFER_FILLING']],
    ['bufferOverflow', tlv(251), {}, ['READER_OVERFLOW']],
    [
      'readerException',
      tlv(252, u16(3), '686F74', tv(9, u32(5)), tv(1, u16(4))),
      { message: 'hot', roSpecId: 5, antenna: 4 },
      ['READER_EXCEPTION'],
    ],
    ['roSpec', tlv(249, u8(1), u32(21_319), u32(0)), { kind: 1, roSpecId: 21_319 }, []],
    ['aiSpec', tlv(254, u8(0), u32(21_319), u16(1)), { roSpecId: 21_319 }, []],
    ['hopping', tlv(247, u16(1), u16(12)), { hopTableId: 1, channel: 12 }, []],
    ['rfSurvey', tlv(253, u8(0), u32(9), u16(1)), { kind: 0, roSpecId: 9 }, []],
    ['specLoop', tlv(356, u32(9), u32(3)), { roSpecId: 9 }, []],
    ['custom', tlv(1023, u32(25_882), u32(80), '0001'), { vendor: 25_882, subtype: 80 }, []],
    ['connectionClose', tlv(257), {}, []],
    ...[0, 1, 2, 3].map((status): [string, string, object, string[]] => [
      'connectionAttempt',
      tlv(256, u16(status)),
      { status },
      [],
    ]),
    ['connectionAttempt', tlv(256, u16(4)), { status: 4 }, ['OTHER_CLIENT']],
  ])('%s is told: %s', (name, hex, detail, warnings) => {
    expect(decode(notification(hex))).toMatchObject([
      { kind: 'event', name, detail, warnings, at: Date.UTC(2025, 8, 26, 0, 0, 1) },
    ]);
  });

  test('that come several in one message are all told, in their order', () => {
    const events = decode(notification(tlv(250, u8(80)), tlv(251), tlv(255, u8(0), u16(1))));
    expect(events.map(({ name }) => name)).toEqual(['bufferWarning', 'bufferOverflow', 'antenna']);
  });

  test('and requests of the reader that are for other programs are shown by their names', () => {
    expect(decode(message(45, [tlv(240, epc96)]))).toMatchObject([
      { kind: 'event', name: 'message', detail: { message: 'CLIENT_REQUEST_OP' } },
    ]);
    expect(decode(message(500, []))).toMatchObject([bad('UNKNOWN_MESSAGE')]);
  });
});
