/** CRC-16 of Gen2 over 16-bit words: polynomial 1021h, start FFFFh, inverted [Gen2v2, annex F]. */
export function gen2Crc(words: readonly number[]): number {
  let crc = 0xffff;
  for (const word of words) {
    for (let bit = 15; bit >= 0; bit--) {
      const top = ((crc >>> 15) ^ (word >>> bit)) & 1;
      crc = ((crc << 1) & 0xffff) ^ (top === 1 ? 0x1021 : 0);
    }
  }
  return crc ^ 0xffff;
}
