import type { Db } from './connection.ts';
import type { FactWriter } from './fact-writer.ts';
import type { PresenceWriter } from './presence-rows.ts';
import type { Committed } from './store.ts';
import type { Batch } from './types.ts';

type Tables = { readonly facts: FactWriter; readonly presences: PresenceWriter };

/** The one write of the line: everything of a batch in one transaction, which the caller holds or this one begins. `at` is epoch ms. */
export function createCommit(db: Db, { facts, presences }: Tables): (batch: Batch, at: number) => Committed {
  const write = db.transaction((batch: Batch, at: number): Committed => {
    facts.begin(at);
    const known = batch.events.filter((event) => !facts.item(event));
    for (const event of batch.customerEvents) facts.customer(event);
    // behind the events: an item that is new has its number by now
    for (const observation of batch.observations) presences.follow(observation, facts.itemNumber(observation.id));
    return { seq: facts.end(), duplicates: known.map(({ item }) => item.id) };
  });
  return (batch, at) => write.immediate(batch, at);
}
