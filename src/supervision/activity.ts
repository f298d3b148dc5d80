import type { AntennaHealth, AntennaStatus, ReaderMemory } from '../readers/index.ts';
import type { ReadBatch } from '../tags/index.ts';
import { type Baseline, createBaseline } from './baseline.ts';
import { createHours, type Hours } from './hours.ts';
import { createRateWindow, type RateWindow } from './rate-window.ts';

const MINUTE = 60_000;
/** With as many reads expected, chance alone does not bring none (Poisson: e^-20), or less than a fifth. */
const DEAD_AT = 20;
const QUIET_AT = 50;
const QUIET_SHARE = 0.2;
const FULL_MINUTES = 10;

type Antenna = { readonly window: RateWindow; readonly baseline: Baseline; reads: number; lastReadAt: number | null };

/** Counts what each antenna reads, minute by minute; the configured ones are there from the start. */
export function createActivity(readPoints: Readonly<Record<string, string>>, remembered: ReaderMemory | null) {
  const antennas = new Map<number | null, Antenna>();
  const antennaOf = (port: number | null): Antenna => {
    const known = antennas.get(port);
    if (known !== undefined) return known;
    const baseline = createBaseline(remembered?.antennas[String(port)]);
    const fresh = { window: createRateWindow(), baseline, reads: 0, lastReadAt: null };
    antennas.set(port, fresh);
    return fresh;
  };
  for (const port of Object.keys(readPoints)) antennaOf(Number(port));
  const hours = createHours(remembered?.hours);
  const minutes = createMinutes(hours, () => {
    for (const { baseline } of antennas.values()) baseline.endMinute();
  });
  return {
    /** Counts reads; `readOn` gets each antenna as often as another one begins. */
    reads: ({ antenna: ports, size, receivedAt }: ReadBatch, readOn: (port: number | null) => void): void => {
      minutes.read(receivedAt, size);
      for (let row = 0, end = 0; row < size; row = end) {
        end = runEnd(ports, row, size);
        const port = ports[row] || null;
        addReads(antennaOf(port), end - row, receivedAt);
        readOn(port);
      }
    },
    /** Time passes; `isReady`: the reader would read a tag if there was one. */
    turn: minutes.turn,
    /** Working minutes since the start. */
    worked: minutes.worked,
    usual: hours.usual,
    antennas: (now: number, off: readonly number[]): AntennaStatus[] =>
      [...antennas].map(([port, { window, baseline, reads, lastReadAt }]) => ({
        antenna: port,
        readPoint: port === null ? null : (readPoints[String(port)] ?? null),
        reads,
        rate: window.rate(now),
        lastReadAt,
        baseline: perSecond(baseline.perMinute()),
        health: port !== null && off.includes(port) ? 'off' : healthOf(baseline),
      })),
    memory: (): ReaderMemory => ({
      antennas: Object.fromEntries([...antennas].map(([port, { baseline }]) => [String(port), baseline.memory()])),
      hours: hours.memory(),
    }),
  };
}

/** Where the rows of one antenna end that begin at `from`. */
function runEnd(ports: Uint16Array, from: number, size: number): number {
  let row = from + 1;
  while (row < size && ports[row] === ports[from]) row += 1;
  return row;
}

function addReads(antenna: Antenna, reads: number, receivedAt: number): void {
  antenna.window.add(receivedAt, reads);
  antenna.baseline.add(reads);
  antenna.reads += reads;
  antenna.lastReadAt = receivedAt;
}

/** Cuts time into minutes; `worked` is called at the end of each in which something was read. */
function createMinutes(hours: Hours, worked: () => void) {
  const running = { number: 0, reads: 0, isReady: false };
  let workedMinutes = 0;
  const end = () => {
    const hasRead = running.reads > 0;
    if (hasRead || running.isReady) hours.endMinute(running.number * MINUTE, hasRead);
    if (!hasRead) return;
    workedMinutes += 1;
    worked();
  };
  const turnTo = (now: number) => {
    const current = Math.floor(now / MINUTE);
    if (current === running.number) return;
    if (running.number > 0) end();
    Object.assign(running, { number: current, reads: 0, isReady: false });
  };
  return {
    read: (now: number, reads: number) => {
      turnTo(now);
      running.reads += reads;
    },
    turn: (now: number, isReady: boolean) => {
      turnTo(now);
      running.isReady = isReady;
    },
    worked: () => workedMinutes,
  };
}

function perSecond(perMinute: number | null): number | null {
  return perMinute === null ? null : Math.round((perMinute / 60) * 1000) / 1000;
}

function healthOf(baseline: Baseline): AntennaHealth {
  const perMinute = baseline.perMinute();
  const { minutes, reads } = baseline.recent();
  if (perMinute === null) return 'learning';
  const expected = perMinute * minutes;
  if (minutes < FULL_MINUTES) return 'ok';
  if (reads === 0 && expected >= DEAD_AT) return 'dead';
  return expected >= QUIET_AT && reads < expected * QUIET_SHARE ? 'quiet' : 'ok';
}
