import type { Clock, Timer } from '../../kit/index.ts';
import type { ByteProfile } from '../../protocols/index.ts';

/** Calls `again` after each silence and `dead` after `missed` of them on end. */
export function createSilenceWatch(
  { silenceMs, missed }: ByteProfile['session'],
  clock: Clock,
  calls: { again(): void; dead(): void },
) {
  let timer: Timer | null = null;
  let heardAt = 0;
  let silences = 0;
  let isHeld = false;
  const check = () => {
    if (isHeld || clock.now() - heardAt < silenceMs) return;
    silences += 1;
    if (silences < missed) calls.again();
    else calls.dead();
  };
  return {
    begin: () => {
      heardAt = clock.now();
      silences = 0;
      timer = clock.every(silenceMs, check);
    },
    heard: () => {
      heardAt = clock.now();
      silences = 0;
    },
    /** Of a channel that is held nothing can be heard. */
    hold: (held: boolean) => {
      isHeld = held;
      heardAt = clock.now();
    },
    end: () => {
      timer?.cancel();
      timer = null;
    },
    watching: () => timer !== null,
  };
}
