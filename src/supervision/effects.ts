/** What became of a reader's reads since one last had an effect. `reasons` counts those that had none. */
export type Effect = {
  /** Whether any read since the start had an effect: made its tag present, or found it so. */
  readonly any: boolean;
  readonly fruitless: number;
  /** When the first of them came, epoch ms; 0 where there is none. */
  readonly since: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Reads that wait for another one of their tag. */
  readonly waiting: number;
};

/** The same for the reader and for each of its antennas, `null` for reads that named none. */
export type Effects = {
  readonly all: Effect;
  readonly antennas: ReadonlyMap<number | null, Effect>;
  /** When a read last found no room because too many tags are present, epoch ms; null = never. */
  readonly crowdedAt: number | null;
};

type Tally = { any: boolean; fruitless: number; since: number; readonly reasons: Map<string, number>; waiting: number };

/** Most antennas that are counted one by one. */
const MOST_PORTS = 256;

/** A withheld token is read as it should be, and so is a tag that is there. */
const effective: ReadonlySet<string> = new Set(['ARRIVED', 'REPEAT', 'NO_CONSENT']);

/** Follows what the line makes of each read; constant work and no allocation for a read with effect. */
export function createEffects(now: () => number) {
  const all = createTally();
  const antennas = new Map<number | null, Tally>();
  let crowdedAt: number | null = null;
  const tallyOf = (antenna: number | null): Tally => {
    const known = antennas.get(antenna);
    if (known !== undefined) return known;
    const tally = createTally();
    if (antennas.size < MOST_PORTS) antennas.set(antenna, tally);
    return tally;
  };
  return {
    take: (outcome: string, antenna: number | null, by = 1): void => {
      if (outcome === 'PRESENCE_FULL') crowdedAt = now();
      add(all, outcome, by, now);
      add(tallyOf(antenna), outcome, by, now);
    },
    value: (): Effects => ({
      all: shown(all),
      antennas: new Map([...antennas].map(([antenna, tally]) => [antenna, shown(tally)])),
      crowdedAt,
    }),
  };
}

function createTally(): Tally {
  return { any: false, fruitless: 0, since: 0, reasons: new Map(), waiting: 0 };
}

function add(tally: Tally, outcome: string, by: number, now: () => number): void {
  if (effective.has(outcome)) {
    tally.any = true;
    if (tally.fruitless > 0 || tally.waiting > 0) reset(tally);
  } else if (outcome === 'GLIMPSED') tally.waiting += by;
  else {
    if (tally.fruitless === 0) tally.since = now();
    if (outcome === 'STRAY') tally.waiting = 0;
    tally.fruitless += by;
    tally.reasons.set(outcome, (tally.reasons.get(outcome) ?? 0) + by);
  }
}

function reset(tally: Tally): void {
  tally.fruitless = 0;
  tally.waiting = 0;
  tally.since = 0;
  tally.reasons.clear();
}

function shown({ reasons, ...tally }: Tally): Effect {
  return { ...tally, reasons: Object.fromEntries(reasons) };
}
