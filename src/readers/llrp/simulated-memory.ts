/** A ROSpec as far as the simulated reader cares: 0 disabled, 1 inactive, 2 active (LLRP 1.0.1, 10.2.1.1). */
export type HeldRoSpec = { readonly id: number; readonly antennas: readonly number[]; state: 0 | 1 | 2 };

/** What a simulated reader remembers until it restarts. */
export type DeviceMemory = {
  version: number;
  /** The vendor's own parameters were switched on. */
  extended: boolean;
  /** 0 is off. */
  keepaliveMs: number;
  /** Reports wait for a client that is away or not ready. */
  holds: boolean;
  readonly released: boolean;
  readonly held: Uint8Array[];
  readonly overflowed: boolean;
  add(spec: { readonly id: number; readonly antennas: readonly number[] }): void;
  delete(id: number): void;
  find(id: number): HeldRoSpec | undefined;
  list(): readonly HeldRoSpec[];
  reading(): boolean;
  /** An active ROSpec uses this antenna. */
  hears(antenna: number): boolean;
  /** What is held has been taken; from now on reports go out at once. */
  release(): void;
  overflow(): void;
  /** The client is gone. */
  away(): void;
};

export function createMemory(): DeviceMemory {
  const roSpecs = new Map<number, HeldRoSpec>();
  const active = () => [...roSpecs.values()].filter(({ state }) => state === 2);
  const memory = {
    version: 1,
    extended: false,
    keepaliveMs: 0,
    holds: false,
    released: true,
    held: [] as Uint8Array[],
    overflowed: false,
    add: ({ id, antennas }: { readonly id: number; readonly antennas: readonly number[] }) =>
      void roSpecs.set(id, { id, antennas, state: 0 }),
    delete: (id: number) => {
      if (id === 0) roSpecs.clear();
      else roSpecs.delete(id);
    },
    find: (id: number) => roSpecs.get(id),
    list: () => [...roSpecs.values()],
    reading: () => active().length > 0,
    hears: (antenna: number) => active().some(({ antennas }) => antennas.includes(0) || antennas.includes(antenna)),
    release: () => {
      memory.held = [];
      memory.overflowed = false;
      memory.released = true;
    },
    overflow: () => {
      memory.overflowed = true;
    },
    away: () => {
      memory.version = 1;
      memory.extended = false;
      memory.keepaliveMs = 0;
      memory.released = !memory.holds;
    },
  };
  return memory;
}
