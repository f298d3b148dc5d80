import { describe, expect, test } from 'vitest';
import { addAccessSpec, type Operation } from '../../../../src/readers/llrp/op-specs.ts';
import { EPC96, tlv, u8, u16, u32 } from '../../../core/protocols/llrp/by-hand.ts';

const target = { tag: { epc: EPC96 }, antenna: null, password: null };
const targetTag = (bank: number, pointer: number, bits: number, mask: string, data: string) =>
  tlv(339, u8((bank << 6) | 0x20), u16(pointer), u16(bits), mask, u16(bits), data);
const theEpc = targetTag(1, 32, 96, 'F'.repeat(24), EPC96);
/** 6 words: 00110 in the five bits before the EPC. */
const itsLength = targetTag(1, 16, 5, 'F8', '30');

/** An AccessSpec by hand, around its command. */
const accessSpec = (times: number, antenna: number, ...command: string[]) =>
  tlv(
    207,
    u32(21_319) + u16(antenna) + u8(1) + u8(0) + u32(21_319),
    tlv(208, u8(1), u16(times)) + tlv(209, ...command) + tlv(239, u8(0)),
  );

function written(given: Parameters<typeof addAccessSpec>[0], operations: readonly Operation[], times: number): string {
  const ops = operations.map((operation, i) => ({ opSpecId: i + 1, operation }));
  return Buffer.concat(addAccessSpec(given, ops, times).inside)
    .toString('hex')
    .toUpperCase();
}

describe('ADD_ACCESSSPEC is, bit by bit, what the standard has', () => {
  test('for two reads of a tag that its EPC and its length name', () => {
    const tagSpec = tlv(338, theEpc, itsLength);
    const user = tlv(341, u16(1), u32(0), u8(0xc0), u16(3), u16(2));
    const tid = tlv(341, u16(2), u32(0), u8(0x80), u16(0), u16(6));
    const reads: Operation[] = [
      { kind: 'read', bank: 'user', word: 3, words: 2 },
      { kind: 'read', bank: 'tid', word: 0, words: 6 },
    ];
    expect(written(target, reads, 2)).toBe(accessSpec(2, 0, tagSpec, user, tid));
  });

  test('for a write with a password, on one antenna, of a tag that its TID names', () => {
    const tid = 'E28011602000875404E9FB16';
    const tagSpec = tlv(338, targetTag(2, 0, 96, 'F'.repeat(24), tid));
    const write = tlv(342, u16(1), u32(0xdeadbeef), u8(0x40), u16(1), u16(3), '300011112222');
    expect(
      written(
        { tag: { tid }, antenna: 3, password: 'DEADBEEF' },
        [{ kind: 'write', bank: 'epc', word: 1, data: '300011112222' }],
        1,
      ),
    ).toBe(accessSpec(1, 3, tagSpec, write));
  });

  test.each([
    [0b00, 3],
    [0b01, 2],
    [0b10, 0],
    [0b11, 1],
  ])('for a lock with the action bits %i', (bits, privilege) => {
    // Kill password and user memory are named; the three parts between them are not.
    const lock = { mask: 0b11_00_00_00_11, action: (bits << 8) | bits };
    const payloads = [0, 4].map((field) => tlv(345, u8(privilege), u8(field))).join('');
    const tagSpec = tlv(338, theEpc, itsLength);
    expect(written({ ...target, password: '00000001' }, [{ kind: 'lock', lock }], 1)).toBe(
      accessSpec(1, 0, tagSpec, tlv(344, u16(1), u32(1), payloads)),
    );
  });

  test('for a kill, whose password is its own', () => {
    const kill = tlv(343, u16(1), u32(0x0badcafe));
    expect(written(target, [{ kind: 'kill', killPassword: '0BADCAFE' }], 1)).toBe(
      accessSpec(1, 0, tlv(338, theEpc, itsLength), kill),
    );
  });
});
