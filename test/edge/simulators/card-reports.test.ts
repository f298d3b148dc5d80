import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { compileFraming } from '../../../src/protocols/bytes/framing.ts';
import { compileSayings } from '../../../src/simulators/sayings.ts';
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

describe('a PN532 auto poll answer', () => {
  const id = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
  const entry = (type: number, data: Bytes): Bytes => [type, data.length, ...data];
  const typeA = fc
    .tuple(fc.constantFrom(0x00, 0x10, 0x20), fc.constantFrom(4, 7, 10).chain(id), fc.uint8Array({ maxLength: 6 }))
    .filter(([, uid]) => uid.length !== 4 || uid[0] !== 0x08)
    .map(([type, uid, ats]) => ({ uid, data: entry(type, [1, 0, 0x44, 0x20, uid.length, ...uid, ...ats]) }));
  const felica = fc.tuple(fc.constantFrom(0x01, 0x02, 0x11, 0x12), id(8), fc.boolean()).map(([type, uid, withCode]) => {
    const rest = [...Array<number>(8).fill(0xff), ...(withCode ? [0x88, 0xb4] : [])];
    return { uid, data: entry(type, [1, withCode ? 20 : 18, 1, ...uid, ...rest]) };
  });
  const typeB = fc
    .tuple(fc.constantFrom(0x03, 0x23), id(4))
    .filter(([, uid]) => uid[0] !== 0x08)
    .map(([type, uid]) => ({ uid, data: entry(type, [1, 0x50, ...uid, 0, 0, 0, 0, 0, 0x81, 0x71, 1, 0]) }));
  const jewel = id(4)
    .filter((uid) => uid[0] !== 0x08)
    .map((uid) => ({ uid, data: entry(0x04, [1, 0, 0x0c, ...uid]) }));

  test('gives the id of every card of every kind, in normal and in extended frames', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(typeA, felica, typeB, jewel), { maxLength: 2 }), fc.boolean(), (cards, long) => {
        const body = [0xd5, 0x61, cards.length, ...cards.flatMap(({ data }) => data)];
        const out = told('nxp/pn532', long ? pn532Extended(body) : pn532(body));
        expect(out.filter(({ kind }) => kind !== 'event')).toEqual(cards.map(({ uid }) => read({ uid: hexOf(uid) })));
      }),
    );
  });

  test('that claims more bytes than it has is short, one that has more is long', () => {
    const reason = (body: Bytes) => told('nxp/pn532', pn532([0xd5, 0x61, ...body])).map((one) => one['reason']);
    expect(reason([1, 0x10, 40, 1, 0, 0x44, 0, 4, 1, 2, 3, 4])).toEqual(['SHORT_REPORT']);
    expect(reason([1, 0x10, 5, 1, 0, 0x44, 0, 4, 1, 2, 3, 4])).toEqual(['SHORT_REPORT']);
    expect(reason([1, ...entry(0x10, [1, 0, 0x44, 0, 4, 1, 2, 3, 4]), 9])).toEqual(['LONG_REPORT']);
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
    const words = compileSayings(profile);
    const [framing] = profile.framing;
    if (framing === undefined) throw new Error('needs frames');
    const { build } = compileFraming(framing, 'fromReader');
    const frames = made.map((epc) => [...build(words.report({ epc, antenna: 1, rssi: -50 }) ?? new Uint8Array())]);
    expect(told(id, ...frames).map(({ uid }) => uid)).toEqual(made.map((epc) => epc.slice(-2 * size)));
  });
});
