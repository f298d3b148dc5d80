import { expect, it } from 'vitest';
import { batchOf, identityOf } from '../../../src/tags/index.ts';
import { read, start, tag } from '../../core/presence/fixtures.ts';
import { arrival as arrivalEvent, batch, createStores, customerEvent } from '../journal/store-fixture.ts';
import { lineOver } from './line-scene.ts';

const { folder, open } = createStores();
const id = identityOf(tag).epc.id;
const week = 7 * 86_400_000;
const consent = { given: true, textVersion: 'v3', at: start, source: 'till' };

it('an arrival of a customer that is replayed a week and many arrivals later is no second event', async () => {
  let now = start;
  const store = open(folder(), { now: () => now, lastSightsMs: 1 });
  const first = lineOver(store);
  await first.store.customers.put({ customer: 'crm-42', consent }, [id]);
  const recorded = () => batchOf([read(1, 0), read(1, 400)]);
  await first.line.take(recorded(), false);
  await first.pass(601_000);
  await first.line.tick();
  now = start + week;
  for (let n = 1; n <= 150; n++)
    await store.append(
      batch({ customerEvents: [{ ...customerEvent(`later-${n}`, 'crm-42'), at: start + n * 3_600_000 }] }),
    );
  const ids = () => store.facts(0, 1_000).map(({ event }) => event.id);
  const before = ids();
  await lineOver(store).line.take(recorded(), false);
  expect(before).toHaveLength(151);
  expect(ids()).toEqual(before);
});

it('an event of an item that comes again behind a hundred others is written once', async () => {
  let now = start;
  const store = open(folder(), { now: () => now });
  const first = { ...arrivalEvent(1), at: start };
  await store.append(batch({ events: [first] }));
  now = start + week;
  for (let n = 1; n <= 150; n++)
    await store.append(batch({ events: [{ ...first, id: `later-${n}`, at: start + n * 3_600_000 }] }));
  const { duplicates } = await store.append(batch({ events: [first] }));
  expect(duplicates).toEqual([first.item.id]);
});
