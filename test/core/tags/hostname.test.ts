import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc } from '../../../src/tags/index.ts';
import { binary, hexOf, keyBits, spellings } from './aidc-reference.ts';

type Sequences = { oneUnit: Record<string, string>; twoUnits: string[] };

const file = new URL('../../golden/hostname-sequences.json', import.meta.url);
const sequences = JSON.parse(readFileSync(file, 'utf8')) as Sequences;

const oneUnit = Object.entries(sequences.oneUnit).map(([unit, text]): [string, number[]] => [text, [Number(unit)]]);
const twoUnits = sequences.twoUnits.flatMap((names, first) =>
  names.split(' ').map((name, second): [string, number[]] => [`.${name}`, [first, second]]),
);

/** A GSRN++ tag with this host name; `units` is what its length says. */
const tagOf = (sevenBit: boolean, length: number, bits: string) =>
  hexOf(`${binary(0xe7, 8)}0000${keyBits}${sevenBit ? 1 : 0}${binary(length, 6)}${bits}`);
const unitBits = (units: number[]) => units.map((unit) => binary(unit, 7)).join('');
const characters = (text: string) => [...text].map((character) => character.charCodeAt(0));
const inUnits = (units: number[]) => tagOf(true, units.length, unitBits(units));
const inCode40 = (text: string) => tagOf(false, text.length, spellings[5]?.(text) ?? '');

function read(hex: string) {
  const result = decodeEpc(hex);
  return result.ok ? [result.epc.fields['hostname'], ...result.epc.marks] : [result.error.code, result.error.position];
}

function written(hostname: string) {
  const result = encodeEpc('(8018)952119800001000073', { scheme: 'gsrn++', hostname });
  return result.ok ? result.epc.hex : [result.error.code, result.error.position];
}

/** The first bit of the host name behind header, toggle, filter and key. */
const start = 84;

describe('the host name of a ++ tag', () => {
  it.each(oneUnit)('has one unit for %s', (text, units) => {
    const [host, all] = text.endsWith('.')
      ? [`${text}shop`, [...units, ...characters('shop')]]
      : [`shop${text}`, [...characters('shop'), ...units]];
    expect(read(inUnits(all))).toEqual([host]);
    expect(written(host)).toBe(inUnits(all));
  });

  it.each(twoUnits)('has two units for %s', (text, units) => {
    const all = [...characters('shop'), ...units];
    expect(read(inUnits(all))).toEqual([`shop${text}`]);
    expect(written(`shop${text}`)).toBe(inUnits(all));
  });

  it('keeps every character that it may have', () => {
    for (const name of ['aBCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz0123456789']) {
      expect(read(inUnits(characters(name)))).toEqual([name]);
      expect(written(name)).toBe(inUnits(characters(name)));
    }
    expect(read(inUnits(characters('a-b.c_d:8')))).toEqual(['a-b.c_d:8']);
    const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:';
    expect(read(inCode40(capitals))).toEqual([capitals]);
    expect(written(capitals)).toBe(inCode40(capitals));
  });

  it('has no unit that stands for nothing', () => {
    const known = new Set([...oneUnit.map(([, [unit]]) => unit), ...characters('-._:')]);
    for (let unit = 4; unit < 128; unit++) {
      const isKnown = known.has(unit) || /[0-9A-Za-z]/.test(String.fromCharCode(unit));
      if (!isKnown) expect([unit, ...read(inUnits([97, unit, 98]))]).toEqual([unit, 'RESERVED_VALUE', start + 14]);
    }
    for (const [first, names] of sequences.twoUnits.entries()) {
      const beyond = names.split(' ').length;
      if (beyond < 128) expect(read(inUnits([97, first, beyond]))).toEqual(['RESERVED_VALUE', start + 14]);
      expect(read(inUnits([97, first]))).toEqual(['RESERVED_VALUE', start + 14]);
    }
    expect(read(inUnits([97, 3, 0]))).toEqual(['a.tech']);
    expect(read(inUnits([97, 3, 1]))).toEqual(['RESERVED_VALUE', start + 14]);
  });

  it('is written the shortest way that keeps its case', () => {
    expect(written('ABC.COM')).toBe(inCode40('ABC.COM'));
    expect(written('Abc.com')).toBe(inUnits([...characters('Abc'), 91]));
    expect(written('id.A.com')).toBe(inUnits([32, 65, 91]));
    expect(written('www.www.de')).toBe(inUnits([31, ...characters('www'), 0, 55]));
    expect(written('com.br')).toBe(inUnits([...characters('com'), 0, 30]));
    expect(written('a.com.br')).toBe(inUnits([97, 2, 6]));
    expect(written('a.com.brx')).toBe(inUnits(characters('a.com.brx')));
    expect(written('A')).toBe(inUnits([65]));
    expect(written('AB')).toBe(inUnits([65, 66]));
    expect(written('ABC')).toBe(inCode40('ABC'));
  });

  it('is marked where it could be shorter', () => {
    expect(read(inUnits(characters('shop.com')))).toEqual(['shop.com', 'NON_SHORTEST']);
    expect(read(inUnits(characters('ABC')))).toEqual(['ABC', 'NON_SHORTEST']);
    expect(read(inCode40('A'))).toEqual(['A', 'NON_SHORTEST']);
    expect(read(inUnits(characters('AB')))).toEqual(['AB']);
  });

  it('has 1 to 63 units or characters', () => {
    expect(read(tagOf(true, 0, '0'.repeat(20)))).toEqual(['TOO_SHORT', start + 1]);
    expect(read(tagOf(false, 0, '0'.repeat(20)))).toEqual(['TOO_SHORT', start + 1]);
    const longest = 'a'.repeat(59);
    expect(written(longest)).toEqual(['TOO_LONG', null]);
    const most = 'x'.repeat(57);
    expect(read(inUnits(characters(most)))).toEqual([most]);
    expect(written(most)).toBe(inUnits(characters(most)));
    expect(written('A'.repeat(63))).toBe(inCode40('A'.repeat(63)));
    expect(written('A'.repeat(64))).toEqual(['TOO_LONG', null]);
    expect(written('')).toEqual(['TOO_SHORT', null]);
    expect(written('shop.例')).toEqual(['BAD_CHARACTER', 5]);
  });

  it('is refused where the tag ends inside it', () => {
    for (const hex of [inUnits(characters('shop')), inCode40('SHOP')]) {
      for (let digits = 22; digits < 30; digits += 2) expect(read(hex.slice(0, digits))[0]).toBe('TOO_SHORT');
    }
  });

  it('comes back whatever it is', () => {
    const name = fc.stringMatching(/^((www|id|qr)\.)?[A-Za-z0-9_:-]{1,12}(\.[a-z]{2,3}){0,2}$/);
    fc.assert(
      fc.property(name, (host) => {
        expect(read(String(written(host)))).toEqual([host]);
      }),
    );
  });
});
