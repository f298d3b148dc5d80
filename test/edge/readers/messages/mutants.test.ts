import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageProfile } from '../../../../src/protocols/vocabulary/message-profile.ts';
import { profiles, scene } from './scene.ts';

/** Payloads per profile; the full count is a million. */
const mutants = Number(process.env['MUTANTS'] ?? 4_000);
const folder = join(import.meta.dirname, '../../../captures');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.payload'));
const payloads = files.map((file) => readFileSync(join(folder, file)));
const reasons = [
  'BAD_JSON',
  'NOT_OBJECT',
  'UNKNOWN_SHAPE',
  'NO_ID',
  'BAD_EPC_HEX',
  'FASTID_TOO_SHORT',
  'TOO_LARGE',
  'NO_COLUMN',
];
const warned = [
  'EPC_MISMATCH',
  'RSSI_IMPLAUSIBLE',
  'RSSI_UNPARSED',
  'ANTENNA_UNPARSED',
  'TIME_UNPARSED',
  'TID_READ_ERROR',
  'CLOCK_SKEW',
  'READER_OVERFLOW',
  'READER_DROPPED',
  'MESSAGE_DAMAGED',
];

type Rolls = () => number;

/** What a bad network, a bad firmware or a bad person makes of a payload. */
const damages: readonly ((bytes: Buffer, roll: Rolls) => Buffer)[] = [
  (bytes, roll) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i <= roll() * 4; i++) copy[at(copy, roll)] = Math.floor(roll() * 256);
    return copy;
  },
  (bytes, roll) => Buffer.concat([bytes.subarray(0, at(bytes, roll)), bytes.subarray(at(bytes, roll))]),
  (bytes, roll) => bytes.subarray(0, at(bytes, roll)),
  (bytes, roll) => replaced(bytes, roll, /"[^"]*"/g, ['null', '-1', '1e999', '""', '[]', '{}', 'true', '"__proto__"']),
  (bytes, roll) =>
    replaced(bytes, roll, /-?\d+(\.\d+)?/g, ['null', '1e308', '-0', '99999999999999999999', '"x"', '[[]]']),
  (bytes, roll) => replaced(bytes, roll, /[[\]{},:]/g, ['[', ']', '{', '}', ',', ':', '[[[[', '"']),
  (bytes, roll) => Buffer.from(`${'['.repeat(roll() * 3_000)}${bytes.toString()}`),
  (bytes, roll) => Buffer.concat(Array.from({ length: 1 + roll() * 5 }, () => bytes)),
];

function mutant(roll: Rolls): Buffer {
  const payload = payloads[Math.floor(roll() * payloads.length)] ?? Buffer.alloc(0);
  const damage = damages[Math.floor(roll() * damages.length)];
  return damage?.(payload, roll) ?? payload;
}

function at(bytes: Uint8Array, roll: Rolls): number {
  return Math.floor(roll() * bytes.length);
}

function replaced(bytes: Buffer, roll: Rolls, what: RegExp, by: readonly string[]): Buffer {
  const text = bytes.toString();
  const found = [...text.matchAll(what)];
  const one = found[Math.floor(roll() * found.length)];
  if (one === undefined) return bytes;
  return Buffer.from(
    text.slice(0, one.index) + by[Math.floor(roll() * by.length)] + text.slice(one.index + one[0].length),
  );
}

/** xorshift: the same mutants for the same seed. */
function rolls(seed: number): Rolls {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const messageProfiles = profiles.all().filter((profile): profile is MessageProfile => profile.kind === 'messages');

describe.each(messageProfiles.map(({ id }) => ({ id })))('$id', ({ id }) => {
  test(`${mutants} mutated payloads: nothing is thrown, every one is taken or counted by a known reason, nothing grows`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1 }), async (seed) => {
        const roll = rolls(seed);
        const { broker, reader, reads } = scene(id, { simulated: false });
        for (let i = 0; i < mutants; i++) {
          // What was read is not what is looked at here, and a million of it would fill the memory.
          reads.length = 0;
          await broker.deliver(roll() < 0.9 ? 'r/data' : 'r/status', mutant(roll));
        }
        const { rejected, warnings, samples, antennas } = reader.status();
        expect(reasons).toEqual(expect.arrayContaining(Object.keys(rejected)));
        expect(warned).toEqual(expect.arrayContaining(Object.keys(warnings)));
        expect(Object.keys(rejected).length).toBeGreaterThan(2);
        expect(samples.length).toBeLessThanOrEqual(10);
        expect(antennas.length).toBeLessThanOrEqual(257);
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      }),
      { numRuns: 1 },
    );
  }, 3_600_000);
});
