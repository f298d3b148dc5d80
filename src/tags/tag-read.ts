/**
 * One report of one tag by one antenna, whatever the reader's language was. Every member is always there and in this
 * order (one hidden class on the hot path); `null` means that the report did not say.
 */
export type TagRead = {
  /** The gateway's id of the reader: from the connection or topic, never from the payload. */
  readonly reader: string;
  /** What `epc` holds: an EPC, a TID where the report has no EPC, or a card's or fob's UID. */
  readonly idType: 'epc' | 'tid' | 'uid';
  /** Upper-case hex without separators, at most 124 digits (496 bits). */
  readonly epc: string;
  /** Protocol-control word as 4 hex digits. */
  readonly pc: string | null;
  readonly tid: string | null;
  /** Antenna port, counted from 1. */
  readonly antenna: number | null;
  /** dBm. */
  readonly rssi: number | null;
  /** Reads this report stands for, at least 1. May be cumulative on some readers: never sum blindly. */
  readonly count: number;
  /** It stands for a whole round of its reader, which names the tag no second time in it: such a report needs no other beside it. */
  readonly round: boolean;
  /** When it was read, epoch ms by the reader's clock; `receivedAt` where the reader has none or it is implausible. */
  readonly at: number;
  /** When the gateway got it, epoch ms. */
  readonly receivedAt: number;
  readonly frequencyKhz: number | null;
  /** Degrees in [0, 360). */
  readonly phaseDeg: number | null;
  /** The reader's own running number, where it sends one; starts again when the reader restarts. */
  readonly seq: number | null;
};
