import { integer, string7 } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { alphanumeric } from '../plus/alphanumeric.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';
import { set82 } from '../text/charset.ts';

/** Global Location Number with or without extension [TDS 6.3.3, 14.6.3]. Extension 0 means none. */
export const sgln: Identifier = {
  name: 'sgln',
  title: 'Global Location Number with or without Extension',
  uri: 'urn:epc:id:sgln:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'locationReference', domain: { kind: 'reference', total: 12 } },
    { name: 'extension', domain: { kind: 'text', set: set82, min: 1, max: 20 } },
  ],
  elements: {
    key: { ai: '414', field: 'gln', lead: 'none', digits: 13, suffix: [] },
    others: [{ ai: '254', component: 2, omit: '0' }],
    path: ['254', '7040'],
  },
};

const locationReference = paddedReference('locationReference', [1, 4, 7, 11, 14, 17, 21], [0, 1, 2, 3, 4, 5, 6]);

export const sglnSchemes: readonly Scheme[] = [
  {
    name: 'sgln-96',
    header: 0x32,
    identifier: sgln,
    bits: 96,
    filterBits: 3,
    fields: [partition(locationReference), integer('extension', 41)],
    form: 'components',
  },
  {
    name: 'sgln-195',
    header: 0x39,
    identifier: sgln,
    bits: 195,
    filterBits: 3,
    fields: [partition(locationReference), string7('extension', 140)],
    form: 'components',
  },
  ...plusRows(
    sgln,
    { plus: 0xf2, plusPlus: 0xe9 },
    [methodField('gln', nibbles(13)), methodField('extension', alphanumeric(5, 20))],
    [1, 1],
  ),
];
