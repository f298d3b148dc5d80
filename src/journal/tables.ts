import { guardAll } from './failure.ts';
import type { Queue } from './queue.ts';
import type { createReads } from './reads.ts';
import type { CursorTable, CustomerTable, KeyTable, OutboxTable, SessionTable, Store } from './store.ts';

type Reads = ReturnType<typeof createReads>;
type Tables = Pick<Store, 'cursors' | 'customers' | 'factsRemoved' | 'keys' | 'sessions' | 'outbox'>;

/** The tables that are looked up over the one connection and written over the other. `failed` hears of what a look throws. */
export function createTables(reads: Reads, { call }: Queue, failed: (error: unknown) => void): Tables {
  return {
    cursors: createCursors(guardAll(reads.cursors, failed), call),
    ...createCustomers(guardAll(reads.customers, failed), call),
    keys: createKeys(guardAll(reads.keys, failed), call),
    sessions: createSessions(guardAll(reads.sessions, failed), call),
    outbox: createOutbox(guardAll(reads.outbox, failed), call),
  };
}

function createCursors({ get, rows }: Reads['cursors'], call: Queue['call']): CursorTable {
  return { get, rows, put: (follower, seq, kept = []) => call('putCursor', follower, seq, kept) };
}

/** With a person or a thing facts may go from the log. */
function createCustomers(
  { put: _, erase: __, ...looks }: Reads['customers'],
  call: Queue['call'],
): Pick<Store, 'customers' | 'factsRemoved'> {
  let removals = 0;
  const put: CustomerTable['put'] = async (customer, tokens) => {
    const removed = await call('putCustomer', customer, tokens);
    if (removed.rows > 0) removals += 1;
    return removed;
  };
  const erase: CustomerTable['erase'] = async (customer) => {
    const removed = await call('eraseCustomer', customer);
    removals += 1;
    return removed;
  };
  return { customers: { ...looks, put, erase }, factsRemoved: () => removals };
}

function createKeys({ list, live, byHash }: Reads['keys'], call: Queue['call']): KeyTable {
  return {
    create: (key) => call('createKey', key),
    list,
    live,
    byHash,
    used: (id, at) => call('useKey', id, at),
    revoke: (id, at) => call('revokeKey', id, at),
  };
}

function createSessions({ all }: Reads['sessions'], call: Queue['call']): SessionTable {
  return {
    put: (session) => call('putSession', session),
    remove: (tokenHash) => call('removeSession', tokenHash),
    sweep: (now) => call('sweepSessions', now),
    all,
  };
}

function createOutbox(reads: Reads['outbox'], call: Queue['call']): OutboxTable {
  const { walkDue, nextDueAt, waiting, deadLetters, deadCount, state } = reads;
  return {
    tell: (destination, messages, cursor) => call('tell', destination, messages, cursor),
    due: async (destination, now, limit, exclude) =>
      walkDue(destination, limit, exclude) ?? call('dueDeliveries', destination, now, limit, [...exclude]),
    nextDueAt,
    delivered: (destination, seqs, at) => call('delivered', destination, seqs, at),
    retry: (destination, seqs, nextAt, why) => call('retryDeliveries', destination, seqs, nextAt, why),
    bury: (destination, seqs, why, status, at) => call('buryDeliveries', destination, seqs, why, status, at),
    waiting,
    deadLetters,
    deadCount,
    resend: (destination, seqs) => call('resend', destination, seqs),
    state,
    setState: (state) => call('setDestinationState', state),
  };
}
