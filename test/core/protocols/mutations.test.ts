import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { loadProfiles, openDecoder, type Profile } from '../../../src/profiles/index.ts';

/** Mutated inputs per profile; the full count is a million: `FRAMES=1000000 npx vitest run mutations`. */
const COUNT = Number(process.env['FRAMES'] ?? 5_000);
/** What a decoder may hold on to, whatever it was fed. */
const MOST_HELD = 4 * 1024 * 1024;

/** One profile of each protocol: models that decode alike are tried once. */
const profiles = [
  ...new Map(
    loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')])
      .all()
      .map((profile) => [protocolOf(profile), profile] as const)
      .reverse(),
  ).values(),
];

function protocolOf(profile: Profile): string {
  if (profile.kind === 'bytes') return JSON.stringify([profile.framing, profile.reports]);
  if (profile.kind === 'lines') return JSON.stringify([profile.grammar, profile.patterns]);
  return JSON.stringify(profile.kind === 'llrp' ? profile.values : [profile.map, profile.rules]);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collect();
  // Buffers are freed beside the program; the second collection waits for the first.
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The profile's own captures, as the bytes that a link would bring. */
function seedsOf(profile: Profile): Buffer[] {
  if (profile.kind !== 'messages')
    return profile.captures.map(({ hex }) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return profile.captures.map(({ payload }) =>
    Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload), 'utf8'),
  );
}

const interesting = [0x00, 0xff, 0x7f, 0x80, 0x22, 0x5b, 0x7b, 0x2c, 0x0d, 0x0a];

/** One step of damage: a bit, a byte, bytes lost, bytes added, a piece cut off, a piece twice. */
function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(bytes.length + 1);
  switch (random(7)) {
    case 0:
      return replaced(bytes, at, (byte) => byte ^ (1 << random(8)));
    case 1:
      return replaced(bytes, at, () => random(256));
    case 2:
      return spliced(bytes, at, 1 + random(4), []);
    case 3:
      return spliced(bytes, at, 0, interesting.slice(random(5)));
    case 4:
      return bytes.slice(0, at);
    case 5:
      return spliced(bytes, at, 0, bytes.subarray(at, at + 1 + random(12)));
    default:
      return replaced(bytes, at, (byte) => interesting[random(interesting.length)] ?? byte);
  }
}

function replaced(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function spliced(bytes: Uint8Array, at: number, lost: number, added: ArrayLike<number>): Uint8Array {
  const rest = bytes.subarray(at + lost);
  const out = new Uint8Array(at + added.length + rest.length);
  out.set(bytes.subarray(0, at));
  out.set(added, at);
  out.set(rest, at + added.length);
  return out;
}

describe.each(profiles.map((profile) => ({ id: profile.id, profile })))('$id', ({ profile }) => {
  test(`takes ${COUNT} mutated inputs without an exception and without growing, and still reads`, () => {
    const random = generator(31_337);
    const seeds = seedsOf(profile);
    const fresh = () => seeds.map((seed) => openDecoder(profile).push(seed));
    const atFirst = fresh();
    let decoder = openDecoder(profile);
    const before = heldBytes();
    let outcomes = 0;
    let tooMany = 0;
    for (let i = 0; i < COUNT; i++) {
      let input: Uint8Array = seeds[random(seeds.length)] ?? Buffer.alloc(0);
      for (let n = 1 + random(4); n > 0; n--) input = mutate(input, random);
      const out = decoder.push(input);
      outcomes += out.length;
      // An outcome is made of a byte at least, of this input or of what a frame may hold from before.
      if (out.length > input.length + 4_096) tooMany += 1;
      // A broken LLRP connection is not mended; its reader dials again.
      if (profile.kind === 'llrp') decoder = openDecoder(profile);
    }
    expect(heldBytes() - before).toBeLessThan(MOST_HELD);
    expect(tooMany).toBe(0);
    expect(outcomes).toBeGreaterThan(COUNT / 100);
    expect(fresh()).toEqual(atFirst);
  }, 3_600_000);
});
