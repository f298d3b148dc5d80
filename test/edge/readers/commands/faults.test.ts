import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../../src/protocols/vocabulary/byte-profile.ts';
import type { ReaderCommand } from '../../../../src/readers/commands/command.ts';
import type { TagMemory } from '../../../../src/simulators/tag-memory.ts';
import { commandScene, type LineFault, neighbour, wanted } from '../../../fakes/command-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);
const families = [
  'thingmagic/m6e',
  'thingmagic/m7e',
  'magicrf/m100',
  'chafon/uhfreader288',
  'chafon/uhfreader18',
  'chafon/prime',
  'chainway/ur4',
  'r2000/a0',
  'nordicid/nur',
  'swct/integrated',
];
/** Scenes per family; more with FAULT_RUNS. */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 12);

const renamed = '3034257BF7194E4000001A86';
const password = '12345678';
const tag = { epc: wanted };
const user = { command: 'writeMemory', tag, bank: 'user', word: 2, data: 'CAFEBABE' } as const;

type Wish = {
  readonly command: ReaderCommand;
  /** What the tag must be like before. */
  prepare?(memory: TagMemory): void;
  isDone(memory: TagMemory): boolean;
};

const epcLocked = { command: 'lock', tag, password, lock: { epc: 'lock' } } as const;
const wishes: Readonly<Record<string, Wish>> = {
  writeEpc: { command: { command: 'writeEpc', tag, epc: renamed }, isDone: (memory) => memory.epc() === renamed },
  writeMemory: { command: user, isDone: (memory) => dataOf(memory, 'user', 2, 2) === 'CAFEBABE' },
  setPasswords: {
    command: { command: 'setPasswords', tag, access: password, kill: '0BADCAFE' },
    isDone: (memory) => dataOf(memory, 'reserved', 0, 4) === `0BADCAFE${password}`,
  },
  lock: {
    command: epcLocked,
    prepare: (memory) => void memory.write('reserved', 2, password, null),
    isDone: (memory) => !memory.write('epc', 1, memory.pc(), null).ok,
  },
  kill: {
    command: { command: 'kill', tag, killPassword: '0BADCAFE' },
    prepare: (memory) => void memory.write('reserved', 0, '0BADCAFE', null),
    isDone: (memory) => !memory.isAlive(),
  },
};

function dataOf(memory: TagMemory, bank: 'user' | 'reserved', word: number, words: number): string {
  const answer = memory.read(bank, word, words, password);
  return answer.ok ? answer.data : answer.error;
}

const kinds = ['silence', 'lostAnswer', 'damagedAnswer', 'unplug', 'unplugAfter', 'restart'] as const;
const shut = ['locked', 'badPassword'] as const;

function namesTags({ commands }: ByteProfile): boolean {
  return commands.writeMemory?.answer?.fields?.some(({ type }) => type.startsWith('pcEpc')) === true;
}

/**
 * What can go wrong with a step. Lies are left out that no gateway can see through: a success told by a reader that did
 * nothing and names no tag, and a tag that claims to be locked when that is what is looked for.
 */
const faultsOf = (profile: ByteProfile, wish: Wish): fc.Arbitrary<LineFault> =>
  fc.oneof(
    fc.constantFrom(...kinds).map((kind) => ({ kind })),
    ...(namesTags(profile) ? [fc.constant({ kind: 'otherTag' as const, epc: neighbour })] : []),
    fc
      .constantFrom('noTag' as const, 'memory' as const, 'tag' as const, ...(wish === wishes['lock'] ? [] : shut))
      .map((error) => ({ kind: 'error' as const, error })),
  );

function bytes(id: string): ByteProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} speaks no bytes`);
  return profile;
}

/** Runs a command while the given commands on the tag go wrong, then lets the reader recover. */
async function play(profile: ByteProfile, wish: Wish, faults: readonly (LineFault | undefined)[]) {
  const scene = commandScene(profile, { rate: 10 });
  scene.reader.start();
  await scene.clock.advance(3_000);
  const [it] = scene.device.present();
  if (it === undefined) throw new Error('no tag');
  wish.prepare?.(it.memory);
  const state = () => JSON.stringify([it.memory.epc(), it.memory.isAlive(), ...banksOf(it.memory)]);
  const before = state();
  scene.faulty.fault = (index) => faults[index];
  const readBefore = scene.reads.length;
  const result = await scene.run(wish.command);
  const after = state();
  scene.faulty.fault = () => undefined;
  await scene.clock.advance(15_000);
  return { ...scene, memory: it.memory, result, before, after, readBefore };
}

function banksOf(memory: TagMemory): unknown[] {
  return [memory.read('user', 0, 8, password), memory.read('reserved', 0, 4, password)];
}

describe.each(families)('%s, with failures at any step', (id) => {
  const profile = bytes(id);
  const somefaults = (wish: Wish) =>
    fc.array(fc.option(faultsOf(profile, wish), { nil: undefined, freq: 2 }), { minLength: 1, maxLength: 7 });
  const possible = Object.entries(wishes)
    .filter(
      ([name]) => name.startsWith('write') || name === 'setPasswords' || profile.commands[name as 'lock'] !== undefined,
    )
    .map(([, wish]) => wish);
  const scenes = fc.constantFrom(...possible).chain((wish) => fc.tuple(fc.constant(wish), somefaults(wish)));

  test('no half-done write is said to be done, each is in the log with its outcome, and inventory goes on', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ([wish, faults]) => {
        const { reads, lines, memory, result, before, after, readBefore } = await play(profile, wish, faults);
        if (result.outcome === 'done') expect(wish.isDone(memory)).toBe(true);
        if (result.outcome === 'failed' || result.outcome === 'refused') expect(after).toBe(before);
        expect(readBefore).toBeGreaterThan(10);
        if (memory.isAlive()) expect(reads.slice(-1)[0]?.epc).toBe(memory.epc());
        const told = lines.filter(({ message }) => message === 'reader command');
        const { command, outcome, error, steps } = result;
        expect(told).toEqual([expect.objectContaining({ command, outcome, error, steps })]);
        expect(JSON.stringify(lines)).not.toMatch(/12345678|0BADCAFE/);
      }),
      { numRuns: RUNS },
    );
  });

  test.each(kinds)(
    'a write that meets %s is found out by looking again, and reads before and after it count',
    async (kind) => {
      const scene = await play(profile, wishes['writeMemory'] as Wish, []);
      const at = scene.faulty.seen.indexOf('writeMemory');
      const faults: LineFault[] = [];
      faults[at] = { kind };
      const { result, memory, reads, reader, clock } = await play(profile, wishes['writeMemory'] as Wish, faults);
      const isObeyed = ['lostAnswer', 'damagedAnswer', 'unplugAfter'].includes(kind);
      expect(dataOf(memory, 'user', 2, 2) === 'CAFEBABE').toBe(isObeyed);
      // Whoever could look again knows; who was cut off does not.
      const isCut = kind.startsWith('unplug') || (kind === 'restart' && profile.session.boot !== undefined);
      expect(result.outcome).toBe(isCut ? 'unsure' : isObeyed ? 'done' : 'failed');
      const counted = reads.length;
      await clock.advance(2_000);
      expect(reads.length).toBeGreaterThan(counted);
      expect(reader.status().reads).toBe(reads.length);
    },
  );
});
