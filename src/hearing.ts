import type { Clock } from './kit/index.ts';
import type { Presence } from './presence/index.ts';
import type { Reader } from './readers/index.ts';

/** Two looks at the clock are 250 ms apart: more than this passes between them only when the clock was set or the process was held up. */
const leapMs = 5_000;

/** The time, which tells presence of its leaps first. */
export function createWatch(clock: Clock, moved: Presence['clockMoved']): () => number {
  let lookedAt = clock.now();
  return () => {
    const from = lookedAt;
    lookedAt = clock.now();
    if (Math.abs(lookedAt - from) > leapMs) moved(from, lookedAt);
    return lookedAt;
  };
}

/**
 * Tells presence which readers are heard, by their links, their own word and their heartbeats: the others' silence is no
 * departure. What was at one that is removed while the gateway runs has not left. `configured`: ids of the readers at the start.
 */
export function createHearing(
  configured: readonly string[],
  readers: ReadonlyMap<string, Reader>,
  presence: Pick<Presence, 'readerUp' | 'readerDown'>,
  clock: Clock,
) {
  /** All whose reads may be in presence: one that is added and removed between two looks is among them, too. */
  const known = new Set(configured);
  return {
    /** What a reader sends after an outage proves that it is heard again, before any silence is counted. */
    heard: (reader: string, at: number) => {
      known.add(reader);
      presence.readerUp(reader, at);
    },
    look: () => {
      for (const [id, reader] of readers) {
        if (reader.status().reachable) presence.readerUp(id, clock.now());
        else presence.readerDown(id);
      }
      for (const id of known) if (!readers.has(id)) presence.readerDown(id);
    },
  };
}
