import { stringReference } from '../bits/fields.ts';
import { partition, plainReference } from '../bits/partition.ts';
import { delimited } from '../plus/alphanumeric.ts';
import { methodField } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';
import { set82 } from '../text/charset.ts';

/** Global Individual Asset Identifier [TDS 6.3.5, 14.6.5]; it has no check digit. */
export const giai: Identifier = {
  name: 'giai',
  title: 'Global Individual Asset Identifier',
  uri: 'urn:epc:id:giai:',
  components: [
    { name: 'companyPrefix', domain: { kind: 'prefix' } },
    { name: 'assetReference', domain: { kind: 'text', set: set82, min: 1, max: 30, withPrefix: true } },
  ],
  elements: { key: { ai: '8004', field: 'giai', lead: 'none', digits: null, suffix: [] }, others: [], path: ['7040'] },
};

const numeric = plainReference('assetReference', [42, 45, 48, 52, 55, 58, 62], [13, 14, 15, 16, 17, 18, 19]);
const text = stringReference('assetReference', [148, 151, 154, 158, 161, 164, 168], [18, 19, 20, 21, 22, 23, 24]);

export const giaiSchemes: readonly Scheme[] = [
  {
    name: 'giai-96',
    header: 0x34,
    identifier: giai,
    bits: 96,
    filterBits: 3,
    fields: [partition(numeric)],
    form: 'components',
  },
  {
    name: 'giai-202',
    header: 0x38,
    identifier: giai,
    bits: 202,
    filterBits: 3,
    fields: [partition(text)],
    form: 'components',
  },
  ...plusRows(giai, { plus: 0xfa, plusPlus: 0xee }, [methodField('giai', delimited(30))], [1]),
];
