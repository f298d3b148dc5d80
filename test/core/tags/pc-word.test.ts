import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTagCodec, decodeEpc, encodeEpc, parseTag, pcOf, standardTags } from '../../../src/tags/index.ts';
import { splitPc } from '../../../src/tags/memory/pc-word.ts';
import { tagsOf } from './row-arbitraries.ts';
import { hexOf, rows, runs } from './row-tags.ts';

const sgtin = '3074257BF7194E4000001A85';
const id = 'https://id.gs1.org/01/80614141123458/21/6789';
const idOf = (epc: string, pc: string | null = null) => standardTags.readIdentityOf({ idType: 'epc', epc, pc });

describe('a PC word in front of an EPC', () => {
  it('does not hide that two tags are two, and that one is one', () => {
    const [one, other] = ['3000E2009A9040060AF000000372', '3000E2009A9040060AF000003060'].map((epc) => idOf(epc));
    expect(one).toBe('urn:epc:raw:96.xE2009A9040060AF000000372');
    expect(other).toBe('urn:epc:raw:96.xE2009A9040060AF000003060');
    for (const epc of [sgtin, `3000${sgtin}`, `3400${sgtin}`, `3001${sgtin}`, `3000${sgtin.toLowerCase()}`])
      expect(idOf(epc)).toBe(id);
    expect(idOf(`3000${sgtin.slice(0, 20)}0000`)).toBe(idOf(`${sgtin.slice(0, 20)}0000`));
  });

  it.each(rows)('is never seen in a tag of %s in its usual length', (_, scheme) => {
    fc.assert(
      fc.property(tagsOf(scheme), (made) => {
        const hex = hexOf(scheme, made);
        expect(splitPc(hex)).toBeNull();
        expect(standardTags.withoutPc({ idType: 'epc', epc: hex, pc: null })).toEqual({
          idType: 'epc',
          epc: hex,
          pc: null,
        });
      }),
      { numRuns: runs.numRuns * 5 },
    );
  });

  it.each(rows)('is cut off in front of a tag of %s', (_, scheme) => {
    fc.assert(
      fc.property(tagsOf(scheme), fc.boolean(), (made, userMemory) => {
        const epc = hexOf(scheme, made);
        // A length of 31 words is the most that there is.
        if (epc.length > 120) return;
        const pc = pcOf(epc, { userMemory });
        const split = splitPc(pc + epc);
        if (decodeEpc(pc + epc).ok && split === null) {
          // Both readings are sound: what decodes as a whole, to its last bit, is an EPC.
          expect(decodeEpc(pc + epc)).toMatchObject({ epc: { marks: expect.not.arrayContaining(['TRAILING_BITS']) } });
          return;
        }
        expect(split).toEqual({ pc, epc, afi: null, isEpc: true });
        expect(idOf(pc + epc)).toBe(idOf(epc));
      }),
      { numRuns: runs.numRuns * 5 },
    );
  });

  it('says that an ISO UII follows by the toggle bit, and then its AFI counts', () => {
    expect(idOf('31A100000000000000000000000B')).toBe('urn:epc:raw:96.xA1.x00000000000000000000000B');
    expect(idOf('35A900000000000000000000000B')).toBe(idOf('00000000000000000000000B', '35A9'));
    const uii = '31A1FFFFFFFFFFFFFFFFFFFFFFFF';
    expect(parseTag(uii)).toMatchObject({ ok: true, epc: { fields: { afi: 'A1' } }, warnings: [{ code: 'PC_WORD' }] });
    // An AFI that is not assigned is none: this is a GID-96 that was read with a word too many.
    expect(splitPc('351234567890123456789012ABCD')).toBeNull();
  });

  it('may be followed by XPC words, which are no part of the EPC', () => {
    expect(splitPc(`3A000001${sgtin}`)).toEqual({ pc: '3A00', epc: sgtin, afi: null, isEpc: true });
    expect(splitPc(`420080010000${sgtin}`)).toEqual({ pc: '4200', epc: sgtin, afi: null, isEpc: true });
    expect(splitPc('3A000001000000000000000000000001')).toBeNull();
  });

  it.each([
    ['96 bits of a store’s own numbering', '280000000000000000000001'],
    ['128 bits of a store’s own numbering', '38000000000000000000000000000001'],
    ['an SGTIN-96 that was read with a word too many', `${sgtin}ABCD`],
    ['an SGTIN-96 that was read with a word of zeros', `${sgtin}0000`],
    ['a length that does not fit', `2800${sgtin}`],
    ['half a word', `3000${sgtin}00`],
    ['no hex', `30zz${sgtin}`],
    ['nothing behind it', '0800'],
    ['nothing at all', ''],
  ])('is none in %s', (_, hex) => {
    expect(splitPc(hex)).toBeNull();
  });

  it('is taken off for people too, with a warning', () => {
    expect(parseTag(`3000${sgtin}`)).toMatchObject({
      ok: true,
      epc: { id, hex: sgtin },
      warnings: [{ code: 'PC_WORD' }],
    });
    expect(parseTag(sgtin)).toMatchObject({ ok: true, warnings: [] });
    // What could be an EPC with a word too many is shown as that, with the other reading beside it.
    expect(parseTag('3000E2009A9040060AF000000372')).toMatchObject({
      ok: true,
      epc: { scheme: 'sgtin-96', marks: ['TRAILING_BITS'] },
      warnings: [{ code: 'PC_WORD', expected: 'E2009A9040060AF000000372' }],
    });
    expect(encodeEpc(`3000${sgtin}`)).toMatchObject({ ok: true, epc: { hex: sgtin } });
    expect(standardTags.identityOf(`3000${sgtin}`)).toMatchObject({ epc: { id, hex: sgtin }, problem: null });
    expect(standardTags.identityNamed(`3000${sgtin}`)).toBe(id);
  });

  it('that the reader reports apart is left alone, and so are cards, TIDs and a store’s own tags', () => {
    for (const read of [
      { idType: 'epc', epc: `3000${sgtin}`, pc: '3800' },
      { idType: 'uid', epc: `3000${sgtin}`, pc: null },
      { idType: 'tid', epc: `3000${sgtin}`, pc: null },
    ] as const) {
      expect(standardTags.withoutPc(read)).toBe(read);
    }
    const own = createTagCodec({
      schemes: [
        {
          name: 'house',
          shadowsGs1: true,
          fields: [
            { name: 'mark', bits: 16, as: 'hex', equals: '3000' },
            { name: 'a', bits: 48, as: 'number' },
            { name: 'b', bits: 48, as: 'number' },
          ],
        },
      ],
    });
    const tag = { idType: 'epc', epc: '3000E2009A9040060AF000000372', pc: null } as const;
    expect(own.withoutPc(tag)).toBe(tag);
    expect(own.readIdentityOf(tag)).toMatch(/^urn:silentgate:tag:house:/);
    // Behind a PC word a store's own tag is known as well.
    const longer = { ...tag, epc: `3800${tag.epc}` };
    expect(own.readIdentityOf(longer)).toBe('urn:epc:raw:128.x38003000E2009A9040060AF000000372');
  });

  it('never makes one item of two tags that differ behind it', () => {
    const content = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(
      fc.property(fc.constantFrom('3000', '3400', '31A1'), content, content, (pc, one, other) => {
        const same = standardTags.identityOf(one).epc.id === standardTags.identityOf(other).epc.id;
        if (!same) expect(idOf(pc + one)).not.toBe(idOf(pc + other));
      }),
      { numRuns: 2000 },
    );
  });
});
