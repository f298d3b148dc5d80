import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import { type Bytes, bytesOf, em4100, hexOf, pn532, pn532Extended } from '../../fakes/wire.ts';

/** Answers of card readers, of every variant that the protocol reference describes, made by hand and not by the code under test. */
describe('a PN532 list answer', () => {
  const target = (uid: string, sak = 0x08, ats: Bytes = []) => [1, 0, 4, sak, uid.length / 2, ...bytesOf(uid), ...ats];
  const list = (...targets: Bytes[]) => [0xd5, 0x4b, targets.length, ...targets.flat()];

  test('gives UIDs of 4, 7 and 10 bytes, in normal and in extended frames', () => {
    const uids = fc.constantFrom(4, 7, 10).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(uids, (bytes) => {
        const uid = hexOf(bytes);
        fc.pre(!(uid.length === 8 && uid.startsWith('08')));
        expect(told('nxp/pn532', pn532(list(target(uid))))).toEqual([read({ uid })]);
        expect(told('nxp/pn532', pn532Extended(list(target(uid))))).toEqual([read({ uid })]);
      }),
    );
  });

  test('of a DESFire card is followed by its ATS, also before a second card', () => {
    const first = target('04A1B2C3D4E580', 0x20, bytesOf('067577810280'));
    const second = target('9EB36E66');
    expect(told('nxp/pn532', pn532(list(first, second))).map(({ uid }) => uid)).toEqual(['04A1B2C3D4E580', '9EB36E66']);
  });

  test('identifies nobody by a random UID, nor by a UID of a length that no card has', () => {
    const reason = (uid: string) => told('nxp/pn532', pn532(list(target(uid)))).map((one) => one['reason']);
    expect(reason('08123456')).toEqual(['RANDOM_UID']);
    expect(reason('1234')).toEqual(['UID_LENGTH']);
    expect(reason('')).toEqual(['NO_ID']);
  });
});

test('EM4100 digits are read by either profile, with and without CR LF', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 5, maxLength: 5 }).map(hexOf),
      fc.constantFrom([], [13, 10]),
      (uid, tail) => {
        for (const id of ['seeed/rdm6300', 'innovations/id12']) {
          expect(told(id, em4100(uid, tail), em4100(uid, tail))).toEqual([read({ uid }), read({ uid })]);
        }
      },
    ),
  );
});
