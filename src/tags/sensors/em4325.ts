import { bitsOf, nothing, type SensorChip, wordsOf } from './sensor.ts';

/** Bits of the first sensor word, from the top. */
const alarms = [
  [15, 'lowBattery'],
  [14, 'auxiliary'],
  [13, 'overTemperature'],
  [12, 'underTemperature'],
  [11, 'passive3'],
  [10, 'monitoring'],
] as const;

/**
 * EM4325: nine bits of two's complement in quarters of a degree, with alarms above them, in user words 100h and 101h [EM4325
 * data sheet, sensor data]. That these words can be read as memory has one source only.
 */
export const em4325: SensorChip = {
  name: 'EM4325',
  knows: (tid) => /^E280B04/i.test(tid),
  fixed: [],
  sample: [{ name: 'sensor', bank: 'user', word: 0x100, words: 2 }],
  convert: (words) => {
    const [first = 0, second] = wordsOf(words['sensor']);
    if (second === undefined) return nothing('TOO_SHORT');
    const raw = bitsOf(first, 0, 9);
    const quarters = raw >= 256 ? raw - 512 : raw;
    return {
      readings: [{ quantity: 'temperature', value: quarters / 4, unit: 'CEL' }],
      problems: [],
      flags: alarms.filter(([bit]) => bitsOf(first, bit, 1) === 1).map(([, name]) => name),
    };
  },
  confirmed: false,
};
