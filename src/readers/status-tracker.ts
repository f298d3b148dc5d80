import { type Clock, createCounters } from '../kit/index.ts';
import type { LinkState } from '../links/index.ts';
import type { TagRead } from '../tags/index.ts';
import { hexOf } from './bytes/hex.ts';
import { createRateWindow, type RateWindow } from './rate-window.ts';
import type { ReaderEvent } from './sink.ts';
import type { AntennaStatus, ReaderStatus } from './status.ts';

const SAMPLES = 10;
const SAMPLE_BYTES = 96;
const OFFSETS = 31;

/** Keeps what `ReaderStatus` shows; constant work per read. */
export type StatusTracker = {
  read(read: TagRead): void;
  /** The reader's clock minus ours for one report, ms. */
  offset(ms: number): void;
  /** Keeps a damaged input for the technician; it is counted by `reject`. */
  sample(reason: string, bytes: Uint8Array): void;
  reject(reason: string, by: number): void;
  warn(code: string, by: number): void;
  event(event: ReaderEvent): void;
  identify(text: string): void;
  /** Tells the technician what the session is at. */
  say(text: string): void;
  status(link: LinkState & { address: string }): ReaderStatus;
};

type Described = { id: string; profile: string; antennas: Readonly<Record<string, string>> };

export function createStatusTracker(reader: Described, clock: Clock): StatusTracker {
  const rejected = createCounters();
  const warnings = createCounters();
  const samples: ReaderStatus['samples'][number][] = [];
  const antennas = createAntennas(reader.antennas);
  const offsets = createOffsets();
  const told = { identity: null as string | null, lastEvent: null as string | null, online: null as boolean | null };
  const total = { reads: 0, lastReadAt: null as number | null };
  return {
    read: (read) => {
      antennas.read(read);
      total.reads += 1;
      total.lastReadAt = read.receivedAt;
      // Messages come in order: who reads after saying goodbye is back.
      told.online = told.online === false ? true : told.online;
    },
    offset: offsets.add,
    sample: (reason, bytes) => {
      if (samples.length < SAMPLES) {
        samples.push({ reason, at: clock.now(), hex: hexOf(bytes.subarray(0, SAMPLE_BYTES)) });
      }
    },
    reject: (reason, by) => rejected.add(reason, by),
    warn: (code, by) => warnings.add(code, by),
    event: (event) => {
      told.lastEvent = describe(event);
      told.online = event.online ?? told.online;
    },
    identify: (text) => void Object.assign(told, { identity: text }),
    say: (text) => void Object.assign(told, { lastEvent: text }),
    status: (link) => ({
      id: reader.id,
      profile: reader.profile,
      link,
      ...told,
      ...total,
      antennas: antennas.status(clock.now()),
      rejected: rejected.all(),
      warnings: warnings.all(),
      samples: [...samples],
      clockOffsetMs: offsets.median(),
    }),
  };
}

type Antenna = { readonly window: RateWindow; reads: number; lastReadAt: number | null };

/** Counts per antenna; the configured ones are shown from the start. */
function createAntennas(readPoints: Readonly<Record<string, string>>) {
  const antennas = new Map<number | null, Antenna>();
  const antennaOf = (port: number | null): Antenna => {
    const known = antennas.get(port);
    if (known !== undefined) return known;
    const fresh = { window: createRateWindow(), reads: 0, lastReadAt: null };
    antennas.set(port, fresh);
    return fresh;
  };
  for (const port of Object.keys(readPoints)) antennaOf(Number(port));
  return {
    read: ({ antenna: port, receivedAt }: TagRead) => {
      const antenna = antennaOf(port);
      antenna.window.add(receivedAt);
      antenna.reads += 1;
      antenna.lastReadAt = receivedAt;
    },
    status: (now: number): AntennaStatus[] =>
      [...antennas].map(([port, { window, reads, lastReadAt }]) => ({
        antenna: port,
        readPoint: port === null ? null : (readPoints[String(port)] ?? null),
        reads,
        rate: window.rate(now),
        lastReadAt,
      })),
  };
}

/** The newest clock offsets; their median, so that one late report does not show. */
function createOffsets() {
  const newest: number[] = [];
  let next = 0;
  return {
    add: (ms: number) => {
      newest[next] = ms;
      next = (next + 1) % OFFSETS;
    },
    median: (): number | null => [...newest].sort((a, b) => a - b)[Math.floor(newest.length / 2)] ?? null,
  };
}

/** `inventoryStatus: status running`, cut short. */
function describe({ name, detail }: ReaderEvent): string {
  const scalars = Object.entries(detail).filter(([, value]) => typeof value !== 'object');
  const text = scalars.map(([key, value]) => `${key} ${String(value)}`).join(', ');
  return (text === '' ? name : `${name}: ${text}`).slice(0, 160);
}
