import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc, pureIdentityOf, readUserMemory } from '../../../src/tags/index.ts';
import { vectors } from './golden.ts';

describe('what the standard leaves open is decided in docs/decisions/epc-judgement-cases.md', () => {
  it('has a decision for each shared case', () => {
    expect(vectors.judgement).toHaveLength(4);
  });

  it('bits behind the scheme’s own are ignored and marked', () => {
    const surplus = decodeEpc('3000E2009A9040060AF000000372');
    expect(surplus).toMatchObject({
      ok: true,
      epc: {
        epcUri: 'urn:epc:id:sgtin:242668184592.0.25953304576',
        hex: '3000E2009A9040060AF00000',
        marks: ['TRAILING_BITS'],
      },
    });
  });

  it.each([
    ['3C0376A339EAFFFF80000001', 'FIELD_OVERFLOW', 54, 'at most 3 digits'],
    ['F7119520198765431624B500', 'CHECK_DIGIT', 12, '0'],
    ['F1199520198123455624B500', 'LEADING_ZERO', 12, '0'],
  ])('%s is refused as %s', (hex, code, position, expected) => {
    expect(decodeEpc(hex)).toMatchObject({ ok: false, error: { code, position, expected } });
  });
});

/** The package is CommonJS with types that do not say so. */
const epcTds: {
  fromTagURI(uri: string): { toHexString(): string };
  valueOf(hex: string): { toIdURI(): string };
} = createRequire(import.meta.url)('epc-tds');

const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });

/** The schemes and partitions in which epc-tds is right: partition 0 and escaped characters are where it is not. */
const peerCases: [string, number, number, bigint | null][] = [
  ['sgtin-96', 13, 1, 2n ** 38n],
  ['sscc-96', 17, 1, null],
  ['sgln-96', 12, 1, 2n ** 41n],
  ['grai-96', 12, 1, 2n ** 38n],
  ['gdti-96', 12, 1, 2n ** 41n],
];

describe('epc-tds as an independent oracle', () => {
  it.each(peerCases)('agrees on %s', (scheme, total, filter, serials) => {
    const made = fc.tuple(
      fc.integer({ min: 6, max: 11 }),
      digits(total),
      serials === null ? fc.constant(null) : fc.bigInt(1n, serials - 1n),
    );
    fc.assert(
      fc.property(made, ([length, text, serial]) => {
        const body = `${text.slice(0, length)}.${text.slice(length)}${serial === null ? '' : `.${serial}`}`;
        const uri = `urn:epc:tag:${scheme}:${filter}.${body}`;
        const ours = encodeEpc(uri);
        if (!ours.ok) throw new Error(`${uri}: ${ours.error.message}`);
        const hex = ours.epc.hex ?? '';
        expect(epcTds.fromTagURI(uri).toHexString().toUpperCase()).toBe(hex);
        expect(epcTds.valueOf(hex).toIdURI()).toBe(pureIdentityOf(hex));
      }),
      { numRuns: 50 },
    );
  });
});

describe('user memory', () => {
  it('is classified by its first byte', () => {
    expect(readUserMemory('89a1b2')).toEqual({
      ok: true,
      memory: { dsfid: '89', accessMethod: 'packed-objects', extended: false, dataFormat: 9, content: 'A1B2' },
    });
    expect(readUserMemory('31')).toMatchObject({
      ok: true,
      memory: { accessMethod: 'no-directory', extended: true, dataFormat: 17, content: '' },
    });
    expect(readUserMemory('49')).toMatchObject({ ok: true, memory: { accessMethod: 'directory' } });
    expect(readUserMemory('C9')).toMatchObject({ ok: true, memory: { accessMethod: 'reserved' } });
  });

  it.each([
    ['', 'EMPTY'],
    ['0012', 'EMPTY'],
    ['8', 'SYNTAX'],
    ['8G', 'SYNTAX'],
  ])('%s is refused as %s', (hex, code) => {
    expect(readUserMemory(hex)).toMatchObject({ ok: false, error: { code } });
  });
});
