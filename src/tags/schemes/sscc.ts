import { reservedZero } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';

/** Serial Shipping Container Code [TDS 6.3.2, 14.6.2]. */
export const sscc: Identifier = {
  name: 'sscc',
  title: 'Serial Shipping Container Code',
  uri: 'urn:epc:id:sscc:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'serialReference', domain: { kind: 'reference', total: 17 } },
  ],
  elements: { key: { ai: '00', field: 'sscc', lead: 'indicator', digits: 18, suffix: [] }, others: [] },
};

const serialReference = paddedReference('serialReference', [18, 21, 24, 28, 31, 34, 38], [5, 6, 7, 8, 9, 10, 11]);

export const ssccSchemes: readonly Scheme[] = [
  {
    name: 'sscc-96',
    header: 0x31,
    identifier: sscc,
    bits: 96,
    filterBits: 3,
    fields: [partition(serialReference), reservedZero(24)],
    form: 'components',
  },
  ...plusRows(sscc, { plus: 0xf9, plusPlus: 0xef }, [methodField('sscc', nibbles(18))], [1]),
];
