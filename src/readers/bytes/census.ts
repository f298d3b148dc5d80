import { type Clock, pause } from '../../kit/index.ts';
import { type ByteProfile, compileMatch, type Form, type Matcher, type TemplateValues } from '../../protocols/index.ts';
import { type ReadBatch, readsOf } from '../../tags/index.ts';
import type { Conversation } from './conversation.ts';

/** Counts the tags that a command would touch, by an inventory that only they answer. */
export type Census = {
  /** The EPCs of all that answered; null where the profile has no such inventory. Rejects as `tell` does. */
  take(values: TemplateValues, forms: readonly Form[], signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  /** A whole frame came. */
  heard(frame: Uint8Array): void;
  reads(reads: ReadBatch): void;
};

export function createCensus(profile: ByteProfile, talk: Conversation, clock: Clock): Census {
  const steps = (profile.access?.census ?? []).map(({ operation, until }) => ({
    operation,
    ends: compileMatch(until),
    ms: profile.commands[operation]?.timeoutMs ?? 0,
  }));
  let waiting: { readonly ends: Matcher; readonly done: AbortController } | null = null;
  let found: Set<string> | null = null;
  return {
    take: async (values, forms, signal) => {
      if (steps.length === 0) return null;
      const mine = new Set<string>();
      found = mine;
      const giveUp = () => waiting?.done.abort();
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        for (const { operation, ends, ms } of steps) {
          if (signal.aborted) break;
          const done = new AbortController();
          waiting = { ends, done };
          await talk.tell(operation, values, forms);
          await pause(clock, ms, done.signal);
        }
        return mine;
      } finally {
        signal.removeEventListener('abort', giveUp);
        waiting = null;
        found = null;
      }
    },
    heard: (frame) => {
      if (waiting?.ends(frame) === true) waiting.done.abort();
    },
    reads: (reads) => {
      if (found !== null) for (const { epc } of readsOf(reads)) found.add(epc);
    },
  };
}
