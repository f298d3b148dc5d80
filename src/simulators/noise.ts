import type { Noise } from './simulator.ts';

/** The frame as a bad line delivers it. `checkAt` is where its check value stands, negative from the end. */
export function noisy(frame: Uint8Array, noise: Noise, random: () => number, checkAt: number): Uint8Array {
  let bytes = frame;
  if (random() < (noise.checksum ?? 0)) {
    bytes = Uint8Array.from(bytes);
    const at = checkAt < 0 ? bytes.length + checkAt : checkAt;
    bytes[at] = ((bytes[at] ?? 0) + 1 + Math.floor(random() * 254)) & 0xff;
  }
  if (random() < (noise.drop ?? 0)) {
    const lost = Math.floor(random() * bytes.length);
    bytes = bytes.filter((_, index) => index !== lost);
  }
  if (random() < (noise.garbage ?? 0)) {
    const garbage = Array.from({ length: 1 + Math.floor(random() * 8) }, () => Math.floor(random() * 256));
    bytes = Uint8Array.from([...garbage, ...bytes]);
  }
  return bytes;
}
