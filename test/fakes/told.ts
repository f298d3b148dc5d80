import { join } from 'node:path';
import { type Decoded, loadProfiles, openDecoder } from '../../src/profiles/index.ts';
import type { Bytes } from './wire.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../firmware-profiles')]);

/** What a shipped profile makes of these frames, one after the other. */
export function told(id: string, ...frames: readonly Bytes[]): Decoded[] {
  const decoder = openDecoder(profiles.get(id));
  return [...frames.flatMap((frame) => decoder.push(Uint8Array.from(frame))), ...decoder.end()];
}

/** A read with every member that `profile decode` shows: what is not named is null, the count 1, and no whole round. */
export function read(members: Readonly<Record<string, unknown>>) {
  const none = {
    antenna: null,
    rssi: null,
    frequencyKhz: null,
    phaseDeg: null,
    tid: null,
    at: null,
    pc: null,
    seq: null,
  };
  return { kind: 'read', ...none, count: 1, round: false, warnings: [], ...members };
}
