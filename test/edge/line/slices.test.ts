import { describe, expect, it } from 'vitest';
import type { Fact, Store } from '../../../src/journal/index.ts';
import { journalOf } from '../../../src/journal-door.ts';
import { batchOf, identityOf } from '../../../src/tags/index.ts';
import { read, start } from '../../core/presence/fixtures.ts';
import { createStores } from '../journal/store-fixture.ts';
import { heldJournal } from '../ledger/held-journal.ts';
import { lineOver } from './line-scene.ts';

const { folder, open } = createStores();
const epcOf = (n: number) => `3034257BF7194E40${n.toString(16).toUpperCase().padStart(8, '0')}`;
const idOf = (n: number) => identityOf(epcOf(n)).epc.id;

/** The whole log. */
function factsOf(store: Store): Fact[] {
  const facts: Fact[] = [];
  for (let page = store.facts(0, 1_000); page.length > 0; page = store.facts(facts.at(-1)?.seq ?? 0, 1_000))
    facts.push(...page);
  return facts;
}

function inputOf(n: number, input: string, id = `${input}-${n}`) {
  return { id, input, item: idOf(n), hex: epcOf(n), at: start, location: 'floor', reason: null, party: null };
}

describe('tags that leave together', () => {
  it('leave in slices, and what is read between two of them has its effect at once', async () => {
    const store = open(folder());
    const came = idOf(2_000);
    let left = Number.POSITIVE_INFINITY;
    const w = lineOver(store, {
      turn: async () => {
        const present = store.presences().length;
        const begun = left === Number.POSITIVE_INFINITY && present < 1_500 && present > 0;
        if (!begun) return;
        left = present;
        const at = w.clock.now() - start;
        await w.line.take(
          batchOf([read(1, at - 400, { epc: epcOf(2_000) }), read(1, at, { epc: epcOf(2_000) })]),
          false,
        );
      },
    });
    const all = Array.from({ length: 1_500 }, (_, n) => n);
    for (const at of [0, 400]) await w.line.take(batchOf(all.map((n) => read(1, at, { epc: epcOf(n) }))), false);
    await w.pass(700_000);
    await w.line.tick();
    expect(left).toBeGreaterThan(1_000);
    const told = factsOf(store);
    const departed = told.filter(({ event }) => event.type === 'item.departed').length;
    expect(departed).toBe(1_500);
    expect(store.presences().map(({ id }) => id)).toEqual([came]);
    const arrivedAt = told.findIndex((fact) => fact.kind === 'item' && fact.event.item.id === came);
    expect(told.slice(arrivedAt).filter(({ event }) => event.type === 'item.departed').length).toBe(left);
  });
});

describe('many inputs', () => {
  it('that are decided in slices see what others decided meanwhile, and are one append', async () => {
    const store = open(folder());
    let between = async () => undefined as unknown;
    const w = lineOver(store, {
      turn: async () => {
        const work = between;
        between = async () => undefined;
        await work();
      },
    });
    await w.line.inputs([inputOf(1, 'receive')]);
    between = () => w.line.inputs([inputOf(1, 'sell', 'till')]);
    // The first is decided before the till sells the item, and anew after it.
    const results = await w.line.inputs([
      inputOf(1, 'ship'),
      ...Array.from({ length: 300 }, (_, n) => inputOf(n + 10, 'receive')),
    ]);
    expect(results[0]).toMatchObject({ ok: false, reason: 'an item that is SOLD does not take "ship"' });
    expect(results.slice(1).every(({ ok }) => ok)).toBe(true);
    expect(store.lookUp(idOf(1))?.lifecycle).toBe('SOLD');
    expect(store.checkStock()).toEqual([]);
  });

  it('about a card that is registered as a customer’s meanwhile are decided anew: it is no item', async () => {
    const hex = 'E28011700000020F5C2A1B3C';
    const raw = `urn:epc:raw:96.x${hex}`;
    const customer = {
      customer: 'crm-42',
      consent: { given: true, textVersion: 'v3', at: start, source: 'till' },
    };
    let between = async () => undefined as unknown;
    const w = lineOver(open(folder()), {
      turn: async () => {
        const work = between;
        between = async () => undefined;
        await work();
      },
    });
    const card = { ...inputOf(1, 'commission', 'po-1'), item: raw, hex };
    await w.line.inputs([card]);
    between = () => w.store.customers.put(customer, [`urn:silentgate:uid:${hex}`]);
    const results = await w.line.inputs([
      { ...card, id: 'till-1', input: 'sell' },
      ...Array.from({ length: 300 }, (_, n) => inputOf(n + 10, 'receive')),
    ]);
    expect(results[0]).toMatchObject({ ok: false, reason: 'an item that is unknown does not take "sell"' });
    expect(w.ledger.items.lookUp(raw)).toBeNull();
  });

  it('are refused together where they cannot be written, and applied when they come again', async () => {
    const store = open(folder());
    const held = heldJournal(journalOf(store));
    const { line, ledger } = lineOver(store, { journal: held.journal });
    const inputs = [1, 2, 3].map((n) => inputOf(n, 'receive'));
    const first = line.inputs(inputs);
    const same = line.inputs(inputs.slice(0, 1));
    expect(ledger.items.lookUp(idOf(2))?.lifecycle).toBe('IN_STOCK');
    const refusals = Promise.all(
      [first, same].map((call) => expect(call).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })),
    );
    held.refuse();
    await refusals;
    expect(ledger.items.lookUp(idOf(2))).toBeNull();
    const again = line.inputs(inputs);
    await held.write(1);
    expect((await again).every((result) => result.ok && result.events.length === 1)).toBe(true);
    expect(store.lookUp(idOf(3))?.lifecycle).toBe('IN_STOCK');
  });
});

describe('a message that changed nothing', () => {
  it('is answered at once, but with the disk where it repeats what is not on disk', async () => {
    const store = open(folder());
    const held = heldJournal(journalOf(store));
    const { line } = lineOver(store, { journal: held.journal });
    const answered: string[] = [];
    const answer = (name: string, call: Promise<void> | null) => Promise.resolve(call).then(() => answered.push(name));
    const arriving = answer('arrival', line.take(batchOf([read(1, 0), read(1, 400)]), false));
    const repeating = answer('repeat', line.take(batchOf([read(1, 800)]), false));
    const other = answer('elsewhere', line.take(batchOf([read(9, 900, { antenna: 9, epc: epcOf(7) })]), false));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toEqual(['elsewhere']);
    await held.write(1);
    await Promise.all([arriving, repeating, other]);
    expect(answered).toEqual(['elsewhere', 'arrival', 'repeat']);
  });
});

describe('a message for whose tags there is no memory', () => {
  it('is not acknowledged and names them; what was there for it takes effect', async () => {
    const store = open(folder());
    const { line } = lineOver(store, { memory: 1 });
    const refusal = line.take(batchOf([read(1, 0, { epc: epcOf(1) })]), false);
    await expect(refusal).rejects.toMatchObject({
      code: 'PRESENCE_FULL',
      context: { errors: [{ found: epcOf(1) }] },
    });
    expect(store.presences()).toEqual([]);
  });
});
