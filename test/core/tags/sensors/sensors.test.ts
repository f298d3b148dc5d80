import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gen2Crc } from '../../../../src/tags/sensors/gen2-crc.ts';
import { humidityOf } from '../../../../src/tags/sensors/humidity.ts';
import { sensorChipOf } from '../../../../src/tags/sensors/table.ts';

const hex = (...words: number[]) =>
  words
    .map((word) => word.toString(16).padStart(4, '0'))
    .join('')
    .toUpperCase();
const s3 = sensorChipOf('E282403D')!;
/** Real calibration words of a chip; with code 08D0h the maker's formula gives 23.05 °C. */
const calibration = 'C60390689B3E5604';
const codes = (rssi: number, code: number, moisture = 200) => ({ calibration, codes: hex(moisture, rssi, code) });
const told = (result: ReturnType<typeof s3.convert>, quantity: string) =>
  result.readings.find((reading) => reading.quantity === quantity)?.value;

describe('the CRC of Gen2', () => {
  it('is the one that real tags send behind PC and EPC', () => {
    expect(gen2Crc([0x3000, 0xe280, 0x6894, 0x0000, 0x5024, 0x5895, 0xb5eb])).toBe(0xd5f9);
  });
});

describe('a sensor tag', () => {
  it.each([
    ['E2824027', 'Magnus S2'],
    ['E2824013', 'Magnus S1'],
    ['e282403D0000', 'Magnus S3'],
    ['E2824055', 'Xerxes-I'],
    ['E280B0441234', 'EM4325'],
  ])('with the TID %s is known as %s', (tid, name) => expect(sensorChipOf(tid)?.name).toBe(name));

  it.each(['E2801160200012345678ABCD', 'E280B0', '', 'E2034027'])('is not seen in the TID %s', (tid) =>
    expect(sensorChipOf(tid)).toBeNull(),
  );

  it('of Magnus S3 tells the temperature that the maker’s formula gives for real words', () => {
    const result = s3.convert(codes(12, 0x8d0));
    expect(told(result, 'temperature')).toBe(23.05);
    expect(told(result, 'moistureCode')).toBe(200);
    expect(told(result, 'onChipRssi')).toBe(12);
    expect(result.problems).toEqual([]);
  });

  it('of Magnus S3 gives the two calibration points at their own codes', () => {
    expect(told(s3.convert(codes(12, 2310)), 'temperature')).toBe(30.1);
    expect(told(s3.convert(codes(12, 2546)), 'temperature')).toBe(60.9);
  });

  it('of Magnus S3 tells no temperature when its calibration words are damaged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), (bit) => {
        const damaged = (BigInt(`0x${calibration}`) ^ (1n << BigInt(bit))).toString(16).padStart(16, '0');
        const result = s3.convert({ ...codes(12, 0x8d0), calibration: damaged });
        expect(told(result, 'temperature')).toBeUndefined();
        expect(result.problems).toEqual(['CALIBRATION']);
      }),
    );
  });

  it.each([
    [4, undefined, undefined],
    [5, 23.05, 200],
    [18, 23.05, 200],
    [19, undefined, 200],
    [21, undefined, 200],
    [22, undefined, undefined],
  ])(
    'of Magnus S3 that sees its own signal at %i tells only what can be trusted there',
    (rssi, temperature, moisture) => {
      const result = s3.convert(codes(rssi, 0x8d0));
      expect(told(result, 'temperature')).toBe(temperature);
      expect(told(result, 'moistureCode')).toBe(moisture);
      expect(result.problems).toEqual(temperature === undefined ? ['SIGNAL'] : []);
    },
  );

  it.each([
    [999, false],
    [1000, true],
    [3500, true],
    [3501, false],
  ])('of Magnus S3 with the code %i is in the range of the formula: %s', (code, inRange) => {
    const result = s3.convert(codes(12, code));
    expect(told(result, 'temperature') !== undefined).toBe(inRange);
    expect(result.problems).toEqual(inRange ? [] : ['RANGE']);
  });

  it('of Xerxes-I reads the code in sixteenths and counts from minus sixty', () => {
    const words = hex(0, 0, 321, 12, 2310 * 16);
    const result = sensorChipOf('E2824055')!.convert({ calibration, codes: words });
    expect(told(result, 'temperature')).toBe(50.1);
    expect(told(result, 'moistureCode')).toBe(321);
  });

  it('of Magnus S2 and S1 tells the moisture code in the low five bits', () => {
    for (const tid of ['E2824027', 'E2824013']) {
      expect(sensorChipOf(tid)!.convert({ moisture: 'FFF1' }).readings).toEqual([
        { quantity: 'moistureCode', value: 17, unit: 'C62' },
      ]);
    }
  });

  it.each([
    [0x0054, 21, []],
    [0x01ff, -0.25, []],
    [0x0100, -64, []],
    [0x00ff, 63.75, []],
    [0xa00a, 2.5, ['lowBattery', 'overTemperature']],
    [0x5c00, 0, ['auxiliary', 'underTemperature', 'passive3', 'monitoring']],
  ])('of EM4325 with the word %i tells %d °C and %j', (word, celsius, flags) => {
    const result = sensorChipOf('E280B0441234')!.convert({ sensor: hex(word, 0) });
    expect(result).toEqual({
      readings: [{ quantity: 'temperature', value: celsius, unit: 'CEL' }],
      problems: [],
      flags,
    });
  });

  it('whose words did not all come tells nothing, and says so', () => {
    for (const tid of ['E2824027', 'E2824013', 'E282403D', 'E2824055', 'E280B044']) {
      const chip = sensorChipOf(tid)!;
      expect(chip.convert({})).toEqual({ readings: [], problems: ['TOO_SHORT'], flags: [] });
      for (const { name, words } of chip.sample) expect(words, name).toBeGreaterThan(0);
    }
    expect(s3.convert({ codes: hex(200, 12, 0x8d0) }).problems).toEqual(['TOO_SHORT']);
  });
});

describe('relative humidity', () => {
  const inlay = [
    { code: 20, percent: 30 },
    { code: 10, percent: 80 },
    { code: 5, percent: 95 },
  ];
  it('comes from a moisture code by the points that the user measured on that inlay', () => {
    expect([20, 15, 10, 7, 5].map((code) => humidityOf(code, inlay))).toEqual([30, 55, 80, 89, 95]);
  });
  it('stays at the outermost point beyond them, and is not told from fewer than two', () => {
    expect([humidityOf(31, inlay), humidityOf(0, inlay)]).toEqual([30, 95]);
    expect([humidityOf(10, inlay.slice(0, 1)), humidityOf(10, [])]).toEqual([null, null]);
  });
});
