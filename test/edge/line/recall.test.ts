import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/journal/index.ts';
import type { PresenceRow } from '../../../src/presence/index.ts';
import { batchOf, identityOf } from '../../../src/tags/index.ts';
import { read } from '../../core/presence/fixtures.ts';
import { createStores } from '../journal/store-fixture.ts';
import { lineOver } from './line-scene.ts';

const { folder, open } = createStores();
const epcOf = (n: number) => `3034257BF7194E40${n.toString(16).toUpperCase().padStart(8, '0')}`;
const idOf = (n: number) => identityOf(epcOf(n)).epc.id;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const typesOf = (store: Store) => store.facts(0, 1_000).map(({ event }) => event.type);

/** All slices of presence on disk. */
function slicesOf(store: Store): (readonly PresenceRow[])[] {
  const slices: (readonly PresenceRow[])[] = [];
  for (let cursor: string | null = null; ; ) {
    const { rows, next } = store.presencePage(cursor);
    slices.push(rows);
    if (next === null) return slices;
    cursor = next;
  }
}

/** A database of a gateway that stopped while these tags, and two that are no items yet, were on the shelf; opened again. */
async function stopped(count: number): Promise<{ store: Store; path: string }> {
  const path = folder();
  const first = open(path);
  const w = lineOver(first);
  const shelf = (at: number) => w.line.take(batchOf(numbers(count).map((n) => read(1, at, { epc: epcOf(n) }))), false);
  for (const at of [0, 400]) await shelf(at);
  await w.line.take(batchOf([read(1, 500, { epc: epcOf(9_001) }), read(1, 500, { epc: epcOf(9_002) })]), false);
  await first.close();
  return { store: open(path), path };
}

/** The line over it, as it is before anything of presence was loaded, 10 s later. */
async function restarted(store: Store) {
  const w = lineOver(store, { recalls: true });
  await w.clock.advance(10_000);
  const load = () => {
    for (const rows of slicesOf(store)) w.ledger.recall.load(rows, w.clock.now());
    w.ledger.recall.loaded();
  };
  return { ...w, load };
}

describe('presence on disk', () => {
  it('comes in slices, each row once, with the tags that are no items', async () => {
    const { store } = await stopped(700);
    const slices = slicesOf(store);
    const names = (rows: readonly PresenceRow[]) => rows.map(({ id, readPoint }) => `${readPoint} ${id}`).sort();
    expect(names(slices.flat())).toEqual(names(store.presences()));
    expect(slices.flat()).toHaveLength(702);
    expect(Math.max(...slices.map((rows) => rows.length))).toBeLessThanOrEqual(300);
  });

  it('is empty in an empty database', () => {
    expect(slicesOf(open(folder())).flat()).toEqual([]);
  });
});

describe('a restart, before presence is loaded', () => {
  it('takes a read of a tag that is on disk for a repeat, whatever is loaded before or after it', async () => {
    const { store } = await stopped(400);
    const told = typesOf(store);
    const w = await restarted(store);
    await w.line.take(batchOf([read(1, 10_000, { epc: epcOf(7) }), read(1, 10_000, { epc: epcOf(399) })]), false);
    expect(w.counted).toEqual(['REPEAT', 'REPEAT']);
    w.load();
    await w.line.take(batchOf([read(1, 10_400, { epc: epcOf(7) }), read(1, 10_400, { epc: epcOf(8) })]), false);
    expect(w.counted).toHaveLength(4);
    expect(typesOf(store)).toEqual(told);
    expect(w.presence.presentAt()['shelf-1']).toBe(400);
    expect(w.presence.lastSeen(idOf(7))).toMatchObject({ reads: 4 });
  });

  it('takes a tag that is not on disk for new', async () => {
    const { store } = await stopped(1);
    const w = await restarted(store);
    const before = typesOf(store).length;
    await w.line.take(batchOf([read(1, 10_000, { epc: epcOf(9_003) })]), false);
    expect(w.counted).toEqual(['GLIMPSED']);
    await w.line.take(batchOf([read(1, 10_400, { epc: epcOf(9_003) })]), false);
    expect(w.counted.at(-1)).toBe('ARRIVED');
    w.load();
    expect(w.presence.presentAt()['shelf-1']).toBe(2);
    expect(typesOf(store).slice(before)).toEqual(['item.arrived']);
  });

  it('does not take back from a slice what left since it was looked up', async () => {
    const { store } = await stopped(2);
    const w = await restarted(store);
    const slices = slicesOf(store);
    await w.line.take(batchOf([read(1, 10_000, { epc: epcOf(0) })]), false);
    w.presence.forget([idOf(0)]);
    for (const rows of slices) w.ledger.recall.load(rows, w.clock.now());
    expect(w.presence.lastSeen(idOf(0))).toBeNull();
    expect(w.presence.lastSeen(idOf(1))).not.toBeNull();
  });

  it('lets nothing depart until all is loaded, and then what is not read', async () => {
    const { store } = await stopped(3);
    const w = await restarted(store);
    const [items = []] = slicesOf(store);
    w.ledger.recall.load(items, w.clock.now());
    await w.pass(700_000);
    await w.line.tick();
    expect(typesOf(store)).not.toContain('item.departed');
    w.load();
    await w.pass(4_000);
    await w.line.tick();
    expect(typesOf(store).filter((type) => type === 'item.departed')).toHaveLength(3);
  });
});
