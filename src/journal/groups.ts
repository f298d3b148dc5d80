import { GatewayError } from '../kit/index.ts';
import type { Db } from './connection.ts';
import { storeFailure } from './failure.ts';
import { watchFile } from './file-watch.ts';
import { tokenKey } from './token-key.ts';
import type { Outcome, ToWriter } from './wire.ts';
import { type Call, createWrites, type Writes } from './writes.ts';

/** Rows of one transaction, at most: what is more comes in the next one, so that none keeps those behind it waiting for long. */
const groupRows = 4_096;

/** Calls that follow each other are one message, up to the rows of a transaction. */
export function grouped(messages: readonly ToWriter[]): ToWriter[] {
  const groups: ToWriter[] = [];
  let rows = 0;
  const add = (call: Call, era: number) => {
    const last = groups.at(-1);
    const fits = last?.kind === 'calls' && last.era === era && rows < groupRows;
    rows = (fits ? rows : 0) + rowsOf(call);
    if (fits) last.calls.push(call);
    else groups.push({ kind: 'calls', era, calls: [call] });
  };
  for (const message of messages) {
    if (message.kind === 'calls') for (const call of message.calls) add(call, message.era);
    else groups.push(message);
  }
  return groups;
}

/** About how many rows a call writes: what it is given is what it writes. */
export function rowsOf({ name, given }: Call): number {
  const [first] = given;
  if (name === 'append') {
    const batch = first as Parameters<Writes['append']>[0];
    return Math.max(1, batch.observations.length + batch.events.length + batch.customerEvents.length);
  }
  return Array.isArray(first) ? Math.max(1, first.length) : 1;
}

/**
 * Commits calls as one transaction. A call that fails by an error of its own is undone alone. Throws what undoes all of
 * them: a failing database, and whatever an append throws, because those behind it were decided on it.
 */
export function createGroups(db: Db, folder: string): (calls: readonly Call[]) => Outcome[] {
  let at = 0;
  let after: { readonly at: number; readonly work: () => void }[] = [];
  const { writes, begin } = createWrites(db, tokenKey(folder, db), (work) => after.push({ at, work }));
  const perform = ({ name, given }: Call): unknown => (writes[name] as (...given: unknown[]) => unknown)(...given);
  const alone = db.transaction(perform);
  const one = (call: Call): Outcome => {
    if (call.name === 'append') return { ok: true, value: perform(call) };
    try {
      return { ok: true, value: alone(call) };
    } catch (error) {
      if (!db.inTransaction || isOfStore(error)) throw error;
      return { ok: false, error: storeFailure(error) };
    }
  };
  const all = db.transaction((calls: readonly Call[]): Outcome[] => {
    begin();
    return calls.map((call, index) => {
      at = index;
      return one(call);
    });
  });
  const mustBeThere = watchFile(db.name);
  return (calls) => {
    after = [];
    mustBeThere();
    const outcomes = all.immediate(calls);
    for (const { at: index, work } of after) outcomes[index] = tried(work, outcomes[index]);
    return outcomes;
  };
}

function tried(work: () => void, outcome: Outcome | undefined): Outcome {
  try {
    work();
    return outcome ?? { ok: true, value: undefined };
  } catch (error) {
    return { ok: false, error: storeFailure(error) };
  }
}

/** Whether this is a failure of the database and not of what it was asked. */
function isOfStore(error: unknown): boolean {
  const failure = storeFailure(error);
  return failure instanceof GatewayError && failure.code.startsWith('STORE_');
}
