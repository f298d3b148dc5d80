import { integer, numericString, string7 } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { alphanumeric } from '../plus/alphanumeric.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Field, Identifier, Scheme } from '../row.ts';
import { set82 } from '../text/charset.ts';

/** Global Document Type Identifier [TDS 6.3.8, 14.6.7]. */
export const gdti: Identifier = {
  name: 'gdti',
  title: 'Global Document Type Identifier',
  uri: 'urn:epc:id:gdti:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'documentType', domain: { kind: 'reference', total: 12 } },
    { name: 'serial', domain: { kind: 'text', set: set82, min: 1, max: 17 } },
  ],
  elements: { key: { ai: '253', field: 'gdti', lead: 'none', digits: 13, suffix: [2] }, others: [] },
};

const documentType = paddedReference('documentType', [1, 4, 7, 11, 14, 17, 21], [0, 1, 2, 3, 4, 5, 6]);

function classic(name: string, header: number, bits: number, serial: Field): Scheme {
  return {
    name,
    header,
    identifier: gdti,
    bits,
    filterBits: 3,
    fields: [partition(documentType), serial],
    form: 'components',
  };
}

export const gdtiSchemes: readonly Scheme[] = [
  classic('gdti-96', 0x2c, 96, integer('serial', 41)),
  classic('gdti-174', 0x3e, 174, string7('serial', 119)),
  classic('gdti-113', 0x3a, 113, numericString('serial', 58, 17)),
  ...plusRows(
    gdti,
    { plus: 0xf6, plusPlus: 0xea },
    [methodField('gdti', nibbles(13)), methodField('serial', alphanumeric(5, 17))],
    [2],
  ),
];
