import { describe, expect, it } from 'vitest';
import { standardTags, type TagRead, tokenIdentityOf } from '../../../src/tags/index.ts';

const { identityNamed } = standardTags;
const readIdentityOf = (idType: TagRead['idType'], epc: string, pc: string | null = null) =>
  standardTags.readIdentityOf({ idType, epc, pc });

describe('what a reader reported', () => {
  it('is never taken for an EPC when it is a card’s UID or a TID', () => {
    const hex = '3034257BF7194E4000001A85';
    expect(readIdentityOf('epc', hex)).toBe('https://id.gs1.org/01/80614141123458/21/6789');
    expect(readIdentityOf('uid', hex)).toBe(`urn:silentgate:uid:${hex}`);
    expect(readIdentityOf('tid', hex)).toBe(`urn:silentgate:tid:${hex}`);
  });

  it('is never taken for an EPC when its PC word says ISO: the toggle bit comes before the header', () => {
    const hex = '3034257BF7194E4000001A85';
    expect(readIdentityOf('epc', hex, '3000')).toBe('https://id.gs1.org/01/80614141123458/21/6789');
    expect(readIdentityOf('epc', hex, '3600')).toBe('https://id.gs1.org/01/80614141123458/21/6789');
    for (const pc of ['31A9', '37A9', '3ba9', '3FA9']) {
      expect(readIdentityOf('epc', hex, pc)).toBe(`urn:epc:raw:96.xA9.x${hex}`);
    }
    expect(readIdentityOf('uid', hex, '31A9')).toBe(`urn:silentgate:uid:${hex}`);
  });

  it('is found again by the identity it was given, in either case', () => {
    expect(identityNamed('URN:SILENTGATE:UID:04a1b2c3d4e5f6')).toBe('urn:silentgate:uid:04A1B2C3D4E5F6');
    expect(identityNamed('urn:epc:id:sgtin:0614141.812345.6789')).toBe('https://id.gs1.org/01/80614141123458/21/6789');
    expect(identityNamed('urn:silentgate:uid:xyz')).toBeNull();
  });

  it('is one token of a person, whichever way the number of the card is reported', () => {
    const told = identityNamed('04A1B2C3D4E5F6') ?? '';
    expect(tokenIdentityOf(readIdentityOf('uid', '04A1B2C3D4E5F6'))).toBe(told);
    expect(tokenIdentityOf(readIdentityOf('epc', '04A1B2C3D4E5F6'))).toBe(told);
    expect(tokenIdentityOf('https://id.gs1.org/01/80614141123458/21/6789')).toBe(
      'https://id.gs1.org/01/80614141123458/21/6789',
    );
  });
});
