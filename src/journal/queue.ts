import { GatewayError } from '../kit/index.ts';
import { rowsOf } from './groups.ts';
import type { Aside, FromWriter, Outcome, Packed, Port } from './wire.ts';
import type { Call, WriteName, Writes } from './writes.ts';

/** The way to the writing connection. Calls take effect, and are answered, in their order. */
export type Queue = {
  /** Rejects with STORE_UNAVAILABLE after `stop`. */
  call<N extends WriteName>(name: N, ...given: Parameters<Writes[N]>): Promise<ReturnType<Writes[N]>>;
  /** Work between two transactions, after the calls before it. */
  aside(aside: Aside): Promise<unknown>;
  pressure(): Promise<void> | null;
  failed(listener: (error: unknown) => void): () => void;
  /** Transactions so far. */
  commits(): number;
  /** Resolves when the database was looked through and calls are written; rejects where it is refused. */
  opened(): Promise<unknown>;
  /** Takes no more calls; null when all are answered, else resolves when they are. */
  stop(): Promise<void> | null;
  stopped(): boolean;
  /** Closes the writing connection; `closed` is called when it is. */
  close(closed: () => void): Promise<void>;
};

/**
 * What may wait for the disk before links are asked to wait: 65,536 rows, or 64 MB as they cross to the writing thread. It is
 * no limit of a single message, and nothing is refused for it: who has asked `pressure` holds back.
 */
export const queueBound = { rows: 65_536, bytes: 64 * 1024 * 1024 };

type Waiting = { readonly rows: number; readonly bytes: number; answer(outcome: Outcome): void };

type Settle = (outcome: Outcome) => void;

/** `open` makes the port, whose answers come in by the function that it is given. */
export function createQueue(open: (hear: (message: FromWriter) => void) => Port, bound = queueBound): Queue {
  const book = createBook(bound);
  const sides = createSides();
  const listeners = new Set<(error: unknown) => void>();
  let [era, commits, stopped, leaving] = [1, 0, false, [] as Packed[]];
  const hear = (message: FromWriter): void => {
    if (message.kind === 'done') {
      commits = message.commits;
      book.answer(message.outcomes);
    } else if (message.kind === 'failed') {
      era += 1;
      leaving = [];
      book.refuse(message.error, () => {
        for (const listener of [...listeners]) listener(message.error);
      });
    } else sides.hear(message);
  };
  const port = open(hear);
  const flush = (): void => {
    const calls = leaving;
    leaving = [];
    if (calls.length > 0) port.post({ kind: 'calls', era, calls });
  };
  const call = (name: WriteName, given: Call['given']): Promise<unknown> => {
    if (stopped) return Promise.reject(closedError());
    const one: Call = { name, given };
    const { packed, bytes } = port.pack(one);
    // What is called in one turn leaves together at its end.
    if (leaving.push(packed) === 1) queueMicrotask(flush);
    return new Promise((resolve, reject) => book.add(rowsOf(one), bytes, settling(resolve, reject)));
  };
  return {
    opened: sides.opened,
    call: (name, ...given) => call(name, given) as Promise<ReturnType<Writes[typeof name]>>,
    aside: (aside) => {
      flush();
      return stopped ? Promise.reject(closedError()) : sides.ask(port, aside);
    },
    pressure: book.pressure,
    failed: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    commits: () => commits,
    stop: () => {
      flush();
      stopped = true;
      return book.emptied();
    },
    stopped: () => stopped,
    close: (closed) => sides.close(port, closed),
  };
}

/** Nobody has to wait for it, so a refusal that nobody hears is no bug: each call hears of it as well. */
function createOpening(): { readonly promise: Promise<unknown>; answer: Settle } {
  let answer: Settle = () => undefined;
  const promise = new Promise<unknown>((resolve, reject) => {
    answer = settling(resolve, reject);
  });
  promise.catch(() => undefined);
  return { promise, answer };
}

/** What is asked beside the calls: work between two transactions, the beginning and the end. */
function createSides() {
  const opening = createOpening();
  const asked = new Map<number, Settle>();
  let last = 0;
  let closed: () => void = () => undefined;
  return {
    ask: (port: Port, aside: Aside): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const id = ++last;
        asked.set(id, settling(resolve, reject));
        port.post({ kind: 'aside', id, aside });
      }),
    close: (port: Port, then: () => void): Promise<void> =>
      new Promise((resolve) => {
        closed = () => {
          then();
          resolve();
        };
        port.post({ kind: 'close' });
      }),
    opened: () => opening.promise,
    hear: (message: Exclude<FromWriter, { kind: 'done' | 'failed' }>): void => {
      if (message.kind === 'opened') opening.answer({ ok: true, value: null });
      else if (message.kind === 'refused') opening.answer({ ok: false, error: message.error });
      else if (message.kind === 'closed') closed();
      else {
        asked.get(message.id)?.(message.outcome);
        asked.delete(message.id);
      }
    },
  };
}

function closedError(): GatewayError {
  return new GatewayError('STORE_UNAVAILABLE', 'The database is closed: the gateway stops.');
}

function settling(resolve: (value: unknown) => void, reject: (error: unknown) => void): Settle {
  return (outcome) => (outcome.ok ? resolve(outcome.value) : reject(outcome.error));
}

/** The calls without an answer, in order, and what they weigh. */
function createBook(bound: typeof queueBound) {
  let waiting: Waiting[] = [];
  let [rows, bytes] = [0, 0];
  const hasRoom = createGate(() => rows < bound.rows && bytes < bound.bytes);
  const isEmpty = createGate(() => waiting.length === 0);
  const leave = (gone: readonly Waiting[]): void => {
    for (const one of gone) {
      rows -= one.rows;
      bytes -= one.bytes;
    }
  };
  const look = () => {
    hasRoom.look();
    isEmpty.look();
  };
  return {
    add: (ofRows: number, ofBytes: number, answer: Waiting['answer']) => {
      rows += ofRows;
      bytes += ofBytes;
      waiting.push({ rows: ofRows, bytes: ofBytes, answer });
    },
    answer: (outcomes: readonly Outcome[]) => {
      const answered = waiting.splice(0, outcomes.length);
      leave(answered);
      for (const [at, outcome] of outcomes.entries()) answered[at]?.answer(outcome);
      look();
    },
    /** All of them failed; `first` hears of it before any of them does. */
    refuse: (error: unknown, first: () => void) => {
      const refused = waiting;
      waiting = [];
      leave(refused);
      first();
      for (const one of refused) one.answer({ ok: false, error });
      look();
    },
    pressure: hasRoom.wait,
    emptied: isEmpty.wait,
  };
}

/** Waits for something that `look` finds out. */
function createGate(isOpen: () => boolean) {
  let waiting: Promise<void> | null = null;
  let open: () => void = () => undefined;
  return {
    /** Null while it is open. */
    wait: (): Promise<void> | null => {
      if (isOpen()) return null;
      waiting ??= new Promise((resolve) => {
        open = resolve;
      });
      return waiting;
    },
    look: () => {
      if (waiting === null || !isOpen()) return;
      waiting = null;
      open();
    },
  };
}
