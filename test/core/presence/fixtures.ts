import { createPresence, type ReadPoint, type ReadPointKind } from '../../../src/presence/index.ts';
import type { TagRead } from '../../../src/tags/index.ts';
import { type ArrayDoor, arrayDoor } from './array-door.ts';

export const start = Date.parse('2026-11-21T09:00:00Z');
export const tag = '3034257BF7194E4000001A85';

export function readPoint(id: string, kind: ReadPointKind, more: Partial<ReadPoint> = {}): ReadPoint {
  return {
    id,
    location: 'floor',
    locationKind: 'sales-floor',
    kind,
    bizStep: null,
    minRssi: null,
    departAfterMs: null,
    ...more,
  };
}

/** Antenna n of any reader is the n-th of these. */
export const readPoints = [
  readPoint('shelf-1', 'shelf'),
  readPoint('shelf-2', 'shelf'),
  readPoint('exit-1', 'exit', { location: 'door', locationKind: 'exit' }),
  readPoint('pos-1', 'point-of-sale', { location: 'till', locationKind: 'point-of-sale' }),
  readPoint('dock-in', 'portal', { location: 'back', locationKind: 'back-room', minRssi: -65 }),
  readPoint('hand', 'handheld'),
  readPoint('gate', 'access'),
  readPoint('desk-1', 'desk'),
];

/** One read; `at` is ms after `start`, received 20 ms later unless said otherwise. */
export function read(antenna: number | null, at: number, more: Partial<TagRead> = {}): TagRead {
  return {
    reader: 'r1',
    idType: 'epc',
    epc: tag,
    pc: null,
    tid: null,
    antenna,
    rssi: -50,
    count: 1,
    round: false,
    at: start + at,
    receivedAt: start + at + 20,
    frequencyKhz: null,
    phaseDeg: null,
    seq: null,
    ...more,
  };
}

export type Bench = { readonly presence: ArrayDoor; readonly counts: Map<string, number>; readonly decoded: string[] };

type BenchOptions = { memory?: number; places?: Record<number, string>; settles?: boolean };

/**
 * `memory`: what the stays may take, bytes. `places`: antennas that look at another read point than their number says. `settles`: what
 * it says is on disk at once.
 */
export function bench({ memory, places = {}, settles = false }: BenchOptions = {}): Bench {
  const counts = new Map<string, number>();
  const decoded: string[] = [];
  const presence = createPresence({
    readPoints,
    readPointOf: (_, antenna) => (antenna === null ? null : (places[antenna] ?? readPoints[antenna - 1]?.id ?? null)),
    identify: ({ epc, idType }) => {
      decoded.push(epc);
      return `${idType === 'epc' ? 'id' : idType}:${epc}`;
    },
    count: (_, reason, __, by) => void counts.set(reason, (counts.get(reason) ?? 0) + by),
    seed: 0x5eed,
    ...(memory !== undefined && { memory }),
  });
  return { presence: arrayDoor(presence, settles), counts, decoded };
}

export const shelf = 1;
export const shelf2 = 2;
export const exit = 3;
export const pos = 4;
export const dock = 5;
export const hand = 6;
export const gate = 7;
export const desk = 8;
