import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { GatewayError, messageOf } from '../kit/index.ts';
import { applicationId, type Db } from './connection.ts';
import { storeFailure } from './failure.ts';
import { schemaVersion } from './migrate.ts';
import { schemaDifferences } from './schema-check.ts';
import { unlikeItems } from './stock-check.ts';

/** 'quick_check' looks at every page; 'integrity_check' also at every entry of every index, and takes four times as long. */
type Depth = 'quick_check' | 'integrity_check';

const pageCheck = (depth: Depth) => `PRAGMA ${depth}(1)`;

/** Throws STORE_DAMAGED when header or schema of the open database are not ours: a look that takes the same time at any size. */
export function refuseForeign(db: Db): void {
  const version = schemaVersion(db);
  if (version === 0) return;
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw damaged(db, 'its header is not one of Silentgate');
  const [schema] = schemaDifferences(db, version, 'at least');
  if (schema !== undefined) throw damaged(db, schema);
}

/** Throws STORE_DAMAGED when a page of the open database is not as it was written: a look at all of them. */
export function refuseDamaged(db: Db): void {
  const pages = db.prepare<[], string>(pageCheck('quick_check')).pluck().get();
  if (pages !== 'ok') throw damaged(db, String(pages));
}

/** What stock says against the items, as a sentence, or null. A damaged number shows nowhere else: pages have no sum. */
export function stockFault(db: Db): string | null {
  return stockSentence(Number(db.prepare(unlikeItems).pluck().get()));
}

function stockSentence(lines: number): string | null {
  if (lines === 0) return null;
  return `Stock differs from the items in ${lines} lines: stop the gateway, run silentgate rebuild-stock, and restore the last backup if it still differs.`;
}

function damaged(db: Db, what: string): GatewayError {
  const said = what.replace(/\s+/g, ' ');
  const message = `The database ${db.name} is damaged (${said}): restore the last backup with silentgate restore.`;
  return new GatewayError('STORE_DAMAGED', message, { file: db.name, found: said });
}

/**
 * In a thread of its own with a connection that only reads: the line goes on meanwhile. It is text so that it runs as it
 * stands; what is thrown crosses the border as its code and message.
 */
const reader = `
const { parentPort, workerData } = require('node:worker_threads');
try {
  const db = new (require(workerData.driver))(workerData.file, { readonly: true, timeout: workerData.busyMs });
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  const answers = db.transaction(() => workerData.queries.map((sql) => db.prepare(sql).pluck().get()))();
  db.close();
  parentPort.postMessage({ answers, thrown: null });
} catch (error) {
  parentPort.postMessage({ answers: [], thrown: { code: String(error.code), message: String(error.message) } });
}
`;

type Answer = {
  readonly answers: unknown[];
  readonly thrown: { readonly code: string; readonly message: string } | null;
};

const busyMs = 3_000;

/**
 * Looks at every page, index entry and stock line beside the running gateway; resolves with what is wrong as a sentence,
 * or null. Rejects with STORE_UNAVAILABLE or STORE_FULL when it could not look.
 */
export function examineBeside(db: Db): Promise<string | null> {
  return lookBeside(db, [pageCheck('integrity_check'), unlikeItems], ([pages, lines]) =>
    pages === 'ok' ? stockSentence(Number(lines)) : damaged(db, String(pages)).message,
  );
}

/** The same of stock alone. */
export function stockBeside(db: Db): Promise<string | null> {
  return lookBeside(db, [unlikeItems], ([lines]) => stockSentence(Number(lines)));
}

async function lookBeside(
  db: Db,
  queries: readonly string[],
  judge: (answers: readonly unknown[]) => string | null,
): Promise<string | null> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3');
  const { answers, thrown } = await ask({ driver, file: db.name, busyMs, queries });
  if (thrown !== null) return damageIn(Object.assign(new Error(thrown.message), { code: thrown.code }));
  return judge(answers);
}

function damageIn(error: Error): string {
  const failure = storeFailure(error);
  if (!(failure instanceof GatewayError)) throw unseen(error.message);
  if (failure.code !== 'STORE_DAMAGED') throw failure;
  return failure.message;
}

function ask(workerData: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(reader, { eval: true, workerData });
    worker.unref();
    worker.once('message', resolve);
    worker.once('error', (error: unknown) => reject(unseen(messageOf(error))));
    worker.once('exit', () => reject(unseen('it was cut short')));
  });
}

function unseen(why: string): GatewayError {
  return new GatewayError('STORE_UNAVAILABLE', `The database could not be examined: ${why}.`);
}
