import type { Change, Decision, Ledger } from './ledger/index.ts';
import type { SeenRow } from './presence/index.ts';

/** What writes: each promise is fulfilled when it is on disk, in the order of the calls. */
export type Journal = {
  append(changes: readonly Change[]): Promise<{ readonly duplicates: readonly string[] }>;
  seen(rows: readonly SeenRow[]): Promise<void>;
  /** Calls back before writes are rejected together. */
  failed(listener: () => void): void;
};

type CarrierParts = {
  readonly ledger: Ledger;
  readonly journal: Journal;
  committed(): void;
  count(reader: string, outcome: string, antenna: number | null): void;
};

/** Brings decisions to the disk, and keeps who relies on them waiting. */
export type Carrier = {
  /** Appends for a turn that was decided; fulfilled when it is on disk, and the ledger knows. */
  write(turn: number, append: () => Promise<{ readonly duplicates: readonly string[] }>): Promise<void>;
  /** Null where nothing waits for the disk. */
  decided(decided: Decision): Promise<void> | null;
};

export function createCarrier({ ledger, journal, count, committed }: CarrierParts): Carrier {
  const onTheWay = new Map<number, Promise<void>>();
  const write: Carrier['write'] = (turn, append) => {
    const written = append().then(({ duplicates }) => ledger.settled(turn, duplicates));
    const ended = written.finally(() => onTheWay.delete(turn));
    onTheWay.set(turn, ended);
    return ended;
  };
  return {
    write,
    decided: (decided) => {
      const { turn, changes, reliesOn } = decided;
      const counted = () => {
        for (const { reader, outcome, antenna } of outcomesOf(decided)) count(reader, outcome, antenna);
      };
      if (turn !== 0)
        return write(turn, () => journal.append(changes)).then(() => {
          committed();
          counted();
        });
      const before = onTheWay.get(reliesOn);
      if (before !== undefined) return before.then(counted);
      counted();
      return null;
    },
  };
}

const nothing: readonly never[] = [];

type Outcome = { readonly reader: string; readonly outcome: string; readonly antenna: number | null };

/** Each read that was no repeat made one observation; the ends of stays are nobody's reads. */
export function outcomesOf({ observations, withheld }: Decision): readonly Outcome[] {
  if (observations.length === 0) return nothing;
  const effects = observations.flatMap(({ change, reader, antenna }) => {
    const outcome = change === 'arrived' ? 'ARRIVED' : change === 'glimpsed' ? 'GLIMPSED' : null;
    return outcome === null ? [] : { reader, outcome, antenna };
  });
  return [...withheld.map(({ reader, antenna }) => ({ reader, outcome: 'NO_CONSENT', antenna })), ...effects];
}
