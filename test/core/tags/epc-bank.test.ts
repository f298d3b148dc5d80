import { describe, expect, it } from 'vitest';
import { decodeEpcBank, pcOf, readPc, readXpc } from '../../../src/tags/index.ts';

const epc = '3066C4409047E14000001A85';

function bankOf(hex: string) {
  const result = decodeEpcBank(hex);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.bank;
}

const tag = bankOf(`3000${epc}`).epc?.tagUri?.replace(/^urn:epc:tag:/, '');

describe('control fields of the EPC bank', () => {
  it.each([
    ['3000', ''],
    ['3400', '[umi=1]:'],
    ['3001', '[att=x01]:'],
    ['300A', '[att=x0A]:'],
    ['30FF', '[att=xFF]:'],
    ['3480', '[att=x80][umi=1]:'],
  ])('%s stand before the tag URI, and before a raw one', (pc, control) => {
    expect(bankOf(pc + epc).uri).toBe(`urn:epc:tag:${control}${tag}`);
    const raw = `44${epc.slice(2)}`;
    expect(bankOf(pc + raw)).toMatchObject({ kind: 'raw', uri: `urn:epc:raw:${control}96.x${raw}` });
  });

  it('have nothing to stand before where a tag has no tag URI', () => {
    expect(bankOf('3001F70095201987654330254000')).toMatchObject({ kind: 'epc', uri: null, problem: null });
  });

  it('are an AFI where the toggle bit is set, whatever follows', () => {
    expect(bankOf(`31A1${epc}`.toLowerCase())).toEqual({
      pc: '31A1',
      control: { lengthWords: 6, userMemory: false, extended: false, iso: true, afi: 'A1', attributes: null },
      xpc: null,
      epcHex: epc,
      kind: 'iso',
      epc: expect.objectContaining({ scheme: 'raw', fields: { afi: 'A1' } }),
      uri: `urn:epc:raw:96.xA1.x${epc}`,
      problem: null,
    });
    expect(bankOf(`3100${epc}`).control.afi).toBe('00');
  });

  it('stand alone where the length is 0', () => {
    for (const hex of ['0000', '0000FFFF']) {
      expect(bankOf(hex)).toEqual({
        pc: '0000',
        control: { lengthWords: 0, userMemory: false, extended: false, iso: false, afi: null, attributes: 0 },
        xpc: null,
        epcHex: '',
        kind: 'none',
        epc: null,
        uri: null,
        problem: null,
      });
    }
  });
});

describe('the length in the PC', () => {
  it('counts words of 16 bits, all of which must have come', () => {
    expect(bankOf(`3000${epc}`).epcHex).toBe(epc);
    expect(bankOf(`3000${epc}F`).epcHex).toBe(epc);
    expect(decodeEpcBank(`3000${epc.slice(1)}`)).toMatchObject({
      ok: false,
      error: { code: 'BAD_PC', position: 108, expected: '6 words' },
    });
    expect(bankOf(`F800${'44'.repeat(62)}`).epcHex).toBe('44'.repeat(62));
  });

  it('may count the XPC words or not', () => {
    expect(bankOf(`32000081${epc}`)).toMatchObject({ epcHex: epc, xpc: { hex: '0081' }, kind: 'epc' });
    expect(bankOf(`3A000081${epc}`)).toMatchObject({ epcHex: epc, xpc: { hex: '0081' } });
    expect(bankOf(`320080810000${epc}`)).toMatchObject({ epcHex: epc, xpc: { hex: '8081', second: true } });
    expect(bankOf(`420080810000${epc}`)).toMatchObject({ epcHex: epc, xpc: { hex: '8081', second: true } });
    expect(bankOf('02000081')).toMatchObject({ kind: 'none', xpc: { hex: '0081' } });
    expect(bankOf('0A000081')).toMatchObject({ kind: 'none', xpc: { hex: '0081' } });
    expect(bankOf('0200')).toMatchObject({ kind: 'none', xpc: null });
    expect(bankOf('0200008')).toMatchObject({ kind: 'none', xpc: null });
    expect(bankOf(`3000${epc}0081`).xpc).toBeNull();
  });

  it.each(['02008081', '0A008081', '12008081', '3A000081'])(
    'cannot announce less than XPC words that it counts, or more than came: %s',
    (hex) => {
      expect(decodeEpcBank(hex)).toMatchObject({ ok: false, error: { code: 'BAD_PC' } });
    },
  );
});

describe('a PC word', () => {
  const none = { lengthWords: 0, userMemory: false, extended: false, iso: false, afi: null, attributes: 0 };

  it.each([
    [0x0000, none],
    [0x0800, { ...none, lengthWords: 1 }],
    [0xf800, { ...none, lengthWords: 31 }],
    [0x0400, { ...none, userMemory: true }],
    [0x0200, { ...none, extended: true }],
    [0x0100, { ...none, iso: true, afi: '00', attributes: null }],
    [0x01a9, { ...none, iso: true, afi: 'A9', attributes: null }],
    [0x0080, { ...none, attributes: 128 }],
    [0xffff, { lengthWords: 31, userMemory: true, extended: true, iso: true, afi: 'FF', attributes: null }],
  ])('%i has its parts', (word, parts) => {
    expect(readPc(word)).toEqual(parts);
  });

  it.each([
    ['', {}, '0000'],
    ['30', {}, '0800'],
    ['3074', {}, '0800'],
    ['307425', {}, '1000'],
    [epc, {}, '3000'],
    [epc, { userMemory: true }, '3400'],
    [epc, { userMemory: false }, '3000'],
    [epc, { attributes: 1 }, '3001'],
    [epc, { attributes: 0x1ff }, '30FF'],
    [epc, { afi: 'a1' }, '31A1'],
    [epc, { afi: '00', userMemory: true }, '3500'],
    [epc, { afi: 'A1', attributes: 0xff }, '31A1'],
  ])('for %j with %j is %j to %s', (hex, options, word) => {
    expect(pcOf(hex, options)).toBe(word);
  });
});

describe('XPC_W1', () => {
  const none = {
    hex: '0000',
    second: false,
    sensor: 0,
    batteryAssisted: false,
    computed: false,
    selected: false,
    notified: false,
    untraceable: false,
    killable: false,
    notRemovable: false,
    hazardous: false,
  };

  it.each<[number, Partial<typeof none>]>([
    [0x0000, {}],
    [0x8000, { hex: '8000', second: true }],
    [0x0800, { hex: '0800', sensor: 8 }],
    [0x0100, { hex: '0100', sensor: 1 }],
    [0x0080, { hex: '0080', batteryAssisted: true }],
    [0x0040, { hex: '0040', computed: true }],
    [0x0020, { hex: '0020', selected: true }],
    [0x0010, { hex: '0010', notified: true }],
    [0x0008, { hex: '0008', untraceable: true }],
    [0x0004, { hex: '0004', killable: true }],
    [0x0002, { hex: '0002', notRemovable: true }],
    [0x0001, { hex: '0001', hazardous: true }],
    [0x7000, { hex: '7000' }],
  ])('%i says one thing', (word, parts) => {
    expect(readXpc(word)).toEqual({ ...none, ...parts });
  });
});
