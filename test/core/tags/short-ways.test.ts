import { describe, expect, it } from 'vitest';
import { decodeEpc, digitalLinkOf, encodeEpc, keyOf, parseTag, pureIdentityOf } from '../../../src/tags/index.ts';

const classic = '3034257BF7194E4000001A85';

function epcOf(text: string, options = {}) {
  const result = parseTag(text, options);
  if (!result.ok) throw new Error(`${text}: ${result.error.code}`);
  return result.epc;
}

describe('the short ways to one form', () => {
  it.each([
    ['of a header that no scheme has', 'E2801160', 'urn:epc:raw:32.xE2801160'],
    ['of a tag that is not programmed', '0000', 'urn:epc:raw:16.x0000'],
    ['of a partition that is none', '303C257BF7194E4000001A85', 'urn:epc:raw:96.x303C257BF7194E4000001A85'],
    ['of a tag that is cut short', '3034257BF719', 'urn:epc:raw:48.x3034257BF719'],
    ['of a + tag that is cut short', 'F700952019', 'urn:epc:raw:40.xF700952019'],
    ['of what is no hex', 'zz', 'urn:epc:raw:32.x007A007A'],
  ])('%s give the raw identity, and no URI and no link', (_, hex, id) => {
    expect([keyOf(hex), pureIdentityOf(hex), digitalLinkOf(hex)]).toEqual([id, null, null]);
  });

  it('give what an identifier has: a GID has no link, a + tag no URI', () => {
    const gid = '350000001000002000000003';
    expect([keyOf(gid), pureIdentityOf(gid), digitalLinkOf(gid)]).toEqual([
      'urn:epc:id:gid:1.2.3',
      'urn:epc:id:gid:1.2.3',
      null,
    ]);
    const plus = 'F70095201987654330254000';
    const link = 'https://id.gs1.org/01/09520198765433/21/42';
    expect([keyOf(plus), pureIdentityOf(plus), digitalLinkOf(plus)]).toEqual([link, null, link]);
  });

  it('escape what a link or a URI cannot hold, also beside digits', () => {
    const written = encodeEpc('urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb');
    const hex = written.ok ? (written.epc.hex ?? '') : '';
    expect(pureIdentityOf(hex)).toBe('urn:epc:id:sgtin:0614141.712345.32a%2Fb');
    expect(keyOf(hex)).toBe('https://id.gs1.org/01/70614141123451/21/32a%2Fb');
  });
});

describe('the company prefix of a tag', () => {
  it('is the one that the tag itself tells by its partition, whatever length is given', () => {
    for (const companyPrefixLength of [6, 7, 9]) {
      const result = decodeEpc(classic, { companyPrefixLength });
      expect(result).toMatchObject({ ok: true, epc: { epcUri: pureIdentityOf(classic) } });
    }
    expect(epcOf('urn:epc:id:sgtin:0614141.812345.6789', { companyPrefixLength: 9 }).epcUri).toBe(
      'urn:epc:id:sgtin:0614141.812345.6789',
    );
  });

  it('of an identifier without any is not sought', () => {
    expect(epcOf('urn:epc:id:gid:1.2.3', { companyPrefixLength: 7 }).epcUri).toBe('urn:epc:id:gid:1.2.3');
  });

  it('makes a pure identity URI of a + tag, but no tag URI: its scheme has none', () => {
    const result = decodeEpc('F70095201987654330254000', { companyPrefixLength: 7 });
    expect(result).toMatchObject({
      ok: true,
      epc: { epcUri: 'urn:epc:id:sgtin:9520198.076543.42', tagUri: null, scheme: 'sgtin+' },
    });
  });
});

describe('the GTIN for stock', () => {
  it.each([
    ['urn:epc:id:sgtin:0614141.812345.6789', '80614141123458'],
    ['urn:epc:id:itip:9506000.013435.01.02.7', null],
    ['urn:epc:class:lgtin:9506000.013435.L', null],
    ['urn:epc:id:sscc:0614141.1234567890', null],
    ['urn:epc:id:gid:1.2.3', null],
  ])('of %s is %s: only a whole serialised trade item has one', (uri, gtin) => {
    expect(epcOf(uri).gtin).toBe(gtin);
  });
});
