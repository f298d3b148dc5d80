import type { Db } from './connection.ts';
import type { FactWriter } from './fact-writer.ts';
import { watchFile } from './file-watch.ts';
import type { PresenceWriter } from './presence-rows.ts';
import type { Committed } from './store.ts';
import type { Batch } from './types.ts';

type Tables = { readonly facts: FactWriter; readonly presences: PresenceWriter };

/** The one write of the line: everything of a batch in one transaction that is on disk when this returns. */
export function createCommit(db: Db, { facts, presences }: Tables, now: () => number): (batch: Batch) => Committed {
  const write = db.transaction((batch: Batch): Committed => {
    facts.begin(now());
    const written = batch.events.filter(facts.item).length + batch.customerEvents.filter(facts.customer).length;
    // behind the events: an item that is new has its number by now
    for (const observation of batch.observations) presences.follow(observation, facts.itemNumber(observation.id));
    const given = batch.events.length + batch.customerEvents.length;
    return { events: written, duplicates: given - written, lastSeq: facts.end() };
  });
  const mustBeThere = watchFile(db.name);
  return (batch) => {
    mustBeThere();
    return write.immediate(batch);
  };
}
