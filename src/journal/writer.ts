import type { GatewayError } from '../kit/index.ts';
import { backupTo } from './backup.ts';
import { type Chores, createChores } from './chores.ts';
import { type Db, share } from './connection.ts';
import { storeFailure } from './failure.ts';
import { forgetSights } from './forget-sights.ts';
import { createGroups, grouped } from './groups.ts';
import { createProbe } from './probe.ts';
import { createProductRows } from './product-rows.ts';
import { finishStaged } from './product-stage.ts';
import { markSite, refuseOtherSite } from './site-mark.ts';
import { tokenKey } from './token-key.ts';
import type { Aside, FromWriter, Outcome, ToWriter } from './wire.ts';
import type { Call } from './writes.ts';

export type WriterOptions = {
  readonly folder: string;
  readonly site: string;
  /** Whether the folder is this process's: then it does what a start owes, and a backup may go in steps. */
  readonly holds: boolean;
  /** Rows of tags that nobody has read since, epoch ms, are removed; null: they stay. */
  readonly sightsBefore: number | null;
};

/** What writes: the one connection that does, wherever it is. */
export type Writer = {
  /** Takes messages that came together, in order; answers go to `tell`. */
  take(messages: readonly ToWriter[]): void;
  /** Moves the log into the file while there is nothing else to do. */
  rest(): void;
};

/** The log is moved into the file from so many pages on when nothing else is to be done (4 MB), and at latest from so many (32 MB). */
const pages = { idle: 1_000, latest: 8_000 };

/** Begins to write on an open database. What a full disk keeps a start from doing is done as soon as there is room. */
export function createWriter(db: Db, options: WriterOptions, tell: (message: FromWriter) => void): Writer {
  const commit = createGroups(db, options.folder);
  const checkpoint = createCheckpoint(db);
  const aside = createAsides(db, options);
  let commits = 0;
  let failedEra = 0;
  const write = (calls: readonly Call[], era: number): void => {
    try {
      const outcomes = commit(calls);
      commits += 1;
      tell({ kind: 'done', outcomes, commits });
      checkpoint(pages.latest);
    } catch (error) {
      failedEra = era;
      tell({ kind: 'failed', error: storeFailure(error) });
    }
  };
  const one = (message: ToWriter): void => {
    if (message.kind === 'calls') {
      if (message.era > failedEra) write(message.calls, message.era);
    } else if (message.kind === 'aside') {
      const { id } = message;
      void aside(message.aside).then((outcome) => tell({ kind: 'aside', id, outcome }));
    } else {
      db.close();
      tell({ kind: 'closed' });
    }
  };
  return {
    take: (messages) => {
      for (const message of grouped(messages)) one(message);
    },
    rest: () => {
      if (db.open) checkpoint(pages.idle);
    },
  };
}

/** Answers every call with the error for which the database was refused. */
export function createRefusal(db: Db, error: GatewayError, tell: (message: FromWriter) => void): Writer {
  const one = (message: ToWriter): void => {
    if (message.kind === 'calls') tell({ kind: 'failed', error });
    else if (message.kind === 'aside') tell({ kind: 'aside', id: message.id, outcome: { ok: false, error } });
    else {
      db.close();
      tell({ kind: 'closed' });
    }
  };
  return {
    take: (messages) => {
      for (const message of messages) one(message);
    },
    rest: () => undefined,
  };
}

/** Moves the log into the file where it has so many pages that are not there yet. Readers and tools go on; so does the next commit. */
function createCheckpoint(db: Db): (from: number) => void {
  return (from) => {
    const [state] = db.pragma('wal_checkpoint(NOOP)') as { readonly log: number; readonly checkpointed: number }[];
    if (state !== undefined && state.log - state.checkpointed >= from) db.pragma('wal_checkpoint(PASSIVE)');
  };
}

function createAsides(db: Db, options: WriterOptions): (aside: Aside) => Promise<Outcome> {
  let news: 'products' | null = null;
  const chores = createWriterChores(db, options, () => {
    news = 'products';
  });
  const probe = createProbe(db);
  chores.tryAll();
  const run = async (aside: Aside): Promise<unknown> => {
    if (aside.name === 'backup') return backupTo(db, tokenKey(options.folder, db), aside.file, options.holds);
    if (aside.name === 'probe') probe();
    chores.doAll();
    const told = news;
    news = null;
    return told;
  };
  return async (aside) => {
    try {
      return { ok: true, value: await run(aside) };
    } catch (error) {
      return { ok: false, error: storeFailure(error) };
    }
  };
}

/**
 * What a start writes before anything else: the site's name where the database has none, the rest of an import, an end of old sights;
 * and tools are let in.
 */
function createWriterChores(db: Db, options: WriterOptions, entered: () => void): Chores {
  const { folder, site, holds, sightsBefore } = options;
  if (!holds) return createChores([]);
  return createChores([
    () => {
      if (!refuseOtherSite(db, site, folder)) markSite(db, site);
    },
    () => {
      finishStaged(folder, createProductRows(db).put);
      entered();
    },
    () => {
      if (sightsBefore !== null) forgetSights(db, sightsBefore);
    },
    () => share(db),
  ]);
}
