import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadProfiles } from '../../../../../src/profiles/index.ts';
import type { MessageDecoder } from '../../../../../src/protocols/messages/message-decoder.ts';
import type { DecodeContext } from '../../../../../src/protocols/sink.ts';
import type { MessageProfile } from '../../../../../src/protocols/vocabulary/message-profile.ts';
import type { ReadMap } from '../../../../../src/protocols/vocabulary/read-map.ts';
import { readSink } from '../../../../fakes/sink.ts';

const root = join(import.meta.dirname, '../../../../..');
export const profiles = loadProfiles([join(root, 'firmware-profiles')]);

export type Captured = {
  readonly name: string;
  readonly profile: MessageProfile;
  readonly map: ReadMap | undefined;
  readonly topic: string;
  readonly payload: Buffer;
};

function messageProfile(id: string): MessageProfile | null {
  const profile = profiles.all().find((one) => one.id === id);
  return profile?.kind === 'messages' ? profile : null;
}

/** Every captured message of every profile of messages. */
export function capturedMessages(): Captured[] {
  const folder = join(root, 'test/captures');
  return readdirSync(folder).flatMap((maker) =>
    readdirSync(join(folder, maker))
      .filter((name) => name.endsWith('.payload'))
      .flatMap((name) => {
        const told = JSON.parse(readFileSync(join(folder, maker, name.replace(/payload$/, 'json')), 'utf8'));
        const profile = messageProfile(told.profile);
        if (profile === null) return [];
        const payload = readFileSync(join(folder, maker, name));
        return [{ name: `${maker}/${name}`, profile, map: told.map, topic: told.topic ?? '', payload }];
      }),
  );
}

/** A reader's times as they are, -1 where it tells none: what the intake makes of them is its own affair. */
export const context: DecodeContext = { reader: 'r', antenna: null, stamp: (at) => at ?? -1 };

/** All that a decoder tells of one message: a sign that each of many reads gives counts once. */
export function toldBy(decoder: MessageDecoder, topic: string, payload: Uint8Array): unknown {
  const other: unknown[] = [];
  const signs: string[] = [];
  const { sink, reads } = readSink({
    answer: (answer) => void other.push(['answer', answer]),
    event: (event) => void other.push(['event', event]),
    bad: (reason, bytes, index, why) =>
      void other.push(['bad', reason, Buffer.from(bytes).toString('hex'), index, why]),
    sign: (sign, at) => {
      const text = JSON.stringify([sign, at]);
      if (signs.at(-1) !== text) signs.push(text);
    },
    warn: (code, by) => void other.push(['warn', code, by]),
  });
  sink.rows().receivedAt = -1;
  const understood = decoder.message({ topic, payload, at: -1 }, sink);
  return { understood, reads, other, signs };
}
