import { integer, string7 } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { alphanumeric } from '../plus/alphanumeric.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';
import { set82 } from '../text/charset.ts';

/** Global Returnable Asset Identifier [TDS 6.3.4, 14.6.4]; AI 8003 has a zero before the 13 digits. */
export const grai: Identifier = {
  name: 'grai',
  title: 'Global Returnable Asset Identifier',
  uri: 'urn:epc:id:grai:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'assetType', domain: { kind: 'reference', total: 12 } },
    { name: 'serial', domain: { kind: 'text', set: set82, min: 1, max: 16 } },
  ],
  elements: { key: { ai: '8003', field: 'grai', lead: 'zero', digits: 14, suffix: [2] }, others: [] },
};

const assetType = paddedReference('assetType', [4, 7, 10, 14, 17, 20, 24], [0, 1, 2, 3, 4, 5, 6]);

export const graiSchemes: readonly Scheme[] = [
  {
    name: 'grai-96',
    header: 0x33,
    identifier: grai,
    bits: 96,
    filterBits: 3,
    fields: [partition(assetType), integer('serial', 38)],
    form: 'components',
  },
  {
    name: 'grai-170',
    header: 0x37,
    identifier: grai,
    bits: 170,
    filterBits: 3,
    fields: [partition(assetType), string7('serial', 112)],
    form: 'components',
  },
  ...plusRows(
    grai,
    { plus: 0xf1, plusPlus: 0xeb },
    [methodField('grai', nibbles(14)), methodField('serial', alphanumeric(5, 16))],
    [2],
  ),
];
