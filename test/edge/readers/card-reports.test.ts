import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFraming } from '../../../src/readers/bytes/framing.ts';
import { loadProfiles } from '../../../src/readers/index.ts';
import { compileWords } from '../../../src/readers/simulators/words.ts';
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

describe('a simulated reader of cards', () => {
  const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
  const made = ['30151F7B200002C000000001', '30151F7B200002C000000002'];

  test.each([
    ['gwiot/7941e', 5],
    ['gwiot/7941w', 7],
    ['feig/obid', 8],
    ['nxp/pn532', 10],
  ])('%s shows the last %i bytes of numbers that are longer than its cards have', (id, size) => {
    const profile = profiles.get(id);
    if (profile.kind !== 'bytes') throw new Error('needs bytes');
    const words = compileWords(profile);
    const [framing] = profile.framing;
    if (framing === undefined) throw new Error('needs frames');
    const { build } = compileFraming(framing, 'fromReader');
    const frames = made.map((epc) => [...build(words.report({ epc, antenna: 1, rssi: -50 }) ?? new Uint8Array())]);
    expect(told(id, ...frames).map(({ uid }) => uid)).toEqual(made.map((epc) => epc.slice(-2 * size)));
  });
});
