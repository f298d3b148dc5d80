/** The StoredPC or PacketPC word [Gen2 6.3.2.1.2.2, TDS 9.2]. */
export type ProtocolControl = {
  /** Length of what follows, in 16-bit words, 0 to 31. */
  readonly lengthWords: number;
  /** User memory present (Gen2 v2) or readable (Gen2 v3). */
  readonly userMemory: boolean;
  /** XPC words follow in the reply. */
  readonly extended: boolean;
  /** Numbering-system toggle: `true` means ISO, with an AFI; `false` EPC, with attribute bits. */
  readonly iso: boolean;
  /** Application family identifier as two hex digits, for ISO. */
  readonly afi: string | null;
  /** Attribute bits 18h–1Fh, for EPC. */
  readonly attributes: number | null;
};

/** The parts of a protocol-control word (0 to 65535). */
export function readPc(word: number): ProtocolControl {
  const iso = (word & 0x0100) !== 0;
  const low = word & 0xff;
  return {
    lengthWords: word >> 11,
    userMemory: (word & 0x0400) !== 0,
    extended: (word & 0x0200) !== 0,
    iso,
    afi: iso ? low.toString(16).toUpperCase().padStart(2, '0') : null,
    attributes: iso ? null : low,
  };
}

export type PcOptions = { readonly userMemory?: boolean; readonly attributes?: number; readonly afi?: string };

/** The word to store before an EPC of `hex` (whole words), as 4 upper-case hex digits. `afi` makes it an ISO tag. */
export function pcOf(hex: string, options: PcOptions = {}): string {
  const words = Math.ceil(hex.length / 4);
  const low =
    options.afi === undefined ? (options.attributes ?? 0) & 0xff : (Number.parseInt(options.afi, 16) & 0xff) | 0x0100;
  const word = (words << 11) | (options.userMemory === true ? 0x0400 : 0) | low;
  return word.toString(16).toUpperCase().padStart(4, '0');
}

/** What ISO 17363 to 17367 and others mean by an AFI. */
const afiTitles: Readonly<Record<string, string>> = {
  '90': 'vehicle (VDA)',
  A1: 'product (ISO 17367)',
  A2: 'transport unit (ISO 17365)',
  A3: 'returnable item (ISO 17364)',
  A4: 'product, hazardous (ISO 17367)',
  A5: 'package (ISO 17366)',
  A6: 'package, hazardous (ISO 17366)',
  A7: 'transport unit, hazardous (ISO 17365)',
  A8: 'returnable item, hazardous (ISO 17364)',
  A9: 'freight container (ISO 17363)',
  AA: 'freight container, hazardous (ISO 17363)',
};

/** The kind of thing an AFI stands for, or `null` where it is not known. */
export function afiTitle(afi: string): string | null {
  return afiTitles[afi.toUpperCase()] ?? null;
}

/** XPC_W1 [Gen2 6.3.2.1.2.5, TDS 9.2.4]. */
export type ExtendedControl = {
  readonly hex: string;
  /** XPC_W2 follows. */
  readonly second: boolean;
  /** Sensor bits 214h–217h (Gen2 v3): SA, SS, FS, SN. */
  readonly sensor: number;
  /** Bits 218h–21Fh, high to low. */
  readonly batteryAssisted: boolean;
  readonly computed: boolean;
  readonly selected: boolean;
  readonly notified: boolean;
  readonly untraceable: boolean;
  readonly killable: boolean;
  readonly notRemovable: boolean;
  readonly hazardous: boolean;
};

/** The parts of XPC_W1 (0 to 65535). */
export function readXpc(word: number): ExtendedControl {
  const bit = (mask: number) => (word & mask) !== 0;
  return {
    hex: word.toString(16).toUpperCase().padStart(4, '0'),
    second: bit(0x8000),
    sensor: (word >> 8) & 15,
    batteryAssisted: bit(0x80),
    computed: bit(0x40),
    selected: bit(0x20),
    notified: bit(0x10),
    untraceable: bit(0x08),
    killable: bit(0x04),
    notRemovable: bit(0x02),
    hazardous: bit(0x01),
  };
}
