/** A tag where an antenna reads it. */
export type PlacedTag = { readonly epc: string; readonly antenna: number; readonly rssi: number };

/** Which tags each of the three readers sees at one moment of the day. */
export type Scene = {
  /** Milliseconds since the day began. */
  readonly at: number;
  readonly what: string;
  readonly dock: readonly PlacedTag[];
  readonly shelf: readonly PlacedTag[];
  readonly front: readonly PlacedTag[];
};

export const dayMs = 90_000;

const tillAntenna = 1;
const doorAntenna = 2;

/**
 * One day in the store. `delivered` are the EPCs that arrive today, `onShelf` those that lie there from the days before, `card` is
 * the customer's loyalty tag. Two goods are sold and one leaves unpaid, so `left` is what lies on the shelf in the evening.
 */
export function planDay(
  delivered: readonly string[],
  onShelf: readonly string[],
  card: string,
): { scenes: Scene[]; left: string[] } {
  const shelf = [...onShelf, ...delivered.slice(0, Math.max(3, Math.ceil(delivered.length / 2)))];
  const [first = '', second = '', stolen = '', ...left] = shelf;
  const bought = [first, second];
  const none: PlacedTag[] = [];
  const scenes: Scene[] = [
    {
      at: 0,
      what: 'a delivery arrives at the dock',
      dock: place(delivered, 1, -52),
      shelf: place(onShelf, 1, -58),
      front: none,
    },
    { at: 15_000, what: 'goods move to the floor', dock: none, shelf: place(shelf, 1, -58), front: none },
    {
      at: 35_000,
      what: 'a customer with a loyalty card pays for two things',
      dock: none,
      shelf: place(without(shelf, bought), 1, -58),
      front: place([card, ...bought], tillAntenna, -44),
    },
    {
      at: 45_000,
      what: 'the customer leaves',
      dock: none,
      shelf: place(without(shelf, bought), 1, -58),
      front: place([card, ...bought], doorAntenna, -49),
    },
    { at: 50_000, what: 'it is quiet', dock: none, shelf: place(without(shelf, bought), 1, -58), front: none },
    {
      at: 60_000,
      what: 'somebody leaves with a thing that was not paid for',
      dock: none,
      shelf: place(left, 1, -58),
      front: place([stolen], doorAntenna, -51),
    },
    { at: 66_000, what: 'it is quiet', dock: none, shelf: place(left, 1, -58), front: none },
  ];
  return { scenes, left };
}

function place(epcs: readonly string[], antenna: number, rssi: number): PlacedTag[] {
  return epcs.map((epc, i) => ({ epc, antenna, rssi: rssi - (i % 7) }));
}

function without(all: readonly string[], gone: readonly string[]): string[] {
  return all.filter((epc) => !gone.includes(epc));
}
