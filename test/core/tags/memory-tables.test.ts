import { describe, expect, it } from 'vitest';
import { afiTitle, chips, decodeEpcBank, decodeTid, readUserMemory } from '../../../src/tags/index.ts';

function tidOf(hex: string) {
  const result = decodeTid(hex);
  if (!result.ok) throw new Error(result.error.message);
  return result.tid;
}

const hex3 = (value: number) => value.toString(16).toUpperCase().padStart(3, '0');

describe('chips', () => {
  it.each(chips.map((chip): [string, (typeof chips)[number]] => [chip.name, chip]))(
    '%s is found by its TID',
    (_, chip) => {
      const tid = tidOf(`E2${hex3(Number.parseInt(chip.designer, 16))}${chip.model}`);
      expect(tid).toMatchObject({ mdid: chip.designer, tmn: chip.model, chip });
      expect(tid.designer).toMatch(/^[A-Z]/);
      expect(chip.designer).toMatch(/^[0-9A-F]{3}$/);
      expect(chip.model).toMatch(/^[0-9A-F]{3}$/);
      expect(chip.name).toMatch(/^[A-Z]/);
    },
  );

  it('have a name and a number of their own', () => {
    expect(new Set(chips.map(({ name }) => name)).size).toBe(chips.length);
    expect(new Set(chips.map(({ designer, model }) => designer + model)).size).toBe(chips.length);
    expect(tidOf('E2001FFF').chip).toBeNull();
    expect(tidOf('E2002105').chip).toBeNull();
  });

  it('come from designers with a name each, 1 to 30 and a few more', () => {
    const names = Array.from({ length: 0x1ff }, (_, at) => tidOf(`E2${hex3(at + 1)}105`).designer);
    const known = names.filter((name) => name !== null);
    expect(names.slice(0, 30)).not.toContain(null);
    expect(known).toHaveLength(31);
    expect(names[0x024 - 1]).toBe(known.at(-1));
    expect(known.every((name) => /^[A-Z]/.test(name))).toBe(true);
    expect(new Set(known).size).toBe(known.length);
    expect([names[0], names[2], names[5], names[10]]).toEqual([
      'Impinj',
      'Alien Technology',
      'NXP',
      'EM Microelectronic',
    ]);
  });
});

describe('what an AFI stands for', () => {
  const hazardous = ['A4', 'A6', 'A7', 'A8', 'AA'];
  const others = ['A1', 'A2', 'A3', 'A5', 'A9'];

  it('is the standard it belongs to, and whether the content is hazardous', () => {
    const standards = { '17363': 'A9 AA', '17364': 'A3 A8', '17365': 'A2 A7', '17366': 'A5 A6', '17367': 'A1 A4' };
    for (const [standard, afis] of Object.entries(standards)) {
      for (const afi of afis.split(' ')) expect(afiTitle(afi)).toContain(`ISO ${standard}`);
    }
    for (const afi of hazardous) expect(afiTitle(afi)).toContain('hazardous');
    for (const afi of others) expect(afiTitle(afi)).not.toContain('hazardous');
    expect(afiTitle('90')).toContain('vehicle');
    expect(['00', 'A0', 'AB', '9'].map(afiTitle)).toEqual([null, null, null, null]);
  });
});

describe('the flags of a TID', () => {
  it.each([
    ['E2801160', true, false, false],
    ['E2401160', false, true, false],
    ['E2201160', false, false, true],
    ['E2E01160', true, true, true],
    ['E2101160', false, false, false],
  ])('%s: XTID %s, security %s, file %s', (hex, xtid, security, file) => {
    expect(tidOf(hex)).toMatchObject({
      hex,
      allocationClass: 'E2',
      xtid,
      security,
      file,
      extended: null,
      serial: null,
    });
  });

  it('do not belong to the designer, whose number has nine bits', () => {
    expect(tidOf('E2FFF160')).toMatchObject({ mdid: '1FF', tmn: '160' });
    expect(tidOf('E2101160')).toMatchObject({ mdid: '101', designer: null });
  });

  it('outside class E2 are not there at all', () => {
    expect(tidOf('e0ff')).toEqual({
      hex: 'E0FF',
      allocationClass: 'E0',
      xtid: false,
      security: false,
      file: false,
      mdid: null,
      tmn: null,
      designer: null,
      chip: null,
      extended: null,
      serial: null,
      stidUri: null,
    });
    expect(tidOf('E3')).toMatchObject({ allocationClass: 'E3' });
  });
});

