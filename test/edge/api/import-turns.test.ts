import { expect, test } from 'vitest';
import { createImportTurns } from '../../../src/api/import-turns.ts';

test('turns come in the order in which uploads are whole, one after the other', async () => {
  const placeFor = createImportTurns();
  const order: string[] = [];
  const run = async (name: string) => {
    const place = placeFor(name);
    await place?.turn();
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
    place?.leave();
  };
  await Promise.all([run('a'), run('b'), run('c')]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('a key has one place and there are four; who leaves without a turn keeps nobody waiting', async () => {
  const placeFor = createImportTurns();
  const first = placeFor('a');
  expect(placeFor('a')).toBeNull();
  const others = ['b', 'c', 'd'].map(placeFor);
  expect(placeFor('e')).toBeNull();
  first?.leave();
  const late = placeFor('e');
  await late?.turn();
  late?.leave();
  for (const other of others) other?.leave();
  expect(placeFor('a')).not.toBeNull();
});
