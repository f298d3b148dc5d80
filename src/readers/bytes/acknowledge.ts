import { type ByteProfile, bytesOf, compileMatch } from '../../protocols/index.ts';
import { attempt } from './attempt.ts';
import type { Conversation } from './conversation.ts';

/** Answers frames that want to be acknowledged; after the chunk that brought them was taken in. */
export function compileAcknowledge({ session }: ByteProfile, talk: Conversation): (frame: Uint8Array) => void {
  const { acknowledge } = session;
  if (acknowledge === undefined) return () => undefined;
  const wants = compileMatch(acknowledge.match);
  const bytes = bytesOf(acknowledge.send);
  return (frame) => {
    if (wants(frame)) void Promise.resolve().then(() => attempt(() => talk.raw(bytes)));
  };
}