describe('the XTID header', () => {
  const segments = ['optionalCommands', 'blockWriteErase', 'userMemoryBlockPermalock', 'lockBits', 'extendedHeader'];
  const bits = [12, 11, 10, 9, 0];

  it.each(bits.map((bit, at): [number, string] => [bit, segments[at] ?? '']))(
    'announces by bit %i alone: %s',
    (bit, name) => {
      const header = (1 << bit).toString(16).toUpperCase().padStart(4, '0');
      const { extended, serial, stidUri } = tidOf(`E2801160${header}`);
      const expected = Object.fromEntries(segments.map((segment) => [segment, segment === name]));
      expect(extended).toEqual({ header, serialBits: 0, ...expected });
      expect([serial, stidUri]).toEqual([null, null]);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7])('with serial code %i announces 48 bits and 16 more for each beyond 1', (code) => {
    const serialBits = 48 + 16 * (code - 1);
    const serial = 'A5'.repeat(serialBits / 8);
    const header = (code << 13).toString(16).toUpperCase();
    expect(tidOf(`E2C01160${header}${serial}FF`)).toMatchObject({
      extended: { header, serialBits },
      serial,
      stidUri: `urn:epc:stid:xC01.x160.x${serial}`,
    });
    expect(tidOf(`E2C01160${header}${serial.slice(0, -1)}`)).toMatchObject({ serial: null, stidUri: null });
  });

  it('is not there where 48 bits were not read, or X is 0', () => {
    expect(tidOf('E280116020').extended).toBeNull();
    expect(tidOf('E28011602000').extended).toMatchObject({ header: '2000', serialBits: 48 });
    expect(tidOf(`E20011602000${'1'.repeat(12)}`)).toMatchObject({ extended: null, serial: null, stidUri: null });
  });
});

describe('where memory cannot be read', () => {
  it.each([
    ['', 'SYNTAX', 0],
    ['E28011G0', 'SYNTAX', 0],
    ['G', 'SYNTAX', 0],
    ['E', 'TOO_SHORT', 4],
    ['E2', 'TOO_SHORT', 8],
    ['E280116', 'TOO_SHORT', 28],
  ])('TID %j: %s at %i', (hex, code, position) => {
    expect(decodeTid(hex)).toMatchObject({ ok: false, error: { code, position } });
  });

  it.each([
    ['', 'BAD_PC', 0],
    ['300', 'BAD_PC', 0],
    ['3000G', 'SYNTAX', 0],
    ['G3000', 'SYNTAX', 0],
    ['0800', 'BAD_PC', 16],
    ['080000F', 'BAD_PC', 28],
    ['32000000', 'BAD_PC', 32],
  ])('EPC bank %j: %s at %i', (hex, code, position) => {
    expect(decodeEpcBank(hex)).toMatchObject({ ok: false, error: { code, position } });
  });

  it.each([
    ['', 'EMPTY', 0],
    ['00', 'EMPTY', 0],
    ['8', 'SYNTAX', 0],
    ['89G0', 'SYNTAX', 0],
    ['G089', 'SYNTAX', 0],
  ])('user memory %j: %s at %i', (hex, code, position) => {
    expect(readUserMemory(hex)).toMatchObject({ ok: false, error: { code, position } });
  });
});

describe('the data storage format', () => {
  it.each([
    ['01', 'no-directory', false, 1],
    ['1F', 'no-directory', false, 31],
    ['20', 'no-directory', true, 0],
    ['40', 'directory', false, 0],
    ['9F', 'packed-objects', false, 31],
    ['A9', 'packed-objects', true, 9],
    ['FF', 'reserved', true, 31],
  ])('%s is %s', (dsfid, accessMethod, extended, dataFormat) => {
    expect(readUserMemory(`${dsfid}0a`)).toEqual({
      ok: true,
      memory: { dsfid, accessMethod, extended, dataFormat, content: '0A' },
    });
  });
});
