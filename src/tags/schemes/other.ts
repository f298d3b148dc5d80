import { integer } from '../bits/fields.ts';
import { cageCode, string6 } from '../bits/six-bit.ts';
import type { Identifier, Scheme } from '../row.ts';
import { setCage, setPart } from '../text/charset.ts';

/** Identifiers that are no GS1 keys: no element string, no Digital Link, no company prefix. */

const cage = { kind: 'pattern', test: /^[0-9A-HJ-NP-Z]{5,6}$/, says: 'a CAGE or DoDAAC: 5 or 6 of 0-9 A-Z' } as const;

/** General Identifier [TDS 6.3.14, 14.6.11]. */
export const gid: Identifier = {
  name: 'gid',
  title: 'General Identifier',
  uri: 'urn:epc:id:gid:',
  components: [
    { name: 'managerNumber', domain: { kind: 'integer', max: '268435455' } },
    { name: 'objectClass', domain: { kind: 'integer', max: '16777215' } },
    { name: 'serial', domain: { kind: 'integer', max: '68719476735' } },
  ],
  elements: null,
};

/** US Department of Defense identifier [TDS 6.3.15, 14.6.12]. */
export const usdod: Identifier = {
  name: 'usdod',
  title: 'US Department of Defense Identifier',
  uri: 'urn:epc:id:usdod:',
  components: [
    { name: 'cageOrDodaac', domain: cage },
    { name: 'serial', domain: { kind: 'integer', max: '68719476735' } },
  ],
  elements: null,
};

/** Aerospace and Defense Identifier [TDS 6.3.16, 14.6.13]. */
export const adi: Identifier = {
  name: 'adi',
  title: 'Aerospace and Defense Identifier',
  uri: 'urn:epc:id:adi:',
  components: [
    { name: 'cageOrDodaac', domain: cage },
    { name: 'partNumber', domain: { kind: 'text', set: setPart, min: 0, max: 32 } },
    { name: 'serial', domain: { kind: 'text', set: setPart, min: 1, max: 30, hashFirst: true } },
  ],
  elements: null,
};

export const otherSchemes: readonly Scheme[] = [
  {
    name: 'gid-96',
    header: 0x35,
    identifier: gid,
    bits: 96,
    filterBits: 0,
    fields: [integer('managerNumber', 28), integer('objectClass', 24), integer('serial', 36)],
    form: 'components',
  },
  {
    name: 'usdod-96',
    header: 0x2f,
    identifier: usdod,
    bits: 96,
    filterBits: 4,
    fields: [cageCode('cageOrDodaac', 8, setCage), integer('serial', 36)],
    form: 'components',
  },
  {
    name: 'adi-var',
    header: 0x3b,
    identifier: adi,
    bits: null,
    filterBits: 6,
    fields: [
      cageCode('cageOrDodaac', 6, setCage),
      string6('partNumber', setPart, 0, 32),
      string6('serial', setPart, 1, 30, true),
    ],
    form: 'components',
  },
];
