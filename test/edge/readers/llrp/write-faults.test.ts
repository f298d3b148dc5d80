import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CommandError, commandErrors } from '../../../../src/protocols/command-error.ts';
import type { MessageName } from '../../../../src/protocols/llrp/message.ts';
import type { ReaderCommand } from '../../../../src/readers/commands/command.ts';
import type { OpFault } from '../../../../src/simulators/llrp/simulated-access.ts';
import type { LlrpFaults } from '../../../../src/simulators/llrp/simulated-faults.ts';
import type { TagMemory } from '../../../../src/simulators/tag-memory.ts';
import { running, tags } from './scene.ts';

const RUNS = Number(process.env['LLRP_FAULTS'] ?? 100);
const [first] = tags.map(({ epc }) => epc) as [string];
const tag = { epc: first };
const other = '3034257BF7194E4000001A86';
const password = '12345678';

/** What stands on a tag, secrets included. */
function contentOf(memory: TagMemory): string {
  const key = memory.read('reserved', 2, 2, password).ok ? password : null;
  return JSON.stringify([
    memory.epc(),
    memory.pc(),
    memory.read('user', 0, 8, key),
    memory.read('reserved', 0, 4, key),
    memory.isAlive(),
  ]);
}

type Case = { readonly command: ReaderCommand; isDone(memory: TagMemory): boolean };
const writeMemory: Case = {
  command: { command: 'writeMemory', tag, bank: 'user', word: 2, data: 'CAFEBABE' },
  isDone: (memory) => JSON.stringify(memory.read('user', 2, 2, null)).includes('CAFEBABE'),
};
const cases: readonly Case[] = [
  { command: { command: 'writeEpc', tag, epc: other }, isDone: (memory) => memory.epc() === other },
  writeMemory,
  {
    command: { command: 'setPasswords', tag, access: password, kill: '0BADCAFE' },
    isDone: (memory) => JSON.stringify(memory.read('reserved', 0, 4, password)).includes(`0BADCAFE${password}`),
  },
];

const anyOperationFault: fc.Arbitrary<OpFault> = fc.record({
  done: fc.boolean(),
  says: fc.option(fc.constantFrom<CommandError>('noTag', 'tag', 'internal', 'locked', 'badPassword', 'power')),
});
/** Requests on the way that are refused or not answered, by their number. */
const requests: readonly MessageName[] = ['ADD_ACCESSSPEC', 'ENABLE_ACCESSSPEC', 'DELETE_ACCESSSPEC'];
type Faults = {
  readonly operations: readonly (OpFault | undefined)[];
  readonly refuse: MessageName | undefined;
  readonly mute: MessageName | undefined;
  readonly cutAfterMs: number | undefined;
};
const anyFaults: fc.Arbitrary<Faults> = fc.record({
  operations: fc.array(fc.option(anyOperationFault, { nil: undefined }), { maxLength: 10 }),
  refuse: fc.option(fc.constantFrom(...requests), { nil: undefined }),
  mute: fc.option(fc.constantFrom(...requests), { nil: undefined }),
  cutAfterMs: fc.option(fc.integer({ min: 20, max: 800 }), { nil: undefined }),
});

const asFaults = ({ operations, refuse, mute }: Faults): LlrpFaults => ({
  operation: (index) => operations[index],
  ...(refuse === undefined ? {} : { refuse }),
  ...(mute === undefined ? {} : { mute }),
});

const noFaults: Faults = { operations: [], refuse: undefined, mute: undefined, cutAfterMs: undefined };
/** The tag does everything from this operation on, and no word of it comes. */
const unheardFrom = (index: number): Faults => {
  const unheard = { done: true, says: null };
  return { ...noFaults, operations: Array.from({ length: index + 20 }, (_, i) => (i < index ? undefined : unheard)) };
};
/** One of each outcome, whatever the random ones come to. */
const sure = (index: number): Faults[] => [noFaults, { ...noFaults, refuse: 'ADD_ACCESSSPEC' }, unheardFrom(index)];

/** Gives a command to a reader with these faults; the line is cut where they say so. */
async function tryOut(command: ReaderCommand, faults: Faults, prepare: (memory: TagMemory) => void) {
  const it = await running({ rate: 100 });
  const [memory] = it.device.memories();
  if (memory === undefined) throw new Error('there is a tag');
  prepare(memory);
  const before = contentOf(memory);
  it.device.setFaults(asFaults(faults));
  const cut = faults.cutAfterMs === undefined ? null : it.clock.after(faults.cutAfterMs, it.line.unplug);
  const result = await it.ask(command);
  cut?.cancel();
  return { ...it, result, memory, isChanged: contentOf(memory) !== before };
}

const lies: readonly (CommandError | null)[] = ['locked', 'badPassword', 'power'];

/** A reader that says that the tag refused while the tag obeyed is a liar no gateway can see through. */
const isHonest = ({ operations }: Faults) => operations.every((fault) => !fault?.done || !lies.includes(fault.says));

it('reports no half-done write over LLRP as done, and none as failed that changed the tag, whatever fails on the way', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...cases), anyFaults, async ({ command, isDone }, faults) => {
      const it = await tryOut(command, faults, () => undefined);
      const { memory } = it;
      const { outcome, error, steps } = it.result;
      seen.add(outcome);
      if (outcome === 'done') expect(isDone(memory)).toBe(true);
      else expect(commandErrors).toContain(error);
      if (outcome === 'failed' && isHonest(faults)) expect(it.isChanged).toBe(false);
      expect(steps.length).toBeGreaterThan(0);
      // And the reader goes on, with nothing of ours left in it.
      it.device.setFaults({});
      it.line.unplug();
      it.line.plug();
      await it.clock.advance(1_000);
      expect(it.device.accessSpecs()).toEqual([]);
      expect(it.reader.status().lastEvent).toBe('inventory started');
    }),
    // Words and TID are read twice before the write.
    { numRuns: RUNS, examples: sure(4).map((faults): [Case, Faults] => [writeMemory, faults]) },
  );
  expect([...seen].sort()).toEqual(['done', 'failed', 'unsure']);
}, 300_000);

it('reports no lock as done that does not hold, whatever fails on the way', async () => {
  const seen = new Set<string>();
  const command = { command: 'lock', tag, password, lock: { user: 'lock' } } as const;
  await fc.assert(
    fc.asyncProperty(anyFaults, async (faults) => {
      const { result, memory } = await tryOut(command, faults, (it) => it.write('reserved', 2, password, null));
      const { outcome } = result;
      seen.add(outcome);
      const holds = !memory.write('user', 0, 'FFFF', null).ok;
      const isLiar = faults.operations.some((fault) => lies.includes(fault?.says ?? null));
      if (!isLiar && outcome !== 'unsure') expect(holds).toBe(outcome === 'done');
    }),
    // The TID is read twice before the lock.
    { numRuns: RUNS, examples: sure(2).map((faults): [Faults] => [faults]) },
  );
  expect([...seen].sort()).toEqual(['done', 'failed', 'unsure']);
}, 300_000);
