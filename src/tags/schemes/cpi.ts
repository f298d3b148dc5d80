import { integer } from '../bits/fields.ts';
import { partition, plainReference } from '../bits/partition.ts';
import { string6Reference } from '../bits/six-bit.ts';
import { delimited } from '../plus/alphanumeric.ts';
import { countedNumber, methodField } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';
import { set39 } from '../text/charset.ts';

/** CPI-var's 40 bits hold more than the 12 digits of AI 8011; tags use them [TDS 14.6.8.2]. */
const serialMax = '1099511627775';

/** Component and Part Identifier [TDS 6.3.9, 14.6.8]; it has no check digit. */
export const cpi: Identifier = {
  name: 'cpi',
  title: 'Component and Part Identifier',
  uri: 'urn:epc:id:cpi:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'componentPartReference', domain: { kind: 'text', set: set39, min: 1, max: 30, withPrefix: true } },
    { name: 'serial', domain: { kind: 'integer', max: serialMax } },
  ],
  elements: {
    key: { ai: '8010', field: 'cpi', lead: 'none', digits: null, suffix: [] },
    others: [{ ai: '8011', component: 2, omit: null, domain: { kind: 'digits', min: 1, max: 13, atMost: serialMax } }],
  },
};

const name = 'componentPartReference';
const numeric = plainReference(name, [11, 14, 17, 21, 24, 27, 31], [3, 4, 5, 6, 7, 8, 9]);
const text = string6Reference(name, set39, [114, 120, 126, 132, 138, 144, 150], [18, 19, 20, 21, 22, 23, 24]);

export const cpiSchemes: readonly Scheme[] = [
  {
    name: 'cpi-96',
    header: 0x3c,
    identifier: cpi,
    bits: 96,
    filterBits: 3,
    fields: [partition(numeric), integer('serial', 31)],
    form: 'components',
  },
  {
    name: 'cpi-var',
    header: 0x3d,
    identifier: cpi,
    bits: null,
    filterBits: 3,
    fields: [partition(text), integer('serial', 40)],
    form: 'components',
  },
  ...plusRows(
    cpi,
    { plus: 0xf0, plusPlus: 0xe6 },
    [methodField('cpi', delimited(30, set39)), methodField('serial', countedNumber(4, 12))],
    [1, 1],
  ),
];
