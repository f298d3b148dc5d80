import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afiTitle, decodeEpcBank, decodeTid, pcOf, readPc, readXpc } from '../../../src/tags/index.ts';
import { memoryVectors, vectors } from './golden.ts';

type BankVector = {
  id: string;
  hex: string;
  pc: string;
  lengthWords: number;
  umi: number;
  xi: number;
  toggle: number;
  attributeBits?: number;
  afi?: string;
  epcHex: string;
  isEpc: boolean;
  uri?: string;
  pureIdentityUri?: string;
  elementString?: string;
};

type TidVector = {
  id: string;
  hex: string;
  allocationClass: string;
  xtid: number;
  security: number;
  file: number;
  mdid: string;
  tmn: string;
  designer?: string;
  model?: string;
  xtidHeader?: string;
  xtidSegments?: Record<string, number>;
  serialBits?: number;
  serial?: string;
  stidUri?: string;
};

const banks = memoryVectors.filter((vector) => vector['kind'] === 'epc-bank') as BankVector[];
const tids = memoryVectors.filter((vector) => vector['kind'] === 'tid') as TidVector[];

function bankOf(hex: string) {
  const result = decodeEpcBank(hex);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.bank;
}

describe('the EPC bank', () => {
  it.each(banks)('$id reads as the standard says', (vector: BankVector) => {
    const bank = bankOf(vector.hex);
    expect(bank).toMatchObject({ pc: vector.pc, epcHex: vector.epcHex, xpc: null });
    expect(bank.control).toEqual({
      lengthWords: vector.lengthWords,
      userMemory: vector.umi === 1,
      extended: vector.xi === 1,
      iso: vector.toggle === 1,
      afi: vector.afi ?? null,
      attributes: vector.attributeBits ?? null,
    });
    expect(bank.kind === 'epc').toBe(vector.isEpc);
    if (vector.uri !== undefined) expect(bank.uri).toBe(vector.uri);
    if (vector.pureIdentityUri !== undefined) expect(bank.epc?.epcUri).toBe(vector.pureIdentityUri);
    if (vector.elementString !== undefined) expect(bank.epc?.elementString).toBe(vector.elementString);
  });

  it.each(vectors.negative.filter((vector) => vector.kind === 'epc-bank-decode'))('$id: $why', (vector) => {
    const result = decodeEpcBank(vector.input);
    if (vector.expected === 'error') expect(result).toMatchObject({ ok: false, error: { code: 'BAD_PC' } });
    else expect(result).toMatchObject({ ok: true, bank: { kind: vector.expected } });
    if (vector.rawUri !== undefined) expect(result.ok && result.bank.epc?.epcUri).toBe(vector.rawUri);
  });

  it('trusts the length in the PC, not the bytes that came', () => {
    expect(bankOf('30003066C4409047E14000001A85FFFF').epcHex).toBe('3066C4409047E14000001A85');
    expect(bankOf('28003066C4409047E14000001A85')).toMatchObject({ kind: 'raw', problem: { code: 'TOO_SHORT' } });
  });

  it('steps over XPC words, whether or not the length counts them', () => {
    const epc = '3066C4409047E14000001A85';
    for (const [hex, second] of [
      [`32000081${epc}`, false],
      [`3A000081${epc}`, false],
      [`320080810000${epc}`, true],
      [`420080810000${epc}`, true],
    ] as const) {
      const bank = bankOf(hex);
      expect([hex, bank.epcHex, bank.xpc?.second, bank.xpc?.hazardous, bank.xpc?.batteryAssisted]).toEqual([
        hex,
        epc,
        second,
        true,
        true,
      ]);
    }
  });

  it.each([
    ['', 'BAD_PC'],
    ['30', 'BAD_PC'],
    ['30zz', 'SYNTAX'],
    ['3200', 'BAD_PC'],
    ['0A00FFFF', 'BAD_PC'],
  ])('%s is refused as %s', (hex, code) => {
    expect(decodeEpcBank(hex)).toMatchObject({ ok: false, error: { code } });
  });

  it('never throws, and a PC word survives reading and writing', () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9A-F]{0,80}$/), (hex) => void decodeEpcBank(hex)));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 31 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 255 }),
        (words, userMemory, low) => {
          const hex = '0'.repeat(words * 4);
          const afi = low.toString(16).toUpperCase().padStart(2, '0');
          expect(readPc(Number.parseInt(pcOf(hex, { userMemory, attributes: low }), 16))).toMatchObject({
            lengthWords: words,
            userMemory,
            attributes: low,
            iso: false,
          });
          expect(readPc(Number.parseInt(pcOf(hex, { userMemory, afi }), 16))).toMatchObject({
            lengthWords: words,
            afi,
            iso: true,
          });
        },
      ),
    );
    expect([pcOf('3'.repeat(24)), pcOf('3'.repeat(52)), pcOf('3'.repeat(24), { userMemory: true })]).toEqual([
      '3000',
      '6800',
      '3400',
    ]);
  });

  it('names what an AFI and the XPC bits mean', () => {
    expect([afiTitle('a9'), afiTitle('00')]).toEqual(['freight container (ISO 17363)', null]);
    expect(readXpc(0x0f7e)).toEqual({
      hex: '0F7E',
      second: false,
      sensor: 15,
      batteryAssisted: false,
      computed: true,
      selected: true,
      notified: true,
      untraceable: true,
      killable: true,
      notRemovable: true,
      hazardous: false,
    });
  });
});

describe('the TID', () => {
  it.each(tids)('$id reads as the standard says', (vector: TidVector) => {
    const result = decodeTid(vector.hex);
    if (!result.ok) throw new Error(result.error.message);
    const { tid } = result;
    expect(tid).toMatchObject({
      allocationClass: vector.allocationClass,
      xtid: vector.xtid === 1,
      security: vector.security === 1,
      file: vector.file === 1,
      mdid: vector.mdid,
      tmn: vector.tmn,
      serial: vector.serial ?? null,
      stidUri: vector.stidUri ?? null,
    });
    if (vector.designer !== undefined) expect(tid.designer).toBe(vector.designer);
    if (vector.model !== undefined) expect(`${tid.chip?.name} (TMN ${tid.tmn})`).toBe(vector.model);
    const segments = vector.xtidSegments;
    if (segments !== undefined) {
      expect(tid.extended).toEqual({
        header: vector.xtidHeader,
        serialBits: vector.serialBits,
        optionalCommands: segments['optionalCommandSupport'] === 1,
        blockWriteErase: segments['blockWriteErase'] === 1,
        userMemoryBlockPermalock: segments['userMemoryBlockPermalock'] === 1,
        lockBits: segments['lockBits'] === 1,
        extendedHeader: segments['extendedHeader'] === 1,
      });
    }
  });

  it('has no serial where the read stopped before its end', () => {
    expect(decodeTid('E2801160200060D3A1B2')).toMatchObject({ ok: true, tid: { serial: null, stidUri: null } });
    expect(decodeTid('E2801160')).toMatchObject({ ok: true, tid: { extended: null, serial: null } });
  });

  it('of another class comes back as it is', () => {
    expect(decodeTid('e0040150ab')).toMatchObject({
      ok: true,
      tid: { hex: 'E0040150AB', allocationClass: 'E0', mdid: null },
    });
  });

  it.each([
    ['', 'SYNTAX'],
    ['E', 'TOO_SHORT'],
    ['E28011', 'TOO_SHORT'],
    ['E28011G0', 'SYNTAX'],
  ])('%s is refused as %s', (hex, code) => {
    expect(decodeTid(hex)).toMatchObject({ ok: false, error: { code } });
  });
});
