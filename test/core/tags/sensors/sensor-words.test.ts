import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gen2Crc } from '../../../../src/tags/sensors/gen2-crc.ts';
import { humidityOf } from '../../../../src/tags/sensors/humidity.ts';
import { sensorChipOf, sensorChips } from '../../../../src/tags/sensors/table.ts';

const hex = (...words: number[]) =>
  words
    .map((word) => word.toString(16).padStart(4, '0'))
    .join('')
    .toUpperCase();
const chipOf = (tid: string) => {
  const chip = sensorChipOf(tid);
  if (chip === null) throw new Error(`No chip has the TID ${tid}.`);
  return chip;
};
const s3 = chipOf('E282403D');
const calibration = 'C60390689B3E5604';

describe('the words of a sensor tag', () => {
  const measure = { bank: 'user', bit: 0xe0, bits: 0, mask: '' };
  const points = [{ name: 'calibration', bank: 'user', word: 8, words: 4 }];
  it.each<[string, string, object[], object[], boolean]>([
    ['Magnus S2', 'E2824020', [], [{ name: 'moisture', bank: 'reserved', word: 0xb, words: 1 }], true],
    ['Magnus S1', 'E2824010', [], [{ name: 'moisture', bank: 'user', word: 0xb, words: 1 }], true],
    [
      'Magnus S3',
      'E2824030',
      points,
      [{ name: 'codes', bank: 'reserved', word: 0xc, words: 3, preselect: { ...measure, waitMs: 3 } }],
      true,
    ],
    [
      'Xerxes-I',
      'E2824040',
      points,
      [{ name: 'codes', bank: 'reserved', word: 0xa, words: 5, preselect: { ...measure, waitMs: 9 } }],
      false,
    ],
    ['EM4325', 'E280B040', [], [{ name: 'sensor', bank: 'user', word: 0x100, words: 2 }], false],
  ])('%s are read where its maker keeps them', (name, tid, fixed, sample, confirmed) => {
    const chip = chipOf(tid);
    expect([chip.name, chip.fixed, chip.sample, chip.confirmed]).toEqual([name, fixed, sample, confirmed]);
  });

  it('are those of one row each', () => {
    expect(sensorChips.map(({ name }) => name)).toEqual(['Magnus S2', 'Magnus S1', 'Magnus S3', 'Xerxes-I', 'EM4325']);
  });

  it.each([
    'E2824000',
    'E282400F',
    'E2825030',
    'E2820403',
    'E282F402',
    'E2814030',
    '00E280B044',
    '00E2824027',
    'E2820404',
    'E282',
  ])('are not sought in a tag with the TID %s', (tid) => expect(sensorChipOf(tid)).toBeNull());

  it.each([
    ['E2824040', 'Xerxes-I'],
    ['E2824090', 'Xerxes-I'],
    ['E28240A0', 'Xerxes-I'],
    ['e28240f0', 'Xerxes-I'],
    ['e280b04f', 'EM4325'],
    ['e282402a', 'Magnus S2'],
  ])('of the TID %s are those of %s', (tid, name) => expect(sensorChipOf(tid)?.name).toBe(name));

  it.each([
    ['E2824027', { moisture: 'FFF' }],
    ['E282403D', { calibration, codes: '' }],
    ['E282403D', { calibration, codes: '00C8' }],
    ['E282403D', { calibration, codes: '00C8000C' }],
    ['E282403D', { calibration, codes: '00C8000C08D' }],
    ['E2824055', { calibration, codes: '00000000' }],
    ['E2824055', { calibration, codes: '0000000000C8' }],
    ['E2824055', { calibration, codes: '0000000000C8000C' }],
    ['E280B044', { sensor: '0054' }],
    ['E280B044', { sensor: '0054000' }],
  ])('of %s that did not all come give no value: %j', (tid, words) => {
    expect(chipOf(tid).convert(words)).toEqual({ readings: [], problems: ['TOO_SHORT'], flags: [] });
  });

  it.each(['', 'C603', 'C6039068', 'C60390689B3E', 'C60390689B3E560'])(
    'of the calibration that did not all come give no temperature, but what needs none: %j',
    (cut) => {
      expect(s3.convert({ calibration: cut, codes: hex(200, 12, 0x8d0) })).toEqual({
        readings: [
          { quantity: 'onChipRssi', value: 12, unit: 'C62' },
          { quantity: 'moistureCode', value: 200, unit: 'C62' },
        ],
        problems: ['TOO_SHORT'],
        flags: [],
      });
    },
  );
});

