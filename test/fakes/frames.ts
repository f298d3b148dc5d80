import type { Profile } from '../../src/profiles/index.ts';
import { createFramer } from '../../src/protocols/bytes/framer.ts';
import { compileFraming, type Direction } from '../../src/protocols/bytes/framing.ts';
import { hexOf } from '../../src/protocols/bytes/hex.ts';

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
