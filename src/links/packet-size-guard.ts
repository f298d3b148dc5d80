/**
 * Watches an MQTT byte stream for packets longer than `maxBytes` by their fixed headers (MQTT 3.1.1, 2.2) alone, so that
 * a packet is refused before anything of it is kept. Gives false at the first one; what follows is then undefined.
 */
export function createPacketSizeGuard(maxBytes: number): (bytes: Uint8Array) => boolean {
  let body = 0;
  let lengthBytes = -1;
  let length = 0;
  /** One byte of a fixed header; false when the packet it announces is too long or not MQTT. */
  const takeHeaderByte = (byte: number): boolean => {
    if (lengthBytes < 0) {
      lengthBytes = 0;
      length = 0;
      return true;
    }
    length += (byte & 0x7f) * 128 ** lengthBytes;
    lengthBytes += 1;
    if (byte & 0x80) return lengthBytes < 4;
    body = length;
    lengthBytes = -1;
    return length <= maxBytes;
  };
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      const skipped = Math.min(body, bytes.length - at);
      body -= skipped;
      at += skipped;
      if (at < bytes.length && !takeHeaderByte(bytes[at++] ?? 0)) return false;
    }
    return true;
  };
}
