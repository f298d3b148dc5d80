import { type Clock, createCounters } from '../kit/index.ts';
import type { LinkState } from '../links/index.ts';
import type { TagRead } from '../tags/index.ts';
import { hexOf } from './bytes/hex.ts';
import { createRateWindow, type RateWindow } from './rate-window.ts';
import type { ReaderEvent } from './sink.ts';
import type { ReaderStatus } from './status.ts';

const SAMPLES = 10;
const SAMPLE_BYTES = 96;
const OFFSETS = 31;

type Antenna = { readonly window: RateWindow; reads: number; lastReadAt: number | null };

/** Keeps what `ReaderStatus` shows; constant work per read. */
export type StatusTracker = {
  read(read: TagRead): void;
  /** The reader's clock minus ours for one report, ms. */
  offset(ms: number): void;
  bad(reason: string, bytes: Uint8Array): void;
  reject(reason: string, by: number): void;
  warn(code: string, by: number): void;
  event(event: ReaderEvent): void;
  identify(text: string): void;
  /** Tells the technician what the session is at. */
  say(text: string): void;
  status(link: LinkState & { address: string }): ReaderStatus;
};

export function createStatusTracker(
  reader: { id: string; profile: string; antennas: Readonly<Record<string, string>> },
  clock: Clock,
): StatusTracker {
  const rejected = createCounters();
  const warnings = createCounters();
  const samples: ReaderStatus['samples'][number][] = [];
  const antennas = new Map<number | null, Antenna>();
  const offsets: number[] = [];
  let nextOffset = 0;
  let reads = 0;
  let lastReadAt: number | null = null;
  let identity: string | null = null;
  let lastEvent: string | null = null;
  let online: boolean | null = null;

  const antennaOf = (port: number | null): Antenna => {
    const known = antennas.get(port);
    if (known !== undefined) return known;
    const fresh = { window: createRateWindow(), reads: 0, lastReadAt: null };
    antennas.set(port, fresh);
    return fresh;
  };
  for (const port of Object.keys(reader.antennas)) antennaOf(Number(port));

  return {
    read: (read) => {
      const antenna = antennaOf(read.antenna);
      antenna.window.add(read.receivedAt);
      antenna.reads += 1;
      antenna.lastReadAt = read.receivedAt;
      reads += 1;
      lastReadAt = read.receivedAt;
    },
    offset: (ms) => {
      offsets[nextOffset] = ms;
      nextOffset = (nextOffset + 1) % OFFSETS;
    },
    bad: (reason, bytes) => {
      rejected.add(reason);
      if (samples.length >= SAMPLES) return;
      samples.push({ reason, at: clock.now(), hex: hexOf(bytes.subarray(0, SAMPLE_BYTES)) });
    },
    reject: (reason, by) => rejected.add(reason, by),
    warn: (code, by) => warnings.add(code, by),
    event: (event) => {
      lastEvent = describe(event);
      online = event.online ?? online;
    },
    identify: (text) => {
      identity = text;
    },
    say: (text) => {
      lastEvent = text;
    },
    status: (link) => ({
      id: reader.id,
      profile: reader.profile,
      link,
      online,
      identity,
      lastReadAt,
      reads,
      antennas: [...antennas].map(([port, antenna]) => ({
        antenna: port,
        readPoint: readPointOf(reader.antennas, port),
        reads: antenna.reads,
        rate: antenna.window.rate(clock.now()),
        lastReadAt: antenna.lastReadAt,
      })),
      rejected: rejected.all(),
      warnings: warnings.all(),
      samples: [...samples],
      clockOffsetMs: median(offsets),
      lastEvent,
    }),
  };
}

function readPointOf(antennas: Readonly<Record<string, string>>, port: number | null): string | null {
  return port === null ? null : (antennas[String(port)] ?? null);
}

/** `inventoryStatus: status running`, cut short. */
function describe({ name, detail }: ReaderEvent): string {
  const scalars = Object.entries(detail).filter(([, value]) => typeof value !== 'object');
  const text = scalars.map(([key, value]) => `${key} ${String(value)}`).join(', ');
  return (text === '' ? name : `${name}: ${text}`).slice(0, 160);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