describe('a code of a sensor tag', () => {
  it('of Magnus S3 has 9, 5 and 12 bits; what stands above them is not the code', () => {
    expect(s3.convert({ calibration, codes: hex(0xffff, 0xffec, 0xf8d0) })).toEqual({
      readings: [
        { quantity: 'onChipRssi', value: 12, unit: 'C62' },
        { quantity: 'moistureCode', value: 511, unit: 'C62' },
        { quantity: 'temperature', value: 23.05, unit: 'CEL' },
      ],
      problems: [],
      flags: [],
    });
  });

  it('of Xerxes-I has 16 bits for moisture and temperature, and 5 for the signal', () => {
    expect(chipOf('E2824055').convert({ calibration, codes: hex(1, 2, 0xffff, 0xffec, 2310 * 16 + 8) })).toEqual({
      readings: [
        { quantity: 'onChipRssi', value: 12, unit: 'C62' },
        { quantity: 'moistureCode', value: 65535, unit: 'C62' },
        { quantity: 'temperature', value: 50.17, unit: 'CEL' },
      ],
      problems: [],
      flags: [],
    });
  });

  it('of Magnus S2 and S1 stands alone: no problem, no flag', () => {
    expect(chipOf('E2824027').convert({ moisture: '0011' })).toEqual({
      readings: [{ quantity: 'moistureCode', value: 17, unit: 'C62' }],
      problems: [],
      flags: [],
    });
  });
});

describe('the calibration of a Magnus chip', () => {
  type Point = readonly [code: number, tenths: number];
  /** Words 8h to Bh: CRC, then 12 + 11 + 12 + 11 bits of two points, and 2 bits of version. */
  const wordsOf = ([code, tenths]: Point, [code2, tenths2]: Point, version: number) => {
    const bits = [
      [code, 12],
      [tenths, 11],
      [code2, 12],
      [tenths2, 11],
      [version, 2],
    ]
      .map(([value = 0, width = 0]) => value.toString(2).padStart(width, '0'))
      .join('');
    const words = (bits.match(/.{16}/g) ?? []).map((word) => Number.parseInt(word, 2));
    return hex(gen2Crc(words), ...words);
  };
  const temperatureAt = (code: number, words: string) =>
    s3.convert({ calibration: words, codes: hex(200, 12, code) }).readings.find(({ unit }) => unit === 'CEL')?.value;
  const point = fc.tuple(fc.integer({ min: 1000, max: 3500 }), fc.nat(2047));

  it('is two points whose every bit counts: at its code each gives its own temperature', () => {
    fc.assert(
      fc.property(point, point, fc.nat(3), (one, other, version) => {
        fc.pre(one[0] !== other[0]);
        const words = wordsOf(one, other, version);
        for (const [code, tenths] of [one, other])
          expect(temperatureAt(code, words)).toBeCloseTo((tenths - 800) / 10, 5);
      }),
    );
    const ones = wordsOf([0xdab, 0x7ff], [0x3ff, 0x7ff], 3);
    expect(temperatureAt(0xdab, ones)).toBe(124.7);
    expect(temperatureAt(1023, ones)).toBe(124.7);
    const low = wordsOf([1000, 0], [2000, 1000], 0);
    expect([1000, 1500, 2000, 3000].map((code) => temperatureAt(code, low))).toEqual([-80, -30, 20, 120]);
  });

  it('is none where both points have one code', () => {
    expect(
      s3.convert({ calibration: wordsOf([2310, 1101], [2310, 1409], 0), codes: hex(200, 12, 2310) }).problems,
    ).toEqual(['CALIBRATION']);
  });

  it('that is damaged is told beside a signal that is too weak or too strong', () => {
    for (const rssi of [4, 22]) {
      expect(s3.convert({ calibration: 'C60390689B3E5605', codes: hex(200, rssi, 0x8d0) })).toEqual({
        readings: [{ quantity: 'onChipRssi', value: rssi, unit: 'C62' }],
        problems: ['SIGNAL', 'CALIBRATION'],
        flags: [],
      });
    }
  });
});

describe('relative humidity between the points of an inlay', () => {
  const inlay = [
    { code: 20, percent: 30 },
    { code: 5, percent: 95 },
    { code: 10, percent: 80 },
  ];
  it('is told to a tenth, in whichever order the points were given', () => {
    expect([19, 12, 9, 8, 6].map((code) => humidityOf(code, inlay))).toEqual([35, 70, 83, 86, 92]);
    expect(
      humidityOf(13, [
        { code: 10, percent: 80 },
        { code: 19, percent: 30 },
      ]),
    ).toBe(63.3);
    expect(inlay.map(({ code }) => code)).toEqual([20, 5, 10]);
  });

  it('is the lower and the higher end’s own beyond them, and at each point its own', () => {
    expect([4, 5, 10, 20, 21].map((code) => humidityOf(code, inlay))).toEqual([95, 95, 80, 30, 30]);
    expect(humidityOf(7, [{ code: 7, percent: 50 }])).toBeNull();
  });
});
