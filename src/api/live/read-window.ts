import type { TagRead } from '../../tags/index.ts';

/** One tag as the live view shows it. */
export type LiveTag = {
  readonly hex: string;
  readonly idType: TagRead['idType'];
  readonly pc: string | null;
  reader: string;
  antenna: number | null;
  rssi: number | null;
  at: number;
  receivedAt: number;
  reads: number;
};

type Antenna = {
  readonly reader: string;
  readonly antenna: number | null;
  reads: number;
  /** EPC → receipt time, in order of receipt. */
  readonly tags: Map<string, number>;
};

export type ReadReport = {
  readonly rate: number;
  readonly unique: number;
  readonly antennas: readonly { reader: string; antenna: number | null; rate: number; unique: number }[];
  /** Newest first. */
  readonly recent: readonly LiveTag[];
};

export type ReadWindow = {
  /** Takes reads in: constant work for each. */
  take(reads: readonly TagRead[]): void;
  /** What was read since the last report (rates, per second) and in the window before `now` (unique tags). */
  report(now: number): ReadReport;
  clear(): void;
};

/** Tags kept at most; beyond it the one not seen for longest makes room. */
const capacity = 50_000;

/**
 * The last `windowMs` of reads. Both tables are kept in order of the newest read (a map that an entry leaves and
 * re-enters), so that what is old is at the front and is dropped without looking at the rest.
 */
export function createReadWindow(windowMs: number, recentLimit: number): ReadWindow {
  const tags = new Map<string, LiveTag>();
  const ports = createPorts();
  let reads = 0;
  let reportedAt: number | null = null;
  return {
    take: (list) => {
      for (const read of list) {
        reads++;
        touchTag(tags, read);
        touchPort(ports.of(read.reader, read.antenna), read);
      }
    },
    report: (now) => {
      const seconds = Math.max(0.001, (now - (reportedAt ?? now - 1000)) / 1000);
      const old = now - windowMs;
      for (const [epc, tag] of tags) {
        if (tag.receivedAt >= old) break;
        tags.delete(epc);
      }
      const antennas = ports.all().map((port) => closePort(port, old, seconds));
      const rate = round(reads / seconds);
      reportedAt = now;
      reads = 0;
      return { rate, unique: tags.size, antennas, recent: newest(tags, recentLimit) };
    },
    clear: () => {
      tags.clear();
      ports.clear();
      reads = 0;
      reportedAt = null;
    },
  };
}

/** Antennas by reader and number, found without making a key for every read. */
function createPorts() {
  const readers = new Map<string, Map<number | null, Antenna>>();
  return {
    of: (reader: string, antenna: number | null): Antenna => {
      const ports = readers.get(reader) ?? new Map<number | null, Antenna>();
      if (ports.size === 0) readers.set(reader, ports);
      const known = ports.get(antenna);
      if (known !== undefined) return known;
      const port = { reader, antenna, reads: 0, tags: new Map<string, number>() };
      ports.set(antenna, port);
      return port;
    },
    all: (): Antenna[] => [...readers.values()].flatMap((ports) => [...ports.values()]),
    clear: () => readers.clear(),
  };
}

function touchTag(tags: Map<string, LiveTag>, read: TagRead): void {
  const tag = tags.get(read.epc) ?? newTag(read);
  tag.reader = read.reader;
  tag.antenna = read.antenna;
  tag.rssi = read.rssi;
  tag.at = read.at;
  tag.receivedAt = read.receivedAt;
  tag.reads++;
  tags.delete(read.epc);
  tags.set(read.epc, tag);
  dropFirst(tags, capacity);
}

function touchPort(port: Antenna, read: TagRead): void {
  port.reads++;
  port.tags.delete(read.epc);
  port.tags.set(read.epc, read.receivedAt);
  dropFirst(port.tags, capacity);
}

function newTag({ epc, idType, pc, reader, antenna, rssi, at, receivedAt }: TagRead): LiveTag {
  return { hex: epc, idType, pc, reader, antenna, rssi, at, receivedAt, reads: 0 };
}

function closePort(port: Antenna, old: number, seconds: number) {
  for (const [epc, at] of port.tags) {
    if (at >= old) break;
    port.tags.delete(epc);
  }
  const rate = round(port.reads / seconds);
  port.reads = 0;
  return { reader: port.reader, antenna: port.antenna, rate, unique: port.tags.size };
}

function dropFirst(table: Map<string, unknown>, limit: number): void {
  if (table.size <= limit) return;
  for (const key of table.keys()) {
    table.delete(key);
    return;
  }
}

function newest(tags: Map<string, LiveTag>, limit: number): LiveTag[] {
  const skip = tags.size - limit;
  const list: LiveTag[] = [];
  let index = 0;
  for (const tag of tags.values()) if (index++ >= skip) list.push(tag);
  return list.reverse();
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
