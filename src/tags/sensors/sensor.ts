/** Words of a tag's memory, hex, by the names that a chip's row gives its reads. */
export type SensorWords = Readonly<Record<string, string>>;

/** What must be sent before a read so that the chip measures: a Gen2 Select, then quiet carrier for a while. */
export type Preselect = {
  readonly bank: 'epc' | 'tid' | 'user';
  readonly bit: number;
  readonly bits: number;
  /** Hex of whole bytes; empty for a mask of no bits. */
  readonly mask: string;
  readonly waitMs: number;
};

export type SensorRead = {
  readonly name: string;
  readonly bank: 'reserved' | 'user';
  readonly word: number;
  readonly words: number;
  readonly preselect?: Preselect;
};

/** One value; `unit` is the UN/CEFACT code that EPCIS uses: `CEL` °C, `P1` percent, `C62` a bare number. */
export type SensorReading = {
  readonly quantity: 'temperature' | 'humidity' | 'moistureCode' | 'onChipRssi';
  readonly value: number;
  readonly unit: 'CEL' | 'P1' | 'C62';
};

/** Why the words of a chip give no value. */
export type SensorProblem =
  /** Calibration words whose own CRC does not fit. */
  | 'CALIBRATION'
  /** The chip had too little or too much power to measure: change the transmit power and try again. */
  | 'SIGNAL'
  /** A code that no measurement gives. */
  | 'RANGE'
  /** The words are not as many as the chip has. */
  | 'TOO_SHORT';

export type SensorResult = {
  readonly readings: readonly SensorReading[];
  readonly problems: readonly SensorProblem[];
  /** What the chip says beside the values, e.g. `lowBattery`. */
  readonly flags: readonly string[];
};

/** A chip with a sensor, a row: how it is known, what is read, what that means. */
export type SensorChip = {
  readonly name: string;
  /** Whether the first two words of the TID are this chip's. */
  knows(tid: string): boolean;
  /** Read once; calibration does not change. */
  readonly fixed: readonly SensorRead[];
  /** Read for every sample. */
  readonly sample: readonly SensorRead[];
  convert(words: SensorWords): SensorResult;
  /** False where no second source confirmed how the chip is known or where its words are. */
  readonly confirmed: boolean;
};

/** Bits `count` wide whose lowest is `low`. */
export function bitsOf(word: number, low: number, count: number): number {
  return (word >>> low) & (2 ** count - 1);
}

/** The 16-bit words of a hex text, in their order: where the last is there, all are. */
export function wordsOf(hex = ''): number[] {
  return (hex.match(/.{4}/g) ?? []).map((word) => Number.parseInt(word, 16));
}

/** A result without any value. */
export function nothing(problem: SensorProblem): SensorResult {
  return { readings: [], problems: [problem], flags: [] };
}
