import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc, type ParseOptions, parseTag, prefixTable } from '../../../src/tags/index.ts';

function epcOf(text: string, options: ParseOptions = {}) {
  const result = parseTag(text, options);
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.error)}`);
  return result.epc;
}

function codeOf(text: string) {
  const result = parseTag(text);
  return result.ok ? result.epc.id : result.error.code;
}

describe('company prefix', () => {
  const table = prefixTable({
    GCPPrefixFormatList: {
      entry: [
        { prefix: '950', gcpLength: 0 },
        { prefix: '9506000', gcpLength: 7 },
        { prefix: '47', gcpLength: 5 },
        { prefix: 'x', gcpLength: 7 },
        7,
      ],
    },
  });

  it('comes from the caller, or from a table of lengths', () => {
    expect(epcOf('(01)09506000134352(21)7').epcUri).toBeNull();
    expect(epcOf('(01)09506000134352(21)7', { companyPrefixLength: 7 }).epcUri).toBe(
      'urn:epc:id:sgtin:9506000.013435.7',
    );
    expect(epcOf('(01)09506000134352(21)7', { companyPrefixLength: 9 }).epcUri).toBe(
      'urn:epc:id:sgtin:950600013.0435.7',
    );
    expect(epcOf('(01)09506000134352(21)7', { companyPrefixes: table }).epcUri).toBe(
      'urn:epc:id:sgtin:9506000.013435.7',
    );
    expect(epcOf('(01)09999990134356(21)7', { companyPrefixes: table }).epcUri).toBeNull();
  });

  it('of four or five digits counts as six', () => {
    expect(epcOf('(01)04710088000019(21)7', { companyPrefixLength: 4 }).epcUri).toBe(
      'urn:epc:id:sgtin:471008.0800001.7',
    );
    expect(table.lengthOf('4710088000017')).toBe(6);
    expect(table.lengthOf('950123')).toBeNull();
  });

  it('that is known says nothing of a length that would be missing, but what else is wrong', () => {
    const cpi = '(8010)0614141987(8011)05';
    const given = { scheme: 'cpi-96', companyPrefixLength: 7 };
    expect(encodeEpc(cpi, given)).toMatchObject({ ok: false, error: { code: 'LEADING_ZERO' } });
    expect(encodeEpc(cpi, { scheme: 'cpi-96' })).toMatchObject({ error: { expected: 'companyPrefixLength' } });
    expect(encodeEpc(cpi, { ...given, scheme: 'sgtin-96' })).toMatchObject({ error: { expected: 'a scheme of cpi' } });
    expect(encodeEpc(cpi, { scheme: 'cpi+' })).toMatchObject({ ok: true, epc: { elementString: cpi } });
  });

  it('gives a + tag its EPC URI', () => {
    const tag = decodeEpc('F70095201987654330254000', { companyPrefixLength: 7 });
    expect(tag.ok && tag.epc.epcUri).toBe('urn:epc:id:sgtin:9520198.076543.42');
  });

  it('is not needed by a + scheme', () => {
    const written = encodeEpc('(01)09520198765433(21)42', { scheme: 'sgtin+' });
    expect(written.ok && written.epc.hex).toBe('F70095201987654330254000');
    const refused = encodeEpc('(01)09520198765433(21)42', { scheme: 'sgtin-96' });
    expect(!refused.ok && refused.error.code).toBe('NOT_ENCODABLE');
  });
});

describe('digits as many as a GTIN has, also where they begin as a tag does', () => {
  it.each([
    ['30756241', 'CHECK_DIGIT'],
    ['307557661800', 'CHECK_DIGIT'],
    ['307557661808', 'CLASS_LEVEL'],
    ['607557661801', 'CHECK_DIGIT'],
    ['3075576618001', 'CHECK_DIGIT'],
  ])('%s: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('data beside the key whose last part may be missing', () => {
  it.each([
    ['253', '9506000134352'],
    ['255', '9506000134352'],
    ['8003', '09506000134352'],
  ])('AI %s comes back from a tag without its serial', (ai, value) => {
    const text = `(01)09506000134352(21)7(${ai})${value}(10)A`;
    const written = encodeEpc(text, { scheme: 'sgtin+' });
    expect(written.ok && decodeEpc(written.epc.hex ?? '')).toMatchObject({ ok: true, epc: { elementString: text } });
  });
});
