import { integer, string7 } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { alphanumeric } from '../plus/alphanumeric.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';
import { set82 } from '../text/charset.ts';

/** Serialised Global Trade Item Number [TDS 6.3.1, 14.6.1]. */
export const sgtin: Identifier = {
  name: 'sgtin',
  title: 'Serialised Global Trade Item Number',
  uri: 'urn:epc:id:sgtin:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'itemReference', domain: { kind: 'reference', total: 13 } },
    { name: 'serial', domain: { kind: 'text', set: set82, min: 1, max: 20 } },
  ],
  elements: {
    key: { ai: '01', field: 'gtin', lead: 'indicator', digits: 14, suffix: [] },
    others: [{ ai: '21', component: 2, omit: null }],
    path: ['22', '10', '21'],
  },
};

/** Item reference (indicator first) by partition value; ITIP shares it. */
export const itemReference = paddedReference('itemReference', [4, 7, 10, 14, 17, 20, 24], [1, 2, 3, 4, 5, 6, 7]);

const plusFields = [methodField('gtin', nibbles(14)), methodField('serial', alphanumeric(5, 20))];

export const sgtinSchemes: readonly Scheme[] = [
  {
    name: 'sgtin-96',
    header: 0x30,
    identifier: sgtin,
    bits: 96,
    filterBits: 3,
    fields: [partition(itemReference), integer('serial', 38)],
    form: 'components',
  },
  {
    name: 'sgtin-198',
    header: 0x36,
    identifier: sgtin,
    bits: 198,
    filterBits: 3,
    fields: [partition(itemReference), string7('serial', 140)],
    form: 'components',
  },
  ...plusRows(sgtin, { plus: 0xf7, plusPlus: 0xfd }, plusFields, [1, 1]),
  ...plusRows(sgtin, { plus: 0xfb, plusPlus: 0xfc }, plusFields, [1, 1], 'dsgtin'),
];
