import type { Clock } from '../../kit/index.ts';
import type { Conversation } from './conversation.ts';

/** What such a reader is at, for the technician. */
export const ONLY_SENDS = 'listening only: the reader sends, but answers nothing';

/** Finds out that a reader reports tags and answers nothing: it only sends. */
export type Deafness = {
  /** Its set-up is played from the beginning: what it did before says nothing of now. */
  begins(): void;
  /** Tags were reported. */
  reads(): void;
  /** It was asked: whether it only sends, as far as anybody can say by now. */
  shows(): boolean;
};

/** A reader that was found to only send is so until it answers, or until it has sent nothing for so long. */
const STAYS_MS = 10 * 60_000;

export function createDeafness(talk: Conversation, clock: Clock): Deafness {
  const state = { asked: talk.heard(), readAt: Number.NEGATIVE_INFINITY, hasRead: false, onlySends: false };
  return {
    begins: () => void Object.assign(state, { asked: talk.heard(), hasRead: false }),
    reads: () => {
      state.readAt = clock.now();
      state.hasRead = true;
    },
    shows: () => {
      const { asked, hasRead, onlySends } = state;
      const now = talk.heard();
      const sends = hasRead || (onlySends && clock.now() - state.readAt < STAYS_MS);
      const isDeaf = sends && now.answers === asked.answers && (onlySends || now.silences > asked.silences);
      Object.assign(state, { asked: now, hasRead: false, onlySends: isDeaf });
      return isDeaf;
    },
  };
}
