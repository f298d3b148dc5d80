import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/journal/index.ts';
import { journalOf } from '../../../src/journal-door.ts';
import { batchOf, identityOf } from '../../../src/tags/index.ts';
import { read, start } from '../../core/presence/fixtures.ts';
import { createStores } from '../journal/store-fixture.ts';
import { lineOver } from '../line/line-scene.ts';
import { heldJournal } from './held-journal.ts';

const { folder, open } = createStores();
const tags = Array.from({ length: 6 }, (_, n) => `3034257BF7194E400000${(0x1a80 + n).toString(16).toUpperCase()}`);
const ids = tags.map((hex) => identityOf(hex).epc.id);

type Step =
  | { readonly kind: 'reads'; readonly antenna: number; readonly tags: readonly number[] }
  | { readonly kind: 'inputs'; readonly inputs: readonly { tag: number; input: string; id: number }[] }
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'sights' }
  | { readonly kind: 'write'; readonly count: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'follow' };

const tagNumber = fc.nat(tags.length - 1);
const inputNames = fc.constantFrom(
  'receive',
  'sell',
  'return',
  'allocate',
  'release',
  'ship',
  'voidSale',
  'asn',
  'nonsense',
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('reads' as const),
      antenna: fc.integer({ min: 1, max: 3 }),
      tags: fc.array(tagNumber, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('inputs' as const),
      inputs: fc.array(fc.record({ tag: tagNumber, input: inputNames, id: fc.nat(4) }), {
        minLength: 1,
        maxLength: 5,
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.constantFrom(1, 3, 40, 700) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'sights' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refuse' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'follow' as const }) },
);

/** The line over a real database and a journal in the hand, with what became of each call. */
function world(store: Store) {
  const held = heldJournal(journalOf(store));
  const line = lineOver(store, { journal: held.journal });
  const calls: Promise<unknown>[] = [];
  let kept = 0;
  const call = (work: Promise<unknown>) => {
    calls.push(
      work.then(
        () => void kept++,
        (error) => expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' }),
      ),
    );
  };
  const applied: { readonly id: string; readonly item: string }[] = [];
  const inputs = async (given: ReturnType<typeof inputOf>[]) => {
    const results = await line.line.inputs(given);
    applied.push(...given.filter((_, n) => results[n]?.ok));
  };
  const followed: number[] = [];
  const follow = () => followed.push(...store.facts(followed.at(-1) ?? 0, 3).map(({ seq }) => seq));
  return { ...line, held, call, calls, inputs, applied, followed, follow, kept: () => kept };
}

type World = ReturnType<typeof world>;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function perform(w: World, step: Step): Promise<void> {
  const at = w.clock.now() - start;
  if (step.kind === 'reads')
    w.call(
      Promise.resolve(
        w.line.take(batchOf(step.tags.map((n) => read(step.antenna, at, { epc: tags[n] ?? '' }))), false),
      ),
    );
  else if (step.kind === 'inputs')
    w.call(w.inputs(step.inputs.map(({ tag, input, id }) => inputOf(tag, input, id, at))));
  else if (step.kind === 'sights') w.call(w.line.flush());
  else if (step.kind === 'write') await w.held.write(step.count);
  else if (step.kind === 'refuse') w.held.refuse();
  else if (step.kind === 'follow') w.follow();
  else {
    await w.clock.advance(step.seconds * 1_000);
    w.call(w.line.tick());
  }
  await turn();
}

function inputOf(tag: number, input: string, id: number, at: number) {
  const item = { item: ids[tag] ?? '', hex: tags[tag] ?? null };
  return { id: `input-${id}`, input, ...item, at: start + at, location: 'floor', reason: null, party: null };
}

/** Lets everything that waits be written, with the last sights. */
async function settle(w: World): Promise<void> {
  const flushed = w.line.flush();
  for (let n = 0; n < 200; n++) {
    await w.held.write(10);
    await turn();
  }
  await flushed;
  await Promise.all(w.calls);
}

function expectMemoryIsDisk(w: World): void {
  for (const id of ids) {
    expect(w.ledger.items.lookUp(id)).toEqual(w.store.lookUp(id));
    expectPresenceIsDisk(w, id);
  }
  expect(w.applied.filter(({ id, item }) => !w.store.inputSeen(id, item))).toEqual([]);
  expect(w.store.checkStock()).toEqual([]);
}

function expectPresenceIsDisk({ presence, store }: World, id: string): void {
  const rows = [...store.presencesOf([id])].sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  const seen = presence.lastSeen(id);
  expect(seen?.at ?? null).toBe(rows[0]?.lastSeenAt ?? null);
  if (seen !== null) expect(rows.map(({ readPoint }) => readPoint)).toContain(seen.readPoint);
  // What was written of a last sight is not taken back by a later event.
  const item = store.lookUp(id);
  const older = rows.filter(({ state, lastSeenAt }) => state === 'PRESENT' && lastSeenAt > (item?.lastSeenAt ?? 0));
  expect(item === null ? [] : older).toEqual([]);
}

describe('ledger and journal', () => {
  it('believe what is on disk after any run of reads, inputs, time and refusals; who follows sees it once, in order', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 60 }), async (list) => {
        const w = world(open(folder()));
        w.ledger.items.loaded();
        for (const step of list) await perform(w, step);
        await settle(w);
        expectMemoryIsDisk(w);
        for (let n = 0; n < 100; n++) w.follow();
        expect(w.followed).toEqual(w.store.facts(0, 1_000).map(({ seq }) => seq));
        kept += w.kept();
      }),
      { numRuns: 40 },
    );
    expect(kept).toBeGreaterThan(100);
  });
});
