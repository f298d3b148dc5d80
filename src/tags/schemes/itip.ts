import { fixedDigits, integer, string7 } from '../bits/fields.ts';
import { partition } from '../bits/partition.ts';
import { alphanumeric } from '../plus/alphanumeric.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Field, Identifier, Scheme } from '../row.ts';
import { set82 } from '../text/charset.ts';
import { itemReference } from './sgtin.ts';

/** Individual Trade Item Piece [TDS 6.3.11, 14.6.10]: piece and total are always two digits. */
export const itip: Identifier = {
  name: 'itip',
  title: 'Individual Trade Item Piece',
  uri: 'urn:epc:id:itip:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'itemReference', domain: { kind: 'reference', total: 13 } },
    { name: 'piece', domain: { kind: 'digits', min: 2, max: 2 } },
    { name: 'total', domain: { kind: 'digits', min: 2, max: 2 } },
    { name: 'serial', domain: { kind: 'text', set: set82, min: 1, max: 20 } },
  ],
  elements: {
    key: { ai: '8006', field: 'gtin', lead: 'indicator', digits: 14, suffix: [2, 3] },
    others: [{ ai: '21', component: 4, omit: null }],
    path: ['22', '10', '21'],
  },
};

function classic(name: string, header: number, bits: number, serial: Field): Scheme {
  return {
    name,
    header,
    identifier: itip,
    bits,
    filterBits: 3,
    fields: [partition(itemReference), fixedDigits('piece', 7, 2), fixedDigits('total', 7, 2), serial],
    form: 'components',
  };
}

export const itipSchemes: readonly Scheme[] = [
  classic('itip-110', 0x40, 110, integer('serial', 38)),
  classic('itip-212', 0x41, 212, string7('serial', 140)),
  ...plusRows(
    itip,
    { plus: 0xf3, plusPlus: 0xed },
    [methodField('itip', nibbles(18)), methodField('serial', alphanumeric(5, 20))],
    [1, 1],
  ),
];
