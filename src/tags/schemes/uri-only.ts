import type { Component, Identifier } from '../row.ts';
import { set82 } from '../text/charset.ts';

/** Identifiers that have a URI but no place on a tag [TDS 6.3, 6.4]: where a text names one, it is read. */

const prefix: Component = { name: 'companyPrefix', domain: { kind: 'prefix' } };

/** GTIN with batch or lot: a class of things [TDS 6.4.1]. */
export const lgtin: Identifier = {
  name: 'lgtin',
  title: 'GTIN with Batch or Lot',
  uri: 'urn:epc:class:lgtin:',
  components: [
    prefix,
    { name: 'itemReference', domain: { kind: 'reference', total: 13 } },
    { name: 'lot', domain: { kind: 'text', set: set82, min: 1, max: 20 } },
  ],
  elements: {
    key: { ai: '01', field: 'gtin', lead: 'indicator', digits: 14, suffix: [] },
    others: [{ ai: '10', component: 2, omit: null }],
  },
};

/** Unit Pack Identifier: GTIN and third-party serial [TDS 6.3.17]. */
export const upui: Identifier = {
  name: 'upui',
  title: 'Unit Pack Identifier',
  uri: 'urn:epc:id:upui:',
  components: [
    prefix,
    { name: 'itemReference', domain: { kind: 'reference', total: 13 } },
    { name: 'tpx', domain: { kind: 'text', set: set82, min: 1, max: 28 } },
  ],
  elements: {
    key: { ai: '01', field: 'gtin', lead: 'indicator', digits: 14, suffix: [] },
    others: [{ ai: '235', component: 2, omit: null }],
  },
};

/** Party GLN [TDS 6.3.18]. */
export const pgln: Identifier = {
  name: 'pgln',
  title: 'Party Global Location Number',
  uri: 'urn:epc:id:pgln:',
  components: [prefix, { name: 'partyReference', domain: { kind: 'reference', total: 12 } }],
  elements: { key: { ai: '417', field: 'gln', lead: 'none', digits: 13, suffix: [] }, others: [], path: ['7040'] },
};

/** Global Identification Number for Consignment [TDS 6.3.19]; no check digit. */
export const ginc: Identifier = {
  name: 'ginc',
  title: 'Global Identification Number for Consignment',
  uri: 'urn:epc:id:ginc:',
  components: [
    prefix,
    { name: 'consignmentReference', domain: { kind: 'text', set: set82, min: 1, max: 30, withPrefix: true } },
  ],
  elements: { key: { ai: '401', field: 'ginc', lead: 'none', digits: null, suffix: [] }, others: [] },
};

/** Global Shipment Identification Number [TDS 6.3.20]. */
export const gsin: Identifier = {
  name: 'gsin',
  title: 'Global Shipment Identification Number',
  uri: 'urn:epc:id:gsin:',
  components: [prefix, { name: 'shipperReference', domain: { kind: 'reference', total: 16 } }],
  elements: { key: { ai: '402', field: 'gsin', lead: 'none', digits: 17, suffix: [] }, others: [] },
};

/** BIC container code [TDS 6.3.21, ISO 6346]: owner code without I and O, category, serial, check digit. */
export const bic: Identifier = {
  name: 'bic',
  title: 'BIC Container Code',
  uri: 'urn:epc:id:bic:',
  components: [
    {
      name: 'containerCode',
      domain: { kind: 'pattern', test: /^[A-HJ-NP-Z]{3}[JUZ]\d{7}$/, says: '3 letters, J U or Z, 7 digits' },
    },
  ],
  elements: null,
};

/** IMO vessel number [TDS 6.3.22]. */
export const imovn: Identifier = {
  name: 'imovn',
  title: 'IMO Vessel Number',
  uri: 'urn:epc:id:imovn:',
  components: [{ name: 'vesselNumber', domain: { kind: 'digits', min: 7, max: 7 } }],
  elements: null,
};

/** Their rows; a thing (UPUI) stands before the class of things with the same key (LGTIN). */
export const uriOnly: readonly Identifier[] = [upui, lgtin, pgln, ginc, gsin, bic, imovn];
