import { describe, expect, it } from 'vitest';
import { decodeEpc, parseTag } from '../../../src/tags/index.ts';
import { type Positive, vectors } from './golden.ts';

/** What the fields of a scheme are called: the components of its URI, and the key with its check digit. */
const names: Record<string, string> = {
  sgtin: 'companyPrefix itemReference serial gtin',
  sscc: 'companyPrefix serialReference sscc',
  sgln: 'companyPrefix locationReference extension gln',
  grai: 'companyPrefix assetType serial grai',
  giai: 'companyPrefix assetReference giai',
  gsrn: 'companyPrefix serviceReference gsrn',
  gsrnp: 'companyPrefix serviceReference gsrnp',
  gdti: 'companyPrefix documentType serial gdti',
  cpi: 'companyPrefix componentPartReference serial cpi',
  sgcn: 'companyPrefix couponReference serial gcn',
  itip: 'companyPrefix itemReference piece total serial gtin',
  gid: 'managerNumber objectClass serial',
  usdod: 'cageOrDodaac serial',
  adi: 'cageOrDodaac partNumber serial',
};

/** The same of `+` and `++` tags, which store the key and not the components. */
const plusNames: Record<string, string> = {
  sgtin: 'gtin serial',
  dsgtin: 'gtin serial',
  sscc: 'sscc',
  sgln: 'gln extension',
  grai: 'grai serial',
  giai: 'giai',
  gsrn: 'gsrn',
  gsrnp: 'gsrnp',
  gdti: 'gdti serial',
  cpi: 'cpi serial',
  sgcn: 'gcn serial',
  itip: 'gtin piece total serial',
};

function fieldsOf(hex: string): Record<string, string> {
  const result = decodeEpc(hex);
  if (!result.ok) throw new Error(`${hex}: ${result.error.message}`);
  return { ...result.epc.fields };
}

/** The components of a pure identity URI, split from the left. */
function componentsOf(uri: string, count: number): string[] {
  const parts = uri.replace(/^urn:epc:id:[a-z]+:/, '').split('.');
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join('.')].map(decodeURIComponent);
}

const classic = vectors.positive.filter((vector) => vector.pureIdentityUri !== undefined);
const plus = vectors.positive.filter((vector) => vector.scheme.includes('+'));
const bare = (vector: Positive) => vector.scheme.replace(/[-+].*$/, '');

describe('the fields of a tag', () => {
  it.each(classic)('$id are the components of its URI by their names, and its key', (vector: Positive) => {
    const wanted = (names[bare(vector)] ?? '').split(' ');
    const fields = fieldsOf(vector.hex);
    expect(Object.keys(fields)).toEqual(wanted);
    const key = vector.ai === undefined ? [] : [wanted.at(-1)];
    const components = wanted.slice(0, wanted.length - key.length);
    expect(components.map((name) => fields[name])).toEqual(
      componentsOf(vector.pureIdentityUri ?? '', components.length),
    );
    const value = vector.ai?.[0]?.[1];
    const named = fields[key[0] ?? ''];
    if (value !== undefined && named !== undefined) expect(value.startsWith(named)).toBe(true);
  });

  it.each(plus)('$id are the parts of its key by their names', (vector: Positive) => {
    const fields = fieldsOf(vector.hex);
    const { hostname, ...others } = fields;
    expect(hostname).toBe(vector.hostname);
    const [, ...rest] = vector.ai ?? [];
    const absent = bare(vector) === 'sgln' && !rest.some(([ai]) => ai === '254');
    const wanted = (plusNames[bare(vector)] ?? '').split(' ').filter((name) => !absent || name !== 'extension');
    expect(Object.keys(others).sort()).toEqual([...wanted].sort());
    const data = new Set([vector.prioritisedDate?.ai, ...(vector.aidc ?? []).map(([ai]) => ai)]);
    const keys = (vector.ai ?? []).filter(([ai]) => !data.has(ai));
    expect(wanted.map((name) => others[name]).join('')).toBe(keys.map(([, value]) => value).join(''));
  });

  it.each([
    [
      'urn:epc:class:lgtin:9506000.013435.LOT-1',
      { companyPrefix: '9506000', itemReference: '013435', lot: 'LOT-1', gtin: '09506000134352' },
    ],
    [
      'urn:epc:id:upui:9506000.013435.X7',
      { companyPrefix: '9506000', itemReference: '013435', tpx: 'X7', gtin: '09506000134352' },
    ],
    ['urn:epc:id:pgln:9506000.13435', { companyPrefix: '9506000', partyReference: '13435', gln: '9506000134352' }],
    ['urn:epc:id:ginc:9506000.x%2F7', { companyPrefix: '9506000', consignmentReference: 'x/7', ginc: '9506000x/7' }],
    [
      'urn:epc:id:gsin:9506000.123456789',
      { companyPrefix: '9506000', shipperReference: '123456789', gsin: '95060001234567893' },
    ],
    ['urn:epc:id:gid:1.2.3', { managerNumber: '1', objectClass: '2', serial: '3' }],
    ['urn:epc:id:usdod:2S194.7', { cageOrDodaac: '2S194', serial: '7' }],
    ['urn:epc:id:adi:2S194.3KL9.7', { cageOrDodaac: '2S194', partNumber: '3KL9', serial: '7' }],
    ['urn:epc:id:bic:CSQU3054383', { containerCode: 'CSQU3054383' }],
    ['urn:epc:id:imovn:9176187', { vesselNumber: '9176187' }],
  ])('%s has them by name too', (uri, fields) => {
    const result = parseTag(uri);
    expect(result.ok && result.epc.fields).toEqual(fields);
    expect(result.ok && result.epc.scheme).toBe(uri.split(':')[3]);
  });
});
