import type { Fact, NewMessage, OutboxTable } from '../../journal/index.ts';
import { crash, GatewayError } from '../../kit/index.ts';
import type { Cursors, FactLog } from '../open-follower.ts';
import { type CountedLog, createBacklog } from './backlog.ts';
import { type Composer, compose, headOf } from './text.ts';

export type TellingDeps = {
  readonly destination: string;
  /** Which types of events the destination wants. */
  readonly wants: (type: string) => boolean;
  readonly log: FactLog & CountedLog;
  readonly cursors: Cursors;
  readonly outbox: Pick<OutboxTable, 'tell'>;
  readonly composer: Composer;
};

/** What one destination hears of the log: behind its cursor facts, before it texts in the outbox. */
export type Telling = {
  /** The name of its cursor. */
  readonly name: string;
  cursor(): number;
  /** Whether the log goes on behind the cursor. */
  behind(): boolean;
  /**
   * Goes on by a page of the log, and by `most` wanted facts at most: texts, their places in the outbox and the cursor are on disk
   * together when it resolves. Throws what the store throws; then nothing was written. One call at a time.
   */
  tell(most: number): Promise<void>;
  /** Wanted facts behind the cursor, and when the first of them happened, epoch ms. */
  waiting(): { readonly count: number; readonly oldestAt: number | null };
  /** Counts on a little, so that `waiting` is cheap; whether that is all. */
  look(): boolean;
};

/** Facts that one call looks at. */
export const pageSize = 200;
/** So many facts that nobody wanted may be read again after a crash. */
const unsavedFacts = 1_000;

type Self = TellingDeps & {
  readonly name: string;
  cursor: number;
  /** The cursor on disk. */
  saved: number;
  /** Its place could not be written at the beginning. */
  unsaved: boolean;
};

/**
 * Reads where the destination stood. One that was never there begins at the end of the log: what happened before is not for it. One
 * that was taken out of the configuration for a while goes on where it was.
 */
export function createTelling(deps: TellingDeps): Telling {
  const name = `crm:${deps.destination}`;
  const kept = deps.cursors.get(name);
  const cursor = kept ?? deps.log.lastSeq();
  const self: Self = { ...deps, name, cursor, saved: cursor, unsaved: false };
  const backlog = createBacklog(deps.log, deps.wants);
  if (kept === null) void begin(self).catch(crash);
  return {
    name,
    cursor: () => self.cursor,
    behind: () => self.unsaved || self.log.lastSeq() > self.cursor,
    tell: (most) => tell(self, most),
    waiting: () => {
      const first = backlog.first(self.cursor);
      const [fact] = first === null ? [] : self.log.facts(first - 1, 1);
      return { count: backlog.count(self.cursor), oldestAt: fact?.event.at ?? null };
    },
    look: () => backlog.look(self.cursor),
  };
}

/** Holds its place from now on. A full disk takes no facts either; the first call of `tell` tries again. */
async function begin(self: Self): Promise<void> {
  try {
    await self.cursors.put(self.name, self.cursor);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    self.unsaved = true;
  }
}

async function tell(self: Self, most: number): Promise<void> {
  const { messages, cursor } = next(self, self.log.facts(self.cursor, pageSize), most);
  if (messages.length > 0 || self.unsaved || cursor - self.saved >= unsavedFacts) {
    await self.outbox.tell(self.destination, messages, { follower: self.name, seq: cursor });
    self.saved = cursor;
    self.unsaved = false;
  }
  self.cursor = cursor;
}

/** Texts of the first `most` wanted facts of a page, and the last fact before the next wanted one. */
function next({ wants, composer, cursor }: Self, page: readonly Fact[], most: number) {
  const messages: NewMessage[] = [];
  const here = { ...composer, product: remembered(composer.product) };
  let passed = cursor;
  for (const fact of page) {
    const { type, announce } = headOf(fact);
    if (announce && wants(type)) {
      if (messages.length >= most) break;
      messages.push(compose(fact, here));
    }
    passed = fact.seq;
  }
  return { messages, cursor: passed };
}

/** Of one kind of thing there are many: it is looked up once for a page. */
function remembered(product: Composer['product']): Composer['product'] {
  const known = new Map<string, ReturnType<typeof product>>();
  return (gtin) => {
    const found = known.get(gtin);
    if (found !== undefined) return found;
    const asked = product(gtin);
    known.set(gtin, asked);
    return asked;
  };
}
