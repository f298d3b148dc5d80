import { reservedZero } from '../bits/fields.ts';
import { paddedReference, partition } from '../bits/partition.ts';
import { methodField, nibbles } from '../plus/method.ts';
import { plusRows } from '../plus/rows.ts';
import type { Identifier, Scheme } from '../row.ts';

const serviceReference = paddedReference('serviceReference', [18, 21, 24, 28, 31, 34, 38], [5, 6, 7, 8, 9, 10, 11]);

function serviceRelation(name: string, title: string, ai: string): Identifier {
  return {
    name,
    title,
    uri: `urn:epc:id:${name}:`,
    components: [
      { name: 'companyPrefix', domain: { kind: 'prefix' } },
      { name: 'serviceReference', domain: { kind: 'reference', total: 17 } },
    ],
    elements: { key: { ai, field: name, lead: 'none', digits: 18, suffix: [] }, others: [], path: ['8019'] },
  };
}

/** Global Service Relation Number of a recipient [TDS 6.3.6, 14.6.6]. */
export const gsrn = serviceRelation('gsrn', 'Global Service Relation Number, recipient', '8018');

/** Global Service Relation Number of a provider [TDS 6.3.7]. */
export const gsrnp = serviceRelation('gsrnp', 'Global Service Relation Number, provider', '8017');

function classic(name: string, header: number, identifier: Identifier): Scheme {
  return {
    name,
    header,
    identifier,
    bits: 96,
    filterBits: 3,
    fields: [partition(serviceReference), reservedZero(24)],
    form: 'components',
  };
}

export const gsrnSchemes: readonly Scheme[] = [
  classic('gsrn-96', 0x2d, gsrn),
  classic('gsrnp-96', 0x2e, gsrnp),
  ...plusRows(gsrn, { plus: 0xf4, plusPlus: 0xe7 }, [methodField('gsrn', nibbles(18))], [1]),
  ...plusRows(gsrnp, { plus: 0xf5, plusPlus: 0xe8 }, [methodField('gsrnp', nibbles(18))], [1]),
];
