import type { Parameter } from '../../protocols/index.ts';

/** What one antenna does in a ROSpec; null is as the reader has it. */
export type AntennaSettings = {
  readonly dbm: number | null;
  readonly session: number | null;
  readonly population: number | null;
  readonly filters: readonly Parameter[];
};

type RoSpec = {
  readonly id: number;
  readonly antennas: readonly number[];
  /** By port; 0 is all that have none of their own. */
  readonly settings: ReadonlyMap<number, AntennaSettings>;
};

/** A ROSpec as far as the simulated reader cares: 0 disabled, 1 inactive, 2 active (LLRP 1.0.1, 10.2.1.1). */
export type HeldRoSpec = RoSpec & { state: 0 | 1 | 2 };

/** An AccessSpec as far as the simulated reader cares. */
export type HeldAccessSpec = {
  readonly id: number;
  readonly antenna: number;
  readonly roSpecId: number;
  readonly command: Parameter | undefined;
  enabled: boolean;
  /** How often it is still carried out; 0 is for ever. */
  left: number;
};

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
  add(spec: RoSpec): void;
  delete(id: number): void;
  find(id: number): HeldRoSpec | undefined;
  list(): readonly HeldRoSpec[];
  reading(): boolean;
  readonly accessSpecs: Map<number, HeldAccessSpec>;
  /** What an active ROSpec does on this antenna; null where none uses it. */
  settingsOf(antenna: number): AntennaSettings | null;
  /** Ids of the active ROSpecs. */
  active(): number[];
  /** What is held has been taken; from now on reports go out at once. */
  release(): void;
  overflow(): void;
  /** The client is gone. */
  away(): void;
};

const unset: AntennaSettings = { dbm: null, session: null, population: null, filters: [] };

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
    accessSpecs: new Map<number, HeldAccessSpec>(),
    add: (spec: RoSpec) => void roSpecs.set(spec.id, { ...spec, state: 0 }),
    delete: (id: number) => {
      if (id === 0) roSpecs.clear();
      else roSpecs.delete(id);
    },
    find: (id: number) => roSpecs.get(id),
    list: () => [...roSpecs.values()],
    reading: () => active().length > 0,
    settingsOf: (antenna: number) => {
      const spec = active().find(({ antennas }) => antennas.includes(0) || antennas.includes(antenna));
      return spec === undefined ? null : (spec.settings.get(antenna) ?? spec.settings.get(0) ?? unset);
    },
    active: () => active().map(({ id }) => id),
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
