import type { DecodeContext, Sink } from '../../sink.ts';
import type { MessageProfile } from '../../vocabulary/message-profile.ts';
import type { ReadMap } from '../../vocabulary/read-map.ts';
import type { Incoming, MessageDecoder } from '../message-decoder.ts';
import type { Voice } from '../plugin.ts';
import { createScanner } from './scanner.ts';

export type ScanningParts = {
  readonly profile: MessageProfile;
  readonly map: ReadMap;
  readonly voice: Voice;
  readonly context: DecodeContext;
};

/** Reads messages by the shapes that it learns from those that `decoder` decodes, and leaves all others to it. */
export function createScanningDecoder(decoder: MessageDecoder, parts: ScanningParts): MessageDecoder {
  const { profile, map, voice, context } = parts;
  const { looksAt } = voice;
  if (looksAt === null || (map.payload ?? 'json') !== 'json') return decoder;
  const scanner = createScanner({ map, rules: profile.rules, looksAt, antenna: context.antenna });
  const isTaken = ({ topic, payload, at }: Incoming, sink: Sink): number => {
    const rows = sink.rows();
    const { size } = rows;
    if (payload.length > profile.maxPayload || !scanner.take(payload, topic, rows)) return -1;
    const count = rows.size - size;
    rows.size = size;
    rows.receivedAt = at;
    if (looksAt.length > 0) scanner.met((sample) => voice.read(sample, sink));
    sink.readUnstamped(count);
    return count;
  };
  return {
    status: decoder.status,
    message: (incoming, sink) => {
      const count = isTaken(incoming, sink);
      if (count >= 0) return count;
      const { size } = sink.rows();
      const understood = decoder.message(incoming, sink);
      scanner.learn(incoming.payload, incoming.topic, sink.rows(), size);
      return understood;
    },
  };
}
