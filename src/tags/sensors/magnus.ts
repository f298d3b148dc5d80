import { gen2Crc } from './gen2-crc.ts';
import {
  bitsOf,
  nothing,
  type SensorChip,
  type SensorProblem,
  type SensorReading,
  type SensorResult,
  wordsOf,
} from './sensor.ts';

/** Words on which a Magnus chip measures: on-chip RSSI from 5 to these, temperature codes between these. */
const RSSI_LEAST = 5;
const RSSI_MOST = { temperature: 18, moisture: 21 };
const CODES = { least: 1000, most: 3500 };

const AXZON = 'E282';

/** The second word of a TID of this maker, as 4 hex digits; empty for others. */
const modelOf = (tid: string) => (tid.slice(0, 4).toUpperCase() === AXZON ? tid.slice(4, 8).toUpperCase() : '');

/** How much antenna a moisture sensor has to add: 0 to 31, lower is wetter; what that is in percent depends on the inlay. */
function moistureOnly(words: Readonly<Record<string, string>>): SensorResult {
  const [code] = wordsOf(words['moisture']);
  if (code === undefined) return nothing('TOO_SHORT');
  return { readings: [{ quantity: 'moistureCode', value: bitsOf(code, 0, 5), unit: 'C62' }], problems: [], flags: [] };
}

/** Magnus S2 (RFM2100): a moisture code of 5 bits in reserved word Bh [Axzon AND9213]. */
export const magnusS2: SensorChip = {
  name: 'Magnus S2',
  knows: (tid) => modelOf(tid).startsWith('402'),
  fixed: [],
  sample: [{ name: 'moisture', bank: 'reserved', word: 0xb, words: 1 }],
  convert: moistureOnly,
  confirmed: true,
};

/** The first Magnus chips keep the same code in user word Bh. */
export const magnusS1: SensorChip = {
  ...magnusS2,
  name: 'Magnus S1',
  knows: (tid) => modelOf(tid).startsWith('401'),
  sample: [{ name: 'moisture', bank: 'user', word: 0xb, words: 1 }],
};

const measureTemperature = { bank: 'user', bit: 0xe0, bits: 0, mask: '' } as const;
const calibration = { name: 'calibration', bank: 'user', word: 0x8, words: 4 } as const;

/** Magnus S3 (RFM3200, RFM3300): moisture, on-chip RSSI and a temperature code in reserved words Ch to Eh. */
export const magnusS3: SensorChip = {
  name: 'Magnus S3',
  knows: (tid) => modelOf(tid).startsWith('403'),
  fixed: [calibration],
  sample: [{ name: 'codes', bank: 'reserved', word: 0xc, words: 3, preselect: { ...measureTemperature, waitMs: 3 } }],
  convert: (words) => {
    const [moisture = 0, rssi = 0, temperature] = wordsOf(words['codes']);
    if (temperature === undefined) return nothing('TOO_SHORT');
    const codes = {
      moisture: bitsOf(moisture, 0, 9),
      rssi: bitsOf(rssi, 0, 5),
      temperature: bitsOf(temperature, 0, 12),
    };
    return measured(codes, words['calibration'], { scale: 1, offset: 800 });
  },
  confirmed: true,
};

/** Xerxes-I: like S3 with words Ah to Eh, finer codes and another offset. Which models are Xerxes is not confirmed. */
export const xerxes: SensorChip = {
  name: 'Xerxes-I',
  knows: (tid) => /^40[4-9A-F]/.test(modelOf(tid)),
  fixed: [calibration],
  sample: [{ name: 'codes', bank: 'reserved', word: 0xa, words: 5, preselect: { ...measureTemperature, waitMs: 9 } }],
  convert: (words) => {
    const [, , moisture = 0, rssi = 0, temperature] = wordsOf(words['codes']);
    if (temperature === undefined) return nothing('TOO_SHORT');
    return measured({ moisture, rssi: bitsOf(rssi, 0, 5), temperature }, words['calibration'], {
      scale: 1 / 16,
      offset: 600,
    });
  },
  confirmed: false,
};

type Codes = { readonly moisture: number; readonly rssi: number; readonly temperature: number };
type Law = { readonly scale: number; readonly offset: number };

function measured(codes: Codes, calibrationWords: string | undefined, law: Law): SensorResult {
  const readings: SensorReading[] = [{ quantity: 'onChipRssi', value: codes.rssi, unit: 'C62' }];
  const problems: SensorProblem[] = [];
  if (codes.rssi >= RSSI_LEAST && codes.rssi <= RSSI_MOST.moisture) {
    readings.push({ quantity: 'moistureCode', value: codes.moisture, unit: 'C62' });
  } else problems.push('SIGNAL');
  const temperature = temperatureOf(codes, calibrationWords, law);
  if (typeof temperature === 'number') readings.push({ quantity: 'temperature', value: temperature, unit: 'CEL' });
  else if (!problems.includes(temperature)) problems.push(temperature);
  return { readings, problems, flags: [] };
}

/**
 * °C to a hundredth, on the line through the two points that the maker measured [Axzon AND9213]. Words 8h to Bh of user
 * memory hold the points; the first is the CRC of the rest, and without it nothing is told.
 */
function temperatureOf(
  { rssi, temperature }: Codes,
  words: string | undefined,
  { scale, offset }: Law,
): number | SensorProblem {
  const [crc, w9 = 0, wA = 0, wB] = wordsOf(words);
  if (wB === undefined) return 'TOO_SHORT';
  if (gen2Crc([w9, wA, wB]) !== crc) return 'CALIBRATION';
  if (rssi < RSSI_LEAST || rssi > RSSI_MOST.temperature) return 'SIGNAL';
  const code = temperature * scale;
  if (code < CODES.least || code > CODES.most) return 'RANGE';
  const first = { code: w9 >>> 4, tenths: ((w9 << 7) & 0x780) | (wA >>> 9) };
  const second = { code: ((wA << 3) & 0xff8) | (wB >>> 13), tenths: (wB >>> 2) & 0x7ff };
  if (second.code === first.code) return 'CALIBRATION';
  const slope = (second.tenths - first.tenths) / (second.code - first.code);
  const celsius = 0.1 * slope * (code - first.code) + 0.1 * (first.tenths - offset);
  return Math.round(celsius * 100) / 100;
}
