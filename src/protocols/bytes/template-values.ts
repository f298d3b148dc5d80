/**
 * The integers that a command template may name. `powerMw` is the power in milliwatts; `attenuation` is by how many dB it is below the
 * model's greatest; `region` is the region's code; `antenna` one port from 1, `antennaMask`
 * all that are meant; `bank`, `word`, `words` a place in a tag's memory; `mask…` what a tag must have to be meant, `maskAt`
 * its first bit; `lockMask` and `lockAction` the halves of a Gen2 lock word and `lockWord` both (20 bits); `lockPart` and
 * `lockType` the family's own codes where it locks one part at a time.
 */
export const numberValues = [
  'power',
  'powerMw',
  'attenuation',
  'region',
  'rounds',
  'channel',
  'baud',
  'address',
  'antenna',
  'antennaMask',
  'session',
  'q',
  'bank',
  'word',
  'words',
  'dataWords',
  'dataBytes',
  'epcWords',
  'epcBytes',
  'newEpcWords',
  'maskBank',
  'maskAt',
  'maskBits',
  'maskBytes',
  'password',
  'killPassword',
  'lockMask',
  'lockAction',
  'lockWord',
  'lockPart',
  'lockType',
] as const;

/** The bytes that it may name, as upper-case hex: `epc` is that of the tag that is meant, `regionBytes` the region's `bytes`. */
export const hexValues = ['data', 'epc', 'newEpc', 'mask', 'regionBytes'] as const;

/** The other ways in which a command may be said; the first of those that are asked for and that it has is taken. */
export const forms = ['maskPassword', 'mask', 'epc', 'password', 'session'] as const;
export type Form = (typeof forms)[number];

export type NumberValue = (typeof numberValues)[number];
export type HexValue = (typeof hexValues)[number];
export type TemplateValues = Partial<Record<NumberValue, number>> &
  Partial<Record<HexValue, string>> & { readonly antennas?: readonly number[] };

/** Values that say how many bytes a hex value has, and how many bytes each of them stands for. */
export const lengthsOf: Readonly<Record<HexValue, readonly (readonly [NumberValue, number])[]>> = {
  data: [
    ['dataWords', 2],
    ['dataBytes', 1],
  ],
  epc: [
    ['epcWords', 2],
    ['epcBytes', 1],
  ],
  newEpc: [['newEpcWords', 2]],
  mask: [
    ['maskBytes', 1],
    ['maskBits', 1 / 8],
  ],
  regionBytes: [],
};

/** The values with the lengths that follow from their bytes. */
export function measured(values: TemplateValues): TemplateValues {
  const lengths: Partial<Record<NumberValue, number>> = {};
  for (const name of hexValues) {
    const hex = values[name];
    if (hex === undefined) continue;
    for (const [length, bytes] of lengthsOf[name]) lengths[length] = hex.length / 2 / bytes;
  }
  return { ...lengths, ...values };
}
