/** LLRP by hand, from the standard's tables and not from this project's writer: everything is hex. */

const hexOf = (value: number, bytes: number) =>
  value
    .toString(16)
    .toUpperCase()
    .padStart(2 * bytes, '0');

/** Numbers of 1, 2 or 4 bytes. */
export const u8 = (value: number) => hexOf(value, 1);
export const u16 = (value: number) => hexOf(value, 2);
export const u32 = (value: number) => hexOf(value, 4);

export function tlv(type: number, ...parts: string[]): string {
  const value = parts.join('').replaceAll(' ', '');
  return u16(type) + u16(4 + value.length / 2) + value;
}

export function tv(type: number, value: string): string {
  return u8(0x80 + type) + value.replaceAll(' ', '');
}

export function message(type: number, parts: readonly string[], { version = 1, id = 1 } = {}): string {
  const body = parts.join('').replaceAll(' ', '');
  return u16((version << 10) + type) + u32(10 + body.length / 2) + u32(id) + body;
}

/** RO_ACCESS_REPORT with one TagReportData for each given value. */
export function report(...values: string[]): string {
  return message(
    61,
    values.map((value) => tlv(240, value)),
  );
}

/** READER_EVENT_NOTIFICATION of 1 s after midnight of 2025-09-26 UTC with these events. */
export function notification(...events: string[]): string {
  const time = tlv(
    128,
    BigInt(Date.UTC(2025, 8, 26, 0, 0, 1) * 1000)
      .toString(16)
      .padStart(16, '0'),
  );
  return message(63, [tlv(246, time, ...events)]);
}

export const EPC96 = '300833B2DDD9014000000003';
export const epc96 = tv(13, EPC96);
