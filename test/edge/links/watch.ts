import { sentenceOf, silentLog, systemClock } from '../../../src/kit/index.ts';
import type { ByteLinkEvents, LinkDeps } from '../../../src/links/index.ts';

/** Real time, no log, waits in the middle of their range. */
export const realDeps: LinkDeps = { clock: systemClock, log: silentLog, random: () => 0.5 };

/** Remembers what a byte link reported. */
export function watch() {
  const seen = { opened: 0, lost: [] as string[], bytes: [] as number[] };
  const events: ByteLinkEvents = {
    opened: () => {
      seen.opened += 1;
    },
    chunk: (bytes) => void seen.bytes.push(...bytes),
    lost: (error) => void seen.lost.push(sentenceOf(error)),
  };
  return { seen, events, text: () => Buffer.from(seen.bytes).toString('latin1') };
}
