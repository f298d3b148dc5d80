import { numericString } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { countedNumber, methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';

/** Serialised Global Coupon Number [TDS 6.3.10, 14.6.9]. */
export const sgcn: Identifier = {
  name: 'sgcn',
  title: 'Serialised Global Coupon Number',
  uri: 'urn:epc:id:sgcn:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'couponReference', domain: { kind: 'reference', total: 12 } },
    { name: 'serial', domain: { kind: 'digits', min: 1, max: 12 } },
  ],
  elements: { key: { ai: '255', field: 'gcn', lead: 'none', digits: 13, suffix: [2] }, others: [] },
};

const couponReference = paddedReference('couponReference', [1, 4, 7, 11, 14, 17, 21], [0, 1, 2, 3, 4, 5, 6]);

export const sgcnSchemes: readonly Scheme[] = [
  {
    name: 'sgcn-96',
    header: 0x3f,
    identifier: sgcn,
    bits: 96,
    filterBits: 3,
    fields: [partition(couponReference), numericString('serial', 41, 12)],
    form: 'components',
  },
  ...plusRows(
    sgcn,
    { plus: 0xf8, plusPlus: 0xec },
    [methodField('gcn', nibbles(13)), methodField('serial', countedNumber(4, 12))],
    [2],
  ),
];
