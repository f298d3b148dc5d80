import { createFramer } from '../../src/readers/bytes/framer.ts';
import { compileFraming, type Direction } from '../../src/readers/bytes/framing.ts';
import { hexOf } from '../../src/readers/bytes/hex.ts';
import type { Profile } from '../../src/readers/index.ts';

/** Frames and discarded runs, as hex, that a byte profile cuts out of these chunks. */
export function framesOf(profile: Profile, direction: Direction, chunks: readonly Uint8Array[], end = true) {
  if (profile.kind !== 'bytes') throw new Error(`${profile.id} has no frames`);
  const frames: string[] = [];
  const discarded: string[] = [];
  const reasons: string[] = [];
  const framings = profile.framing.map((framing) => compileFraming(framing, direction));
  const framer = createFramer(framings, {
    frame: (frame) => void frames.push(hexOf(frame)),
    discarded: (bytes, reason) => {
      discarded.push(hexOf(bytes));
      reasons.push(reason);
    },
  });
  for (const chunk of chunks) framer.push(chunk);
  if (end) framer.end();
  return { frames, discarded, reasons, pending: framer.pending() };
}
