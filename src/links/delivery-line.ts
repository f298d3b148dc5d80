import { type Backoff, backoffMs, crash, type Timer } from '../kit/index.ts';
import type { Debt } from './delivery-debt.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';

const retryWaits: Backoff = { firstMs: 100, maxMs: 5000, factor: 2 };
/** A bug that shows so often with one message will show always. */
const bugAttempts = 6;

/** A message that is not acknowledged yet. */
type Owed = {
  readonly message: LinkMessage;
  readonly debt: Debt;
  readonly done: () => void;
  state: 'waiting' | 'asked' | 'refused';
  attempts: number;
};

/** The messages of one delivery, in the order of their arrival. */
export type DeliveryLine = {
  /** Hands it out, or lets it wait while an older one was refused. The result takes it back. */
  add(message: LinkMessage, debt: Debt, done: () => void): () => void;
  /** Takes all back. */
  end(): void;
};

export function createDeliveryLine(counts: { held: number; givenUp: number }, deps: LinkDeps): DeliveryLine {
  const { log } = deps;
  const owed = new Set<Owed>();
  const ask = (one: Owed): void => {
    one.state = 'asked';
    turns.asks();
    void one.debt
      .pay(log)
      .then(({ isBug }) => answered(one, isBug))
      .catch(crash);
  };
  const turns = createTurns(owed, ask, deps);
  const answered = (one: Owed, isBug: boolean): void => {
    const isThere = owed.has(one);
    if (isThere && isBug && one.attempts >= bugAttempts) giveUp(one, counts, log);
    const isTaken = isThere && one.debt.left() === 0;
    if (isTaken) {
      owed.delete(one);
      finish(one, log);
    } else if (isThere) {
      Object.assign(one, { state: 'refused', attempts: one.attempts + 1 });
      counts.held += 1;
    }
    turns.ended(isThere && !isTaken, isTaken);
  };
  const takeBack = (one: Owed): void => {
    owed.delete(one);
    if (owed.size === 0) turns.rest();
  };
  return {
    add: (message, debt, done) => {
      const one: Owed = { message, debt, done, state: 'waiting', attempts: 0 };
      owed.add(one);
      if (!turns.areHeldUp()) ask(one);
      return () => takeBack(one);
    },
    end: () => {
      for (const one of [...owed]) takeBack(one);
    },
  };
}

/**
 * Whose turn it is. All at once, until one is refused: then those on their way end first, and the refused ones are asked
 * again in their order, one at a time, at once where another was just taken and else after a pause.
 */
function createTurns(owed: ReadonlySet<Owed>, ask: (one: Owed) => void, { clock, random }: LinkDeps) {
  const now = { areHeldUp: false, asked: 0, timer: null as Timer | null };
  const oldestRefused = (): Owed | null => {
    for (const one of owed) if (one.state === 'refused') return one;
    return null;
  };
  const next = (isTaken: boolean): void => {
    if (!now.areHeldUp || now.asked > 0 || now.timer !== null) return;
    const refused = oldestRefused();
    if (refused === null) {
      now.areHeldUp = false;
      for (const one of [...owed]) ask(one);
    } else if (isTaken) ask(refused);
    else now.timer = clock.after(backoffMs(retryWaits, refused.attempts, random), again);
  };
  const again = (): void => {
    now.timer = null;
    next(true);
  };
  return {
    areHeldUp: () => now.areHeldUp,
    asks: () => {
      now.asked += 1;
    },
    ended: (isRefused: boolean, isTaken: boolean) => {
      now.asked -= 1;
      now.areHeldUp ||= isRefused;
      next(isTaken);
    },
    /** Nothing is owed any more. */
    rest: () => {
      now.timer?.cancel();
      now.timer = null;
      now.areHeldUp = false;
    },
  };
}

function finish({ message, attempts, done }: Owed, log: LinkDeps['log']): void {
  if (attempts > 0) log.info({ topic: message.topic, attempt: attempts }, 'held message is taken');
  done();
}

function giveUp({ message, debt }: Owed, counts: { givenUp: number }, log: LinkDeps['log']): void {
  counts.givenUp += 1;
  debt.giveUpFirst();
  const payload = Buffer.from(message.payload).subarray(0, 200).toString('hex');
  log.error({ topic: message.topic, payload }, 'a bug: this message is given up');
}
